/** Known parameters of invoices without behaviour here. */
const COMMON = [
  'account_tax_ids',
  'application_fee_amount',
  'default_source',
  'on_behalf_of',
  'payment_settings',
  'rendering',
  'shipping_cost',
  'shipping_details',
  'transfer_data',
];
export const CREATE_UNSUPPORTED = [...COMMON, 'customer_account', 'from_invoice'];
export const UPDATE_UNSUPPORTED = COMMON;
export const PREVIEW_UNSUPPORTED = ['customer_account', 'on_behalf_of', 'schedule', 'schedule_details'];
