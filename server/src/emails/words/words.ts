/** The few words Billow itself puts into mails, per language: intervals, kinds, and why a bank refused. */
import { de } from './de.ts';
import { en } from './en.ts';
import { es } from './es.ts';
import { fr } from './fr.ts';
import { ja } from './ja.ts';

/** Why a payment was refused, as far as a customer may know it. */
export type DeclineReason =
  | 'generic'
  | 'insufficient_funds'
  | 'card_expired'
  | 'wrong_number'
  | 'wrong_cvc'
  | 'wrong_expiry'
  | 'wrong_postcode'
  | 'limit_exceeded'
  | 'not_supported'
  | 'currency_not_supported'
  | 'authentication_required'
  | 'try_again'
  | 'call_issuer'
  | 'card_blocked'
  | 'duplicate'
  | 'account_closed'
  | 'no_account'
  | 'debit_not_authorized'
  | 'mandate_invalid'
  | 'processing_error';

export type Words = {
  /** "month", or "3 months" for a count above one. */
  interval(unit: 'day' | 'week' | 'month' | 'year', count: number): string;
  estimated: string;
  full: string;
  partial: string;
  refundMethods: Record<string, string>;
  declines: Record<DeclineReason, string>;
};

const BY_LANGUAGE: Record<string, Words> = { en, de, fr, es, ja };

/** The words of a locale's language; English where Billow has none. */
export function wordsOf(locale: string): Words {
  const language = locale.split('-')[0]!.toLowerCase();
  return (Object.hasOwn(BY_LANGUAGE, language) ? BY_LANGUAGE[language] : undefined) ?? en;
}

/**
 * Stripe's decline codes (https://docs.stripe.com/declines/codes) as reasons a customer may read. Codes that speak of fraud,
 * loss or theft, and every code not listed, stay neutral (F5).
 */
const REASONS: Record<string, DeclineReason> = {
  insufficient_funds: 'insufficient_funds',
  expired_card: 'card_expired',
  incorrect_number: 'wrong_number',
  invalid_number: 'wrong_number',
  incorrect_cvc: 'wrong_cvc',
  invalid_cvc: 'wrong_cvc',
  invalid_expiry_month: 'wrong_expiry',
  invalid_expiry_year: 'wrong_expiry',
  incorrect_zip: 'wrong_postcode',
  incorrect_address: 'wrong_postcode',
  card_velocity_exceeded: 'limit_exceeded',
  withdrawal_count_limit_exceeded: 'limit_exceeded',
  invalid_amount: 'limit_exceeded',
  card_not_supported: 'not_supported',
  transaction_not_allowed: 'not_supported',
  service_not_allowed: 'not_supported',
  currency_not_supported: 'currency_not_supported',
  authentication_required: 'authentication_required',
  offline_pin_required: 'authentication_required',
  online_or_offline_pin_required: 'authentication_required',
  try_again_later: 'try_again',
  issuer_not_available: 'try_again',
  reenter_transaction: 'try_again',
  call_issuer: 'call_issuer',
  do_not_honor: 'call_issuer',
  no_action_taken: 'call_issuer',
  not_permitted: 'call_issuer',
  approve_with_id: 'call_issuer',
  revocation_of_authorization: 'call_issuer',
  revocation_of_all_authorizations: 'call_issuer',
  restricted_card: 'card_blocked',
  pin_try_exceeded: 'card_blocked',
  duplicate_transaction: 'duplicate',
  invalid_account: 'no_account',
  new_account_information_available: 'no_account',
  no_account: 'no_account',
  account_closed: 'account_closed',
  bank_account_closed: 'account_closed',
  debit_not_authorized: 'debit_not_authorized',
  stop_payment_order: 'debit_not_authorized',
  mandate_invalid: 'mandate_invalid',
  bank_ownership_changed: 'mandate_invalid',
  processing_error: 'processing_error',
};

/** The sentence for a decline code; null for no code at all. */
export function declineSentence(code: string | null, locale: string): string | null {
  if (code === null || code === '') return null;
  const reason = (Object.hasOwn(REASONS, code) ? REASONS[code] : undefined) ?? 'generic';
  return wordsOf(locale).declines[reason];
}
