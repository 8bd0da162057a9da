/** Parameters of Checkout that have no behaviour here. */
export const UNSUPPORTED = [
  'after_expiration',
  'branding_settings',
  'consent_collection',
  'custom_fields',
  'custom_text',
  'customer_account',
  'excluded_payment_method_types',
  'managed_payments',
  'name_collection',
  'optional_items',
  'payment_method_configuration',
  'payment_method_data',
  'payment_method_options',
  'permissions',
  'redirect_on_completion',
  'return_url',
  'saved_payment_method_options',
  'shipping_address_collection',
  'shipping_options',
  'wallet_options',
];

export const UNSUPPORTED_UPDATE = ['collected_information', 'line_items', 'payment_intent_data', 'shipping_options', 'subscription_data'];
