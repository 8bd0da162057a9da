/** Making and finding payment methods. */
import { bankByToken, cardByNumber, cardByToken, cardOf, fingerprintOf, isDecline, type TestCard } from '../../cards/index.ts';
import { cardError, invalidRequest, notEmulated, parameterMissing, StripeError } from '../../kernel/errors.ts';
import type { Doc, Params, Tx } from '../../kernel/types.ts';
import { billingDetails } from './billing-details.ts';
import { buildDebitMethod, storeDebitMethod } from './debit-method.ts';
import type { PaymentMethodFromCardInput } from './types.ts';

const MS = 1000;
const CENTURY = 2000;
const FURTHEST_EXPIRY_YEARS = 50;

const USED_UP =
  'The provided PaymentMethod was previously used with a PaymentIntent without Customer attachment, shared with a connected account without Customer attachment, or was detached from a Customer. It may not be used again. To use a PaymentMethod multiple times, you must attach it to a Customer first.';

/** Stores a new payment method for the card (`pm_…`, not attached, no event). Throws a 402 for numbers outside the card table and for bad expiry dates. */
export async function paymentMethodFromCard(tx: Tx, input: PaymentMethodFromCardInput): Promise<Doc> {
  const { card, expiry } = await resolveCard(tx, input);
  const paymentMethod = buildPaymentMethod(tx, { ...input, card, expiry });
  tx.put(paymentMethod);
  return paymentMethod;
}

/** The object a shared token stands for, as reading `pm_card_visa` shows it; not stored. */
export async function sharedPaymentMethod(tx: Tx, token: string): Promise<Doc> {
  const bank = bankByToken(token);
  if (bank !== undefined) return buildDebitMethod(tx, { bank });
  return buildPaymentMethod(tx, await resolveCard(tx, { card: { token } }));
}

type BuildInput = {
  card: TestCard;
  expiry: Expiry;
  billingDetails?: Params | undefined;
  metadata?: Record<string, string>;
  prefix?: 'pm' | 'card';
  of?: Doc | null;
};

function buildPaymentMethod(tx: Tx, input: BuildInput): Doc {
  const { card, expiry } = input;
  return tx.make(
    'payment_method',
    input.prefix ?? 'pm',
    {
      type: 'card',
      allow_redisplay: 'unspecified',
      billing_details: billingDetails(input.billingDetails),
      card: cardFields(card, expiry),
      metadata: input.metadata ?? {},
      _card: card.name,
    },
    input.of ?? null,
  );
}

/**
 * The payment method of an id, or a fresh one for a shared token (`pm_card_visa`).
 * Refuses unknown ids with 400 on `param`, and methods that were used up.
 */
export async function resolvePaymentMethod(tx: Tx, input: { id: string; of?: Doc | null; param?: string; status?: number }): Promise<Doc> {
  if (cardByToken(input.id) !== undefined) return paymentMethodFromCard(tx, { card: { token: input.id }, of: input.of ?? null });
  const bank = bankByToken(input.id);
  if (bank !== undefined) return storeDebitMethod(tx, { bank, of: input.of ?? null });
  const found = await tx.get(input.id, { object: 'payment_method' });
  if (found === undefined) throw noSuchPaymentMethod(input);
  if (found._used_up === true) throw invalidRequest(USED_UP, { code: 'payment_method_unexpected_state' });
  return found;
}

/** 404 in the path of attach, 400 elsewhere; with the hint Stripe gives (recorded). */
function noSuchPaymentMethod(input: { id: string; param?: string; status?: number }): StripeError {
  return new StripeError(input.status ?? 400, {
    type: 'invalid_request_error',
    code: 'resource_missing',
    param: input.param ?? 'payment_method',
    message: `No such PaymentMethod: '${input.id}'; It's possible this PaymentMethod exists on one of your connected accounts, in which case you should retry this request on that connected account. Learn more at https://stripe.com/docs/connect/authentication`,
  });
}

type Expiry = { month: number; year: number };

/** Card and expiry of what was sent. Throws a 402 for numbers outside the table and for bad expiry dates. */
export async function resolveCard(tx: Tx, input: PaymentMethodFromCardInput): Promise<{ card: TestCard; expiry: Expiry }> {
  const { number, token, exp_month, exp_year } = input.card;
  const now = new Date(tx.now(input.of ?? null) * MS);
  const nextYear = { month: now.getUTCMonth() + 1, year: now.getUTCFullYear() + 1 };
  if (token !== undefined) return resolveToken(tx, token, nextYear);
  if (number === undefined) throw parameterMissing('card[number]');
  if (exp_month === undefined) throw parameterMissing('card[exp_month]');
  if (exp_year === undefined) throw parameterMissing('card[exp_year]');
  const card = cardByNumber(number);
  if (isDecline(card)) throw badCard(card.code, card.message, card.param, card.decline_code);
  // Tokens take these as text.
  const [month, year] = [Number(exp_month), Number(exp_year)];
  return { card, expiry: checkExpiry({ month, year: year < 100 ? CENTURY + year : year }, now) };
}

async function resolveToken(tx: Tx, token: string, nextYear: Expiry): Promise<{ card: TestCard; expiry: Expiry }> {
  const shared = cardByToken(token);
  if (shared !== undefined) return { card: shared, expiry: nextYear };
  const stored = await tx.get(token, { object: 'token' });
  if (stored === undefined) throw invalidRequest(`No such token: '${token}'`, { code: 'resource_missing', param: 'card[token]' });
  if (stored.type !== 'card') throw notEmulated(`A token of type ${stored.type}`, 'card[token]');
  if (stored.used === true) {
    throw invalidRequest(`You cannot use a Stripe token more than once: ${token}.`, { code: 'token_already_used', param: 'card[token]' });
  }
  stored.used = true;
  tx.put(stored);
  return { card: cardOf(stored), expiry: { month: stored.card.exp_month, year: stored.card.exp_year } };
}

/** Throws a 402 unless the card is good this month or later, by the clock of `of`. */
export function requireExpiryAhead(tx: Tx, input: { month: number; year: number; of: Doc | null }): Expiry {
  return checkExpiry({ month: input.month, year: input.year }, new Date(tx.now(input.of) * MS));
}

function checkExpiry(expiry: Expiry, now: Date): Expiry {
  const thisYear = now.getUTCFullYear();
  if (expiry.year < thisYear || expiry.year > thisYear + FURTHEST_EXPIRY_YEARS) {
    throw badCard('invalid_expiry_year', "Your card's expiration year is invalid.", 'exp_year');
  }
  const past = expiry.year === thisYear && expiry.month < now.getUTCMonth() + 1;
  if (expiry.month < 1 || expiry.month > 12 || past) {
    throw badCard('invalid_expiry_month', "Your card's expiration month is invalid.", 'exp_month');
  }
  return expiry;
}

function badCard(code: string, message: string, param?: string, declineCode: string | null = null): StripeError {
  return cardError(
    { code, message, ...(param === undefined ? {} : { param }), ...(declineCode === null ? {} : { decline_code: declineCode }) },
    { commit: false },
  );
}

function cardFields(card: TestCard, expiry: Expiry): Params {
  return {
    brand: card.brand,
    checks: {
      address_line1_check: card.checks?.line1 ?? null,
      address_postal_code_check: card.checks?.postalCode ?? null,
      cvc_check: card.checks?.cvc ?? 'pass',
    },
    country: card.country,
    display_brand: card.brand,
    exp_month: expiry.month,
    exp_year: expiry.year,
    fingerprint: fingerprintOf(card),
    funding: card.funding,
    generated_from: null,
    last4: card.number.slice(-4),
    networks: { available: [card.brand], preferred: null },
    regulated_status: 'unregulated',
    three_d_secure_usage: { supported: true },
    wallet: null,
  };
}
