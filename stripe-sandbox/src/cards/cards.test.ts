import { expect, test } from 'vitest';
import { cardByNumber, cardByToken, cardOf, DECLINES, declineFor, fingerprintOf, isDecline, TEST_CARDS } from './index.ts';

test('every number and every token of the table is there once', () => {
  const numbers = TEST_CARDS.map((card) => card.number);
  const tokens = TEST_CARDS.flatMap((card) => card.tokens);
  expect(new Set(numbers).size).toBe(numbers.length);
  expect(new Set(tokens).size).toBe(tokens.length);
  expect(new Set(TEST_CARDS.map((card) => card.name)).size).toBe(TEST_CARDS.length);
});

test('[S 3.12] pm_ and tok_ families name the same cards', () => {
  expect(cardByToken('pm_card_visa')?.number).toBe('4242424242424242');
  expect(cardByToken('tok_visa')?.number).toBe('4242424242424242');
  expect(cardByToken('pm_card_chargeCustomerFail')?.number).toBe('4000000000000341');
  expect(cardByToken('pm_1TGnFIKXBGcbgpbZeySeAoNn')).toBeUndefined();
});

test('[S 3.12] the plain decline cards refuse to be saved, 0341 does not', () => {
  expect(cardByToken('pm_card_visa_chargeDeclined')?.attach).toBe('generic_decline');
  expect(cardByToken('pm_card_chargeDeclined')?.attach).toBe('generic_decline');
  const customerFail = cardByToken('pm_card_chargeCustomerFail');
  expect([customerFail?.attach, customerFail?.charge]).toEqual([undefined, 'generic_decline']);
});

test('a number outside the table is wrong, or a real card that has no place here', () => {
  expect(cardByNumber('4242424242424241')).toBe(DECLINES.incorrect_number);
  expect(cardByNumber('4539578763621486')).toBe(DECLINES.test_mode_live_card);
  expect(cardByNumber('12')).toBe(DECLINES.incorrect_number);
  const spaced = cardByNumber('4242 4242 4242 4242');
  expect(isDecline(spaced)).toBe(false);
});

test('a payment method remembers its row, and a seeded one is told by its last digits', () => {
  const base = { id: 'pm_1', object: 'payment_method', created: 0 };
  expect(cardOf({ ...base, _card: 'auth_always', card: { last4: '3184' } }).authentication).toBe('always');
  expect(cardOf({ ...base, card: { last4: '0341' } }).name).toBe('customer_fail');
  expect(cardOf({ ...base, card: { last4: '1117' } }).name).toBe('discover');
  expect(cardOf({ ...base, card: { last4: '9999' } }).name).toBe('visa');
});

test('fingerprints are stable per card and differ between cards', () => {
  const all = TEST_CARDS.map(fingerprintOf);
  expect(new Set(all).size).toBe(all.length);
  expect(all.every((value) => /^[A-Za-z0-9]{16}$/.test(value))).toBe(true);
});

test('the control API may ask for any decline by code or decline code', () => {
  expect(declineFor({ code: 'card_declined' })).toMatchObject({ code: 'card_declined', decline_code: 'generic_decline' });
  expect(declineFor({ code: 'card_declined', decline_code: 'insufficient_funds' })).toBeTruthy();
  expect(declineFor({ code: 'insufficient_funds' })).toMatchObject({ code: 'card_declined', decline_code: 'insufficient_funds' });
  expect(declineFor({ code: 'expired_card' })).toMatchObject({ code: 'expired_card', decline_code: null });
  expect(declineFor({ code: 'card_declined', decline_code: 'do_not_honor' })).toMatchObject({
    code: 'card_declined',
    decline_code: 'do_not_honor',
    message: 'Your card was declined.',
  });
  expect(declineFor({ code: 'expired_card', message: 'No.' }).message).toBe('No.');
});

test('[S 3.7] what no retry can mend says so; other codes may be tried again', () => {
  const advice = (decline_code: string) => declineFor({ code: 'card_declined', decline_code }).advice_code;
  expect(['pickup_card', 'restricted_card', 'stop_payment_order', 'lost_card'].map(advice)).toEqual(Array(4).fill('do_not_try_again'));
  expect(['do_not_honor', 'issuer_not_available', 'try_again_later'].map(advice)).toEqual(Array(3).fill('try_again_later'));
  expect(declineFor({ code: 'card_declined', decline_code: 'transaction_not_allowed' }).message).toBe(
    'Your card does not support this type of purchase.',
  );
});
