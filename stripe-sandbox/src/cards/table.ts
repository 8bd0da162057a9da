/** Stripe's test cards [S 3.12; docs.stripe.com/testing]. The only card numbers that exist here; no other number is ever stored. */
import type { DeclineName } from './declines.ts';

/**
 * When a card asks the cardholder to authenticate:
 * `unless_set_up`  always on-session; off-session only if it was not set up before
 * `set_up`         always on-session, never off-session
 * `always`         every time
 */
export type Authentication = 'none' | 'unless_set_up' | 'set_up' | 'always';

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
  dispute?: 'fraudulent' | 'inquiry';
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
  { ...PLAIN, name: 'bypass_pending', number: '4000000000000077', tokens: ['bypassPending'] },

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
  { ...PLAIN, name: 'radar_block', number: '4100000000000019', tokens: ['radarBlock'], charge: 'fraudulent' },

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

  { ...PLAIN, name: 'dispute', number: '4000000000000259', tokens: ['createDispute'], dispute: 'fraudulent' },
  { ...PLAIN, name: 'dispute_inquiry', number: '4000000000001976', tokens: ['createDisputeInquiry'], dispute: 'inquiry' },
  { ...PLAIN, name: 'refund_pending', number: '4000000000007726', tokens: ['pendingRefund'], refund: 'pending' },
  { ...PLAIN, name: 'refund_fails', number: '4000000000005126', tokens: ['refundFail'], refund: 'fails' },
];

/** A plain decline card: refused when charged and when saved. */
function declined(name: string, number: string, tokens: string[], why: DeclineName): TestCard {
  return { ...PLAIN, name: `declined_${name}`, number, tokens, attach: why, charge: why };
}
