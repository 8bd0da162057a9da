/** The 123 events of `stripe trigger` in CLI 1.52: which the Sandbox emits, and why it cannot emit the others. */

/** Sandbox and CLI: the fixture names `https://meter-events.stripe.com` itself, so it leaves the Sandbox whatever the base address. */
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

/** Names of the CLI that are no event types: what they emit instead. */
export const EMITS: Record<string, string> = {
  'subscription.payment_failed': 'invoice.payment_failed',
  'subscription.payment_succeeded': 'invoice.payment_succeeded',
};

/** Days of the account's clock until what was begun is there: bank debits take their time. */
export const COMES_LATER: Record<string, number> = {
  'checkout.session.async_payment_failed': 14,
  'checkout.session.async_payment_succeeded': 14,
};
