/** Stripe's test cards [S 3.12; docs.stripe.com/testing]. The only card numbers that exist here; no other number is ever stored. */
import type { DeclineName } from './declines.ts';

/**
 * When a card asks the cardholder to authenticate:
 * `unless_set_up`  always on-session; off-session only if it was not set up before
 * `set_up`         always on-session, never off-session
 * `always`         every time
 * `fails`          every time, and the lookup itself breaks: declined without a page
 */
export type Authentication = 'none' | 'unless_set_up' | 'set_up' | 'always' | 'fails';

export type TestCard = {
  /** Name of the row, kept on the payment method as `_card`. */
  name: string;
  number: string;
  /** Without `pm_card_` and `tok_`: both families exist for each. */
  tokens: string[];
  brand: string;
  funding: 'credit' | 'debit' | 'prepaid';
  country: string;
  /** Refuses to be saved to a customer. */
  attach?: DeclineName;
  /** Refuses every charge. */
  charge?: DeclineName;
  authentication: Authentication;
  refund?: 'pending' | 'fails';
  /** What happens after a successful charge; `warning` is the network's early fraud warning, no dispute. */
  dispute?: 'fraudulent' | 'product_not_received' | 'inquiry' | 'warning';
  /** The money is available at once instead of pending. */
  bypassPending?: boolean;
  /** What the bank says about the security code, the postal code and the street instead of `pass`. */
  checks?: { cvc?: 'fail' | 'unavailable'; postalCode?: 'fail' | 'unavailable'; line1?: 'fail' | 'unavailable' };
  /** How risky Stripe finds its charges; `normal` when absent. */
  risk?: 'elevated' | 'highest';
};

const PLAIN = { brand: 'visa', funding: 'credit', country: 'US', authentication: 'none' } as const;

export const TEST_CARDS: readonly TestCard[] = [
  { ...PLAIN, name: 'visa', number: '4242424242424242', tokens: ['visa', 'us'] },
  { ...PLAIN, name: 'visa_debit', number: '4000056655665556', tokens: ['visa_debit'], funding: 'debit' },
  { ...PLAIN, name: 'mastercard', number: '5555555555554444', tokens: ['mastercard'], brand: 'mastercard' },
  { ...PLAIN, name: 'mastercard_2series', number: '2223003122003222', tokens: [], brand: 'mastercard' },
  {
    ...PLAIN,
    name: 'mastercard_debit',
    number: '5200828282828210',
    tokens: ['mastercard_debit'],
    brand: 'mastercard',
    funding: 'debit',
  },
  {
    ...PLAIN,
    name: 'mastercard_prepaid',
    number: '5105105105105100',
    tokens: ['mastercard_prepaid'],
    brand: 'mastercard',
    funding: 'prepaid',
  },
  { ...PLAIN, name: 'amex', number: '378282246310005', tokens: ['amex'], brand: 'amex' },
  { ...PLAIN, name: 'amex_second', number: '371449635398431', tokens: [], brand: 'amex' },
  { ...PLAIN, name: 'discover', number: '6011111111111117', tokens: ['discover'], brand: 'discover' },
  { ...PLAIN, name: 'discover_second', number: '6011000990139424', tokens: [], brand: 'discover' },
  { ...PLAIN, name: 'diners', number: '3056930009020004', tokens: ['diners'], brand: 'diners' },
  { ...PLAIN, name: 'diners_14', number: '36227206271667', tokens: [], brand: 'diners' },
  { ...PLAIN, name: 'jcb', number: '3566002020360505', tokens: ['jcb'], brand: 'jcb' },
  { ...PLAIN, name: 'unionpay', number: '6200000000000005', tokens: ['unionpay'], brand: 'unionpay' },
  { ...PLAIN, name: 'br', number: '4000000760000002', tokens: ['br'], country: 'BR' },
  { ...PLAIN, name: 'ca', number: '4000001240000000', tokens: ['ca'], country: 'CA' },
  { ...PLAIN, name: 'de', number: '4000002760000016', tokens: ['de'], country: 'DE' },
  { ...PLAIN, name: 'fr', number: '4000002500000003', tokens: ['fr'], country: 'FR' },
  { ...PLAIN, name: 'gb', number: '4000008260000000', tokens: ['gb'], country: 'GB' },
  abroad('at', '4000000400000008'),
  abroad('au', '4000000360000006'),
  abroad('be', '4000000560000004'),
  abroad('ch', '4000007560000009'),
  abroad('dk', '4000002080000001'),
  abroad('es', '4000007240000007'),
  abroad('fi', '4000002460000001'),
  abroad('hk', '4000003440000004'),
  abroad('ie', '4000003720000005'),
  abroad('in', '4000003560000008'),
  abroad('it', '4000003800000008'),
  abroad('jp', '4000003920000003'),
  abroad('mx', '4000004840008001'),
  abroad('nl', '4000005280000002'),
  abroad('no', '4000005780000007'),
  abroad('nz', '4000005540000008'),
  abroad('pl', '4000006160000005'),
  abroad('pt', '4000006200000007'),
  abroad('se', '4000007520000008'),
  abroad('sg', '4000007020000003'),
  { ...PLAIN, name: 'bypass_pending', number: '4000000000000077', tokens: ['bypassPending'], bypassPending: true },
  {
    ...PLAIN,
    name: 'bypass_pending_international',
    number: '4000003720000278',
    tokens: ['bypassPendingInternational'],
    country: 'IE',
    bypassPending: true,
  },

  declined('generic', '4000000000000002', ['visa_chargeDeclined', 'chargeDeclined'], 'generic_decline'),
  declined(
    'insufficient_funds',
    '4000000000009995',
    ['visa_chargeDeclinedInsufficientFunds', 'chargeDeclinedInsufficientFunds'],
    'insufficient_funds',
  ),
  declined('lost', '4000000000009987', ['visa_chargeDeclinedLostCard', 'chargeDeclinedLostCard'], 'lost_card'),
  declined('stolen', '4000000000009979', ['visa_chargeDeclinedStolenCard', 'chargeDeclinedStolenCard'], 'stolen_card'),
  declined('expired', '4000000000000069', ['chargeDeclinedExpiredCard', 'visa_chargeDeclinedExpiredCard'], 'expired_card'),
  declined('incorrect_cvc', '4000000000000127', ['chargeDeclinedIncorrectCvc', 'visa_chargeDeclinedIncorrectCvc'], 'incorrect_cvc'),
  declined(
    'processing_error',
    '4000000000000119',
    ['chargeDeclinedProcessingError', 'visa_chargeDeclinedProcessingError'],
    'processing_error',
  ),
  declined(
    'velocity',
    '4000000000006975',
    ['visa_chargeDeclinedVelocityLimitExceeded', 'chargeDeclinedVelocityLimitExceeded'],
    'card_velocity_exceeded',
  ),
  { ...PLAIN, name: 'customer_fail', number: '4000000000000341', tokens: ['chargeCustomerFail'], charge: 'generic_decline' },
  {
    ...PLAIN,
    name: 'radar_block',
    number: '4100000000000019',
    tokens: ['radarBlock', 'chargeDeclinedFraudulent'],
    charge: 'fraudulent',
    risk: 'highest',
  },
  { ...PLAIN, name: 'risk_highest', number: '4000000000004954', tokens: ['riskLevelHighest'], charge: 'fraudulent', risk: 'highest' },
  { ...PLAIN, name: 'risk_elevated', number: '4000000000009235', tokens: ['riskLevelElevated'], risk: 'elevated' },
  { ...PLAIN, name: 'cvc_check_fails', number: '4000000000000101', tokens: ['cvcCheckFail'], checks: { cvc: 'fail' } },
  { ...PLAIN, name: 'postal_code_fails', number: '4000000000000036', tokens: ['avsZipFail'], checks: { postalCode: 'fail' } },
  { ...PLAIN, name: 'line1_fails', number: '4000000000000028', tokens: ['avsLine1Fail'], checks: { line1: 'fail' } },
  { ...PLAIN, name: 'address_fails', number: '4000000000000010', tokens: ['avsFail'], checks: { line1: 'fail', postalCode: 'fail' } },
  {
    ...PLAIN,
    name: 'address_unchecked',
    number: '4000000000000044',
    tokens: ['avsUnchecked'],
    checks: { line1: 'unavailable', postalCode: 'unavailable' },
  },

  {
    ...PLAIN,
    name: 'auth_on_setup',
    number: '4000002500003155',
    tokens: ['authenticationRequiredOnSetup'],
    country: 'FR',
    authentication: 'unless_set_up',
  },
  {
    ...PLAIN,
    name: 'auth_always',
    number: '4000002760003184',
    tokens: ['authenticationRequired'],
    country: 'DE',
    authentication: 'always',
  },
  {
    ...PLAIN,
    name: 'auth_set_up',
    number: '4000003800000446',
    tokens: ['authenticationRequiredSetupForOffSession'],
    country: 'IT',
    authentication: 'set_up',
  },
  {
    ...PLAIN,
    name: 'auth_then_insufficient_funds',
    number: '4000008260003178',
    tokens: ['authenticationRequiredChargeDeclinedInsufficientFunds'],
    country: 'GB',
    authentication: 'unless_set_up',
    charge: 'insufficient_funds',
  },
  { ...PLAIN, name: 'three_d_secure_2', number: '4000000000003220', tokens: ['threeDSecure2Required'], authentication: 'always' },
  {
    ...PLAIN,
    name: 'three_d_secure_declined',
    number: '4000008400001629',
    tokens: ['threeDSecureRequiredChargeDeclined'],
    authentication: 'always',
    charge: 'generic_decline',
  },
  {
    ...PLAIN,
    name: 'three_d_secure_error',
    number: '4000008400001280',
    tokens: ['threeDSecureRequiredProcessingError'],
    charge: 'processing_error',
    authentication: 'fails',
  },
  { ...PLAIN, name: 'three_d_secure_optional', number: '4000000000003055', tokens: ['threeDSecureOptional'] },

  { ...PLAIN, name: 'dispute', number: '4000000000000259', tokens: ['createDispute'], dispute: 'fraudulent' },
  {
    ...PLAIN,
    name: 'dispute_not_received',
    number: '4000000000002685',
    tokens: ['createDisputeProductNotReceived'],
    dispute: 'product_not_received',
  },
  { ...PLAIN, name: 'early_fraud_warning', number: '4000000000005423', tokens: ['createIssuerFraudRecord'], dispute: 'warning' },
  { ...PLAIN, name: 'dispute_inquiry', number: '4000000000001976', tokens: ['createDisputeInquiry'], dispute: 'inquiry' },
  { ...PLAIN, name: 'refund_pending', number: '4000000000007726', tokens: ['pendingRefund'], refund: 'pending' },
  { ...PLAIN, name: 'refund_fails', number: '4000000000005126', tokens: ['refundFail'], refund: 'fails' },
];

/** A plain decline card: refused when charged and when saved. */
function declined(name: string, number: string, tokens: string[], why: DeclineName): TestCard {
  return { ...PLAIN, name: `declined_${name}`, number, tokens, attach: why, charge: why };
}

/** A good Visa of another country. */
function abroad(country: string, number: string): TestCard {
  return { ...PLAIN, name: country, number, tokens: [country], country: country.toUpperCase() };
}
