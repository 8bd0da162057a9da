/** The 123 events of `stripe trigger` in CLI 1.52: which the Sandbox emits, and why it cannot emit the others. */

/**
 * The fixtures name `https://meter-events.stripe.com` themselves, so they leave the Sandbox whatever the base address; on the way they ask v2 in
 * the version 2024-09-30.acacia, which the Sandbox does not speak.
 */
export const LEAVES_THE_SANDBOX = ['v1.billing.meter.error_report_triggered', 'v1.billing.meter.no_meter_found'];

/** Products that are not emulated: refused aloud, by name. */
export const NOT_EMULATED: Record<string, string[]> = {
  Issuing: [
    'issuing_authorization.request',
    'issuing_authorization.request.eu',
    'issuing_authorization.request.gb',
    'issuing_card.created',
    'issuing_card.created.eu',
    'issuing_card.created.gb',
    'issuing_cardholder.created',
    'issuing_cardholder.created.eu',
    'issuing_cardholder.created.gb',
    'issuing_transaction.created',
    'issuing_transaction.purchase_details_receipt_updated',
    'issuing_transaction.updated',
  ],
  Identity: ['identity.verification_session.canceled', 'identity.verification_session.created', 'identity.verification_session.redacted'],
  'Connect transfers': ['transfer.created', 'transfer.reversed', 'transfer.updated'],
  'Cash balance and bank transfers': [
    'cash_balance.funds_available',
    'customer_cash_balance_transaction.created',
    'payment_intent.partially_funded',
  ],
  'Top-ups': ['topup.created'],
  Reporting: ['reporting.report_run.succeeded'],
};

/** Names that are no event types: what the trigger emits instead. */
export const EMITS: Record<string, string[]> = {
  'subscription.payment_failed': ['invoice.payment_failed'],
  'subscription.payment_succeeded': ['invoice.payment_succeeded'],
};

/** Fixtures that succeed and do not reach the event they name, by what Stripe's documents say of it: why, and what they do emit. */
export const FALLS_SHORT: Record<string, { why: string; emits: string[] }> = {
  'subscription_schedule.aborted': {
    why: 'a schedule is aborted when its subscription ended for delinquency; the fixture cancels one that has not begun',
    emits: ['subscription_schedule.canceled'],
  },
  'subscription_schedule.completed': {
    why: 'the fixture ends with end_behavior release, which releases; and its customer cannot pay, so that dunning may end it before',
    emits: ['subscription_schedule.released', 'subscription_schedule.aborted'],
  },
  'subscription_schedule.expiring': {
    why: 'the event comes seven days before the end; the fixture stops nine days before it',
    emits: ['subscription_schedule.created'],
  },
};

/** Days of the account's clock until what was begun is there: bank debits take their time. */
export const COMES_LATER: Record<string, number> = {
  'checkout.session.async_payment_failed': 14,
  'checkout.session.async_payment_succeeded': 14,
};
