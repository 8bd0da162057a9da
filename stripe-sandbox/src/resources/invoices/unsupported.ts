/** Known parameters of invoices without behaviour here. */
const COMMON = ['application_fee_amount', 'default_source', 'on_behalf_of', 'transfer_data'];
export const CREATE_UNSUPPORTED = [...COMMON, 'customer_account'];
export const UPDATE_UNSUPPORTED = COMMON;
export const PREVIEW_UNSUPPORTED = ['customer_account', 'on_behalf_of', 'schedule', 'schedule_details'];
