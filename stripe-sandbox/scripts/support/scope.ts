/** What the Sandbox means to emulate (its first two tiers) and, inside those families, what it leaves out for good. */

/** Contract family → how deep: `main` is finished work, `thin` is stored, validated and announced with the right events. */
export const FAMILIES: Record<string, 'main' | 'thin'> = {
  account: 'main',
  customers: 'main',
  payment_methods: 'main',
  setup_intents: 'main',
  setup_attempts: 'main',
  payment_intents: 'main',
  charges: 'main',
  refunds: 'main',
  products: 'main',
  prices: 'main',
  coupons: 'main',
  promotion_codes: 'main',
  subscriptions: 'main',
  subscription_items: 'main',
  invoices: 'main',
  invoiceitems: 'main',
  invoice_payments: 'main',
  credit_notes: 'main',
  tax_rates: 'main',
  checkout: 'main',
  billing_portal: 'main',
  billing: 'main',
  'test_helpers/test_clocks': 'main',
  events: 'main',
  webhook_endpoints: 'main',
  mandates: 'main',
  subscription_schedules: 'thin',
  entitlements: 'thin',
  tax: 'thin',
  tax_codes: 'thin',
  tax_ids: 'thin',
  disputes: 'thin',
  balance: 'thin',
  balance_transactions: 'thin',
  payment_links: 'thin',
  plans: 'thin',
  quotes: 'thin',
  invoice_rendering_templates: 'thin',
  files: 'thin',
  tokens: 'thin',
  sources: 'thin',
  payouts: 'thin',
  accounts: 'thin',
  apps: 'thin',
  'v2/billing': 'thin',
  'v2/core': 'thin',
};

/** The family under which a contract's family is listed (`v2/core/events` under `v2/core`); null when it is out of scope. */
export function groupOf(family: string): string | null {
  if (family === 'oauth') return family;
  return Object.keys(FAMILIES).find((name) => family === name || family.startsWith(`${name}/`)) ?? null;
}

/** Routes of those families that are refused by name for good: a route key's beginning → why. */
export const LEFT_OUT: [start: string, why: string][] = [
  ['/v1/accounts/{}/capabilities', 'capabilities are out'],
  ['/v1/accounts/{}/external_accounts', 'external accounts are out'],
  ['/v1/accounts/{}/persons', 'persons are out'],
  ['/v1/accounts/{}/login_links', 'Express dashboard is out'],
  ['/v1/accounts/{}/reject', 'account review is out'],
  ['/v1/accounts/{}/unreject', 'account review is out'],
  ['/v1/apps/secrets', 'the secret store of Apps is out'],
  ['/v1/billing/alerts', 'billing alerts are out'],
  ['/v1/billing/feedback_options', 'feedback options are out'],
  ['/v1/customers/{}/cash_balance', 'cash balance is out'],
  ['/v1/customers/{}/cash_balance_transactions', 'cash balance is out'],
  ['/v1/customers/{}/funding_instructions', 'bank transfers are out'],
  ['/v1/customers/{}/sources/{}/verify', 'bank accounts are out'],
  ['/v1/payment_intents/{}/amount_details_line_items', 'level 3 data is out'],
  ['/v1/payment_intents/{}/apply_customer_balance', 'cash balance is out'],
  ['/v1/payment_intents/{}/increment_authorization', 'card-present payments are out'],
  ['/v1/payment_intents/{}/verify_microdeposits', 'bank-debit timing is out'],
  ['/v1/setup_intents/{}/verify_microdeposits', 'bank-debit timing is out'],
  ['/v1/sources', 'the Sources API is closed; `source=tok_*` on customers is what old clients use'],
  ['/v1/tax/associations', 'the calculation API of Stripe Tax is out'],
  ['/v1/tax/calculations', 'the calculation API of Stripe Tax is out'],
  ['/v1/tax/locations', 'the calculation API of Stripe Tax is out'],
  ['/v1/tax/transactions', 'the calculation API of Stripe Tax is out'],
  ['/v2/core/accounts', 'v2 accounts are out'],
  ['/v2/core/account_links', 'v2 accounts are out'],
  ['/v2/core/account_tokens', 'v2 accounts are out'],
  ['/v2/core/vault', 'the v2 vault is out'],
];

/** Why a route key is left out, or null. `/v1/sources` covers `/v1/sources/{}`, not `/v1/sources_x`. */
export function leftOut(key: string): string | null {
  const path = key.slice(key.indexOf(' ') + 1);
  if (key === 'POST /v1/files') return 'file upload is out';
  if (key === 'POST /v1/charges') return 'charges are made by PaymentIntents';
  return LEFT_OUT.find(([start]) => path === start || path.startsWith(`${start}/`))?.[1] ?? null;
}
