/** Parameters of Checkout that have no behaviour here. */
export const UNSUPPORTED = [
  'branding_settings',
  'customer_account',
  'excluded_payment_method_types',
  'managed_payments',
  'payment_method_configuration',
  'permissions',
  'redirect_on_completion',
  'return_url',
  'wallet_options',
];

export const UNSUPPORTED_UPDATE = ['collected_information', 'line_items', 'payment_intent_data', 'shipping_options', 'subscription_data'];
