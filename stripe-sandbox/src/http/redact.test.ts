import fc from 'fast-check';
import { expect, test } from 'vitest';
import { redactParams, redactPath, redactText } from './redact.ts';

test('card data is hidden by its name, other numbers by their shape', () => {
  const params = {
    card: { number: '4242424242424242', cvc: '123', exp_month: 4 },
    metadata: { note: 'card 4111 1111 1111 1111.' },
    at: '1772355600000',
  };
  expect(redactParams(params)).toEqual({
    card: { number: '(hidden)', cvc: '(hidden)', exp_month: 4 },
    metadata: { note: 'card (hidden).' },
    at: '1772355600000',
  });
  expect(redactPath('/v1/payment_intents/pi_1?client_secret=pi_1_secret_x&expand[]=customer')).toBe(
    '/v1/payment_intents/pi_1?client_secret=(hidden)&expand[]=customer',
  );
  expect(redactText('{"id": "we_1", "secret": "whsec_abc", "client_secret": "x_secret_y", "amount": 4242}')).toBe(
    '{"id": "we_1", "secret": "(hidden)", "client_secret": "(hidden)", "amount": 4242}',
  );
});

/** Completes digits by their check digit, written down independently: the number that makes the weighted sum a multiple of ten. */
function withCheckDigit(digits: number[]): string {
  const weighted = digits.reverse().map((digit, index) => (index % 2 === 0 ? [0, 2, 4, 6, 8, 1, 3, 5, 7, 9][digit]! : digit));
  const check = (10 - (weighted.reduce((sum, one) => sum + one, 0) % 10)) % 10;
  return [...digits.reverse(), check].join('');
}

test('no number that could be a card’s survives, wherever and however it is written', () => {
  const digits = fc.array(fc.integer({ min: 0, max: 9 }), { minLength: 12, maxLength: 18 });
  fc.assert(
    fc.property(digits, fc.constantFrom('', ' ', '-'), fc.string({ unit: fc.constantFrom(...'abc .,:{}"') }), (given, gap, around) => {
      const number = withCheckDigit(given);
      const written = number.replace(/(.{4})(?=.)/g, `$1${gap}`);
      const kept = [
        redactText(`${around}${written}${around}`),
        JSON.stringify(redactParams({ [around]: [`${around}${written}`] })),
        redactPath(`/v1/x?a=${written}`),
      ];
      for (const text of kept) expect(text).not.toContain(written);
    }),
  );
});
