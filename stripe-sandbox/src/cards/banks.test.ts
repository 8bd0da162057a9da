import fc from 'fast-check';
import { expect, test } from 'vitest';
import type { Doc } from '../kernel/types.ts';
import { bankByIban, bankByToken, bankFingerprint, bankOf, debitFailure, isSharedToken, TEST_BANKS } from './index.ts';

/** The check of ISO 13616, written with big integers. */
function valid(iban: string): boolean {
  const moved = `${iban.slice(4)}${iban.slice(0, 4)}`;
  const digits = [...moved].map((sign) => Number.parseInt(sign, 36).toString()).join('');
  return BigInt(digits) % 97n === 1n;
}

test('every account of the table is there once, with a right check number', () => {
  const ibans = TEST_BANKS.map((bank) => bank.iban);
  expect(new Set(ibans).size).toBe(ibans.length);
  expect(new Set(TEST_BANKS.map((bank) => bank.name)).size).toBe(TEST_BANKS.length);
  expect(ibans.filter((iban) => !valid(iban))).toEqual([]);
  expect(new Set(TEST_BANKS.map(bankFingerprint)).size).toBe(TEST_BANKS.length);
  // Eleven countries with eight each but one, and the Italian account of the Stripe CLI's trigger.
  expect(TEST_BANKS.length).toBe(11 * 8 - 1 + 1);
});

test('[docs testing#sepa-direct-debit] tokens and numbers name the same accounts', () => {
  const bank = bankByIban('DE62 3704 0044 0532 0130 01');
  expect(bank).toBe(bankByToken('pm_failed_de'));
  expect(bank).toMatchObject({ country: 'DE', settlesAfter: 0 });
  expect(bankByIban('de89370400440532013000')).toBe(bankByToken('pm_success_de'));
  expect(debitFailure(bankByToken('pm_insufficientFunds_at')!)?.code).toBe('insufficient_funds');
  expect(debitFailure(bankByToken('pm_successDelayed_nl')!)).toBeNull();
  expect([isSharedToken('pm_disputed_fr'), isSharedToken('pm_card_visa'), isSharedToken('pm_1AbC')]).toEqual([true, true, false]);
  expect([bankByToken('success_de'), bankByToken('pm_success_us')]).toEqual([undefined, undefined]);
});

test('any other number is refused: a wrong check number, or an account of the real world', () => {
  const base = { id: 'pm_1', object: 'payment_method', created: 0 } as Doc;
  expect(bankOf({ ...base, _bank: 'failed_at' }).iban).toBe('AT861904300235473202');
  expect(bankOf(base).name).toBe('success_de');
  fc.assert(
    fc.property(fc.constantFrom('DE', 'FR', 'AT', 'GB'), fc.stringMatching(/^[0-9]{20}$/), (country, digits) => {
      const iban = `${country}${digits}`;
      if (TEST_BANKS.some((bank) => bank.iban === iban)) return;
      expect(bankByIban(iban)).toBe(valid(iban) ? 'not_a_test_account' : 'invalid');
    }),
  );
  for (const nonsense of ['', 'DE', '4242424242424242', 'DE89-3704']) expect(bankByIban(nonsense)).toBe('invalid');
});
