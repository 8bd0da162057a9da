/** Finding the row of the card table by number, by token, or for a stored payment method. */
import { createHash } from 'node:crypto';
import type { Doc } from '../kernel/types.ts';
import { bankByToken } from './banks.ts';
import { DECLINES, type Decline } from './declines.ts';
import { TEST_CARDS, type TestCard } from './table.ts';

const BY_NAME = new Map(TEST_CARDS.map((card) => [card.name, card]));
const BY_NUMBER = new Map(TEST_CARDS.map((card) => [card.number, card]));
const BY_TOKEN = new Map(TEST_CARDS.flatMap((card) => card.tokens.map((token) => [token, card] as const)));
const FINGERPRINT_LENGTH = 16;

/** The card behind `pm_card_…` or `tok_…`; undefined for ids of stored objects. */
export function cardByToken(token: string): TestCard | undefined {
  const name = /^(?:pm_card_|tok_)(\w+)$/.exec(token)?.[1];
  return name === undefined ? undefined : BY_TOKEN.get(name);
}

/** True for `pm_card_visa`, `pm_success_de` and their like: each use stands for a fresh payment method. */
export function isSharedToken(id: string): boolean {
  return cardByToken(id) !== undefined || bankByToken(id) !== undefined;
}

/** The test card of this number, or the decline any other number gets: a wrong check digit, or a card of the real world. */
export function cardByNumber(number: string): TestCard | Decline {
  const digits = number.replace(/[\s-]/g, '');
  const card = BY_NUMBER.get(digits);
  if (card !== undefined) return card;
  return passesLuhn(digits) ? DECLINES.test_mode_live_card : DECLINES.incorrect_number;
}

export function isDecline(found: TestCard | Decline): found is Decline {
  return 'message' in found;
}

/** The row behind a stored payment method. One that was seeded from elsewhere is told by its last four digits, else it behaves like a good Visa. */
export function cardOf(paymentMethod: Doc): TestCard {
  const named = BY_NAME.get(paymentMethod._card ?? '');
  if (named !== undefined) return named;
  const last4 = paymentMethod.card?.last4 ?? paymentMethod.last4;
  return TEST_CARDS.find((card) => card.number.endsWith(last4 ?? '4242')) ?? TEST_CARDS[0]!;
}

/** Stable per number, as at Stripe: two payment methods of one card share it. */
export function fingerprintOf(card: TestCard): string {
  return createHash('sha256').update(card.number).digest('base64').replace(/[+/=]/g, '').slice(0, FINGERPRINT_LENGTH);
}

function passesLuhn(digits: string): boolean {
  if (!/^\d{12,19}$/.test(digits)) return false;
  const sum = [...digits].reverse().reduce((total, digit, index) => {
    const doubled = Number(digit) * (index % 2 === 0 ? 1 : 2);
    return total + (doubled > 9 ? doubled - 9 : doubled);
  }, 0);
  return sum % 10 === 0;
}
