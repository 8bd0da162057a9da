/** The rights Billow asks of a Stripe account, as data (sync.md 2): what the connect page lists and what the probe checks. */

export type CapabilityStatus = 'granted' | 'granted_by_consent' | 'missing' | 'unproven';

/** One checked right, as stored in `stripe_connections.capabilities`. */
export type Capability = { permission: string; access: string; used_for: string; required: boolean; status: CapabilityStatus };

export type Permission = {
  name: string;
  access: 'Read-only' | 'Read and write' | 'Data sharing' | '–';
  usedFor: string;
  /** Without it the connection is refused. */
  required?: boolean;
  /** Restricted keys cannot have it at Stripe, so only full keys and OAuth must. */
  notForRestrictedKeys?: boolean;
  /** A list that answers 200 where reading is allowed. */
  read?: string;
  /** An update of an id that cannot exist: 404 where writing is allowed, 403 where not. Never a create, which would leave an object. */
  write?: { path: string; params: Record<string, string> };
};

const TEXT = { 'metadata[billow_probe]': '1' };
/** No id of Stripe's is this short, so nothing can ever be changed by a probe. */
const NOBODY = 'billowprobe0';

export const PERMISSIONS: readonly Permission[] = [
  {
    name: 'Account and user information',
    access: 'Read-only',
    usedFor: 'Account name, id and country',
    required: true,
    notForRestrictedKeys: true,
    read: '/v1/account',
  },
  { name: 'Accounts', access: 'Read-only', usedFor: 'State of the connected account', read: '/v1/accounts' },
  { name: 'Charges and Refunds', access: 'Read-only', usedFor: 'Refund and dispute facts', read: '/v1/charges' },
  {
    name: 'Checkout Sessions',
    access: 'Read and write',
    usedFor: 'Hosted checkout and pay links',
    read: '/v1/checkout/sessions',
    write: { path: `/v1/checkout/sessions/cs_${NOBODY}`, params: TEXT },
  },
  {
    name: 'Coupons',
    access: 'Read and write',
    usedFor: 'Coupon sync',
    read: '/v1/coupons',
    write: { path: `/v1/coupons/${NOBODY}`, params: TEXT },
  },
  {
    name: 'Customers',
    access: 'Read and write',
    usedFor: 'Customer sync',
    required: true,
    read: '/v1/customers',
    write: { path: `/v1/customers/cus_${NOBODY}`, params: TEXT },
  },
  { name: 'Elements', access: 'Read and write', usedFor: 'Embedded checkout in widgets' },
  { name: 'Events', access: 'Read-only', usedFor: 'Polling and catch-up', required: true, read: '/v1/events' },
  {
    name: 'Invoices',
    access: 'Read and write',
    usedFor: 'Usage lines and invoice facts',
    read: '/v1/invoices',
    write: { path: `/v1/invoices/in_${NOBODY}`, params: TEXT },
  },
  { name: 'Payment Intents', access: 'Read-only', usedFor: 'Payment outcomes', read: '/v1/payment_intents' },
  {
    name: 'Payment Methods',
    access: 'Read and write',
    usedFor: 'Default method, attach and detach',
    read: '/v1/payment_methods',
    write: { path: `/v1/payment_methods/pm_${NOBODY}`, params: TEXT },
  },
  {
    name: 'Prices',
    access: 'Read and write',
    usedFor: 'Price versions',
    read: '/v1/prices',
    write: { path: `/v1/prices/price_${NOBODY}`, params: TEXT },
  },
  {
    name: 'Products',
    access: 'Read and write',
    usedFor: 'Plans, add-ons and charges',
    read: '/v1/products',
    write: { path: `/v1/products/prod_${NOBODY}`, params: TEXT },
  },
  { name: 'Promotion Codes', access: 'Read-only', usedFor: 'Codes at checkout', read: '/v1/promotion_codes' },
  {
    name: 'Setup Intents',
    access: 'Read and write',
    usedFor: 'Saving a card without a charge',
    read: '/v1/setup_intents',
    write: { path: `/v1/setup_intents/seti_${NOBODY}`, params: TEXT },
  },
  {
    name: 'Sources',
    access: 'Read-only',
    usedFor: 'Legacy default sources of adopted customers',
    read: `/v1/customers/cus_${NOBODY}/sources`,
  },
  {
    name: 'Subscriptions',
    access: 'Read and write',
    usedFor: 'Subscription sync',
    read: '/v1/subscriptions',
    write: { path: `/v1/subscriptions/sub_${NOBODY}`, params: TEXT },
  },
  {
    name: 'Tax Rates',
    access: 'Read and write',
    usedFor: 'Manual tax on subscriptions billed by Stripe',
    read: '/v1/tax_rates',
    write: { path: `/v1/tax_rates/txr_${NOBODY}`, params: TEXT },
  },
  { name: 'Test clocks', access: 'Read-only', usedFor: 'Knowing simulated time', read: '/v1/test_helpers/test_clocks' },
  { name: 'Tokens', access: 'Read-only', usedFor: 'Validation of references' },
  {
    name: 'Usage Records',
    access: 'Read and write',
    usedFor: 'Meters, where Stripe counts usage',
    read: '/v1/billing/meters',
    write: { path: `/v1/billing/meters/mtr_${NOBODY}`, params: { display_name: 'probe' } },
  },
  {
    name: 'Webhook Endpoints and Event Destinations',
    access: 'Read-only',
    usedFor: 'Detecting a lost endpoint',
    read: '/v1/webhook_endpoints',
  },
  { name: 'External access', access: 'Data sharing', usedFor: 'Consent that data leaves Stripe to this server' },
  { name: 'Customer portal', access: '–', usedFor: 'Portal sessions and configuration' },
];
