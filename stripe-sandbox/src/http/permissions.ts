/** The permission resource of a route: `rak_subscription_read` for `/v1/subscriptions/{}`. */
const RESOURCES: Record<string, string> = {
  apps: 'app_install',
  balance: 'balance',
  balance_transactions: 'balance_transaction_source',
  billing: 'billing_meter',
  billing_portal: 'customer_portal',
  charges: 'charge',
  checkout: 'checkout_session',
  coupons: 'coupon',
  credit_notes: 'credit_note',
  customers: 'customer',
  disputes: 'dispute',
  entitlements: 'entitlements',
  events: 'event',
  files: 'file',
  invoice_payments: 'invoice',
  invoiceitems: 'invoice',
  invoices: 'invoice',
  mandates: 'setup_intent',
  payment_intents: 'payment_intent',
  payment_links: 'payment_links',
  payment_methods: 'payment_method',
  payouts: 'payout',
  plans: 'plan',
  prices: 'plan',
  products: 'product',
  promotion_codes: 'promotion_code',
  quotes: 'quote',
  radar: 'early_fraud_warning',
  refunds: 'charge',
  setup_attempts: 'setup_intent',
  setup_intents: 'setup_intent',
  stripecli: 'stripecli_session',
  subscription_items: 'subscription',
  subscription_schedules: 'subscription',
  subscriptions: 'subscription',
  tax_ids: 'tax_id',
  tax_rates: 'tax_rate',
  test_helpers: 'billing_clock',
  tokens: 'token',
  webhook_endpoints: 'webhook',
};

/** v2 routes whose first word says too little. */
const V2_RESOURCES: Record<string, string> = {
  'billing/meter_event_stream': 'meter_event_stream',
  'core/event_destinations': 'webhook',
  'core/events': 'event',
};

/** Null: no restricted key may call it (`/v1/account`, as reported [S 3.9]). */
export function resourceOf(path: string): string | null {
  const [, version, first = '', second = ''] = path.split('/');
  return (version === 'v2' ? V2_RESOURCES[`${first}/${second}`] : undefined) ?? RESOURCES[first] ?? null;
}

/** Every permission name, for the key page and the control API. */
export function allPermissions(): string[] {
  return [...new Set(Object.values(RESOURCES))].sort().flatMap((resource) => [`rak_${resource}_read`, `rak_${resource}_write`]);
}
