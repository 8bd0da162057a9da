/** Stripe's test bank accounts for SEPA Direct Debit [docs.stripe.com/testing#sepa-direct-debit]. No other account number is ever stored. */
import { createHash } from 'node:crypto';
import type { Doc } from '../kernel/types.ts';
import { DEBIT_FAILURES, type DebitFailureName } from './debit-failures.ts';

export type TestBank = {
  /** Name of the row, kept on the payment method as `_bank`: `failed_de`; the shared token is `pm_failed_de`. */
  name: string;
  iban: string;
  country: string;
  /** Seconds from `processing` to the end. */
  settlesAfter: number;
  /** Absent: the money arrives. */
  failure?: DebitFailureName;
  /** The payer's bank takes the money back at once. */
  disputed?: boolean;
};

/** "After at least three minutes." */
const DELAY_SECONDS = 180;
const FINGERPRINT_LENGTH = 16;

const KINDS: { kind: string; behaviour: Omit<TestBank, 'name' | 'iban' | 'country'> }[] = [
  { kind: 'success', behaviour: { settlesAfter: 0 } },
  { kind: 'successDelayed', behaviour: { settlesAfter: DELAY_SECONDS } },
  { kind: 'failed', behaviour: { settlesAfter: 0, failure: 'could_not_process' } },
  { kind: 'failedDelayed', behaviour: { settlesAfter: DELAY_SECONDS, failure: 'could_not_process' } },
  { kind: 'disputed', behaviour: { settlesAfter: 0, disputed: true } },
  { kind: 'exceedsWeeklyVolumeLimit', behaviour: { settlesAfter: 0, failure: 'charge_exceeds_source_limit' } },
  { kind: 'exceedsWeeklyTransactionLimit', behaviour: { settlesAfter: 0, failure: 'charge_exceeds_weekly_limit' } },
  { kind: 'insufficientFunds', behaviour: { settlesAfter: 0, failure: 'insufficient_funds' } },
];

/** One line per country, in the order of KINDS. */
const IBANS = `
AT611904300234573201 AT321904300235473204 AT861904300235473202 AT051904300235473205 AT591904300235473203 AT981904300000343434 AT601904300000121212 AT981904300002222227
BE62510007547061 BE78510007547064 BE68539007547034 BE51510007547065 BE08510007547063 BE90510000343434 BE52510000121212 BE90510002222227
DE89370400440532013000 DE08370400440532013003 DE62370400440532013001 DE78370400440532013004 DE35370400440532013002 DE65370400440000343434 DE27370400440000121212 DE65370400440002222227
EE382200221020145685 EE222200221020145682 EE762200221020145680 EE922200221020145683 EE492200221020145681 EE672200000000343434 EE292200000000121212 EE672200000002222227
FI2112345600000785 FI3712345600000788 FI9112345600000786 FI1012345600000789 FI6412345600000787 FI6712345600343434 FI2912345600121212 FI6712345602222227
FR1420041010050500013M02606 FR3020041010050500013M02609 FR8420041010050500013M02607 FR7920041010050500013M02600 FR5720041010050500013M02608 FR9720041010050000000343434 FR5920041010050000000121212 FR9720041010050000002222227
HR7624020064583467589 HR6323600002337876649 HR2725000096983499248 HR6723600004878117427 HR8724840081455523553 HR7424020060000343434 HR3624020060000121212 HR7424020060002222227
IE29AIBK93115212345678 IE24AIBK93115212345671 IE02AIBK93115212345679 IE94AIBK93115212345672 IE51AIBK93115212345670 IE10AIBK93115200343434 IE69AIBK93115200121212 IE10AIBK93115202222227
LT121000011101001000 LT281000011101001003 LT821000011101001001 LT981000011101001004 LT551000011101001002 LT591000000000343434 LT211000000000121212 LT591000000002222227
LU280019400644750000 LU440019400644750003 LU980019400644750001 LU170019400644750004 LU710019400644750002 LU900010000000343434 LU520010000000121212 LU900010000002222227
NL39RABO0300065264 NL55RABO0300065267 NL91ABNA0417164300 NL28RABO0300065268 NL82RABO0300065266 NL27RABO0000343434 NL86RABO0000121212`;

/** The account that the Stripe CLI's trigger checkout.session.async_payment_failed pays from. */
const ITALIAN_FAILURE = 'IT60X0542811101000000123456';

export const TEST_BANKS: readonly TestBank[] = [
  ...IBANS.trim()
    .split('\n')
    .flatMap((line) => line.split(' ').map((iban, index) => bankOfRow(iban, KINDS[index]!))),
  bankOfRow(ITALIAN_FAILURE, KINDS.find(({ kind }) => kind === 'failed')!),
];

const BY_NAME = new Map(TEST_BANKS.map((bank) => [bank.name, bank]));
const BY_IBAN = new Map(TEST_BANKS.map((bank) => [bank.iban, bank]));

function bankOfRow(iban: string, { kind, behaviour }: (typeof KINDS)[number]): TestBank {
  const country = iban.slice(0, 2);
  return { name: `${kind}_${country.toLowerCase()}`, iban, country, ...behaviour };
}

/** The account behind a shared token (`pm_success_de`); undefined for ids of stored objects. */
export function bankByToken(token: string): TestBank | undefined {
  return token.startsWith('pm_') ? BY_NAME.get(token.slice(3)) : undefined;
}

/** The test account of this IBAN, or why it is none: a wrong check digit, or an account of the real world. */
export function bankByIban(iban: string): TestBank | 'invalid' | 'not_a_test_account' {
  const compact = iban.replace(/\s/g, '').toUpperCase();
  return BY_IBAN.get(compact) ?? (passesCheck(compact) ? 'not_a_test_account' : 'invalid');
}

/** The row behind a stored `sepa_debit` method; one seeded from elsewhere behaves like a good account. */
export function bankOf(paymentMethod: Doc): TestBank {
  return BY_NAME.get(paymentMethod._bank ?? '') ?? BY_NAME.get('success_de')!;
}

export function bankFingerprint(bank: TestBank): string {
  return createHash('sha256').update(bank.iban).digest('base64').replace(/[+/=]/g, '').slice(0, FINGERPRINT_LENGTH);
}

/** ISO 7064 MOD 97-10: the first four characters to the end, letters as 10 … 35, remainder 1. */
function passesCheck(iban: string): boolean {
  if (!/^[A-Z]{2}\d{2}[A-Z0-9]{10,30}$/.test(iban)) return false;
  const digits = (iban.slice(4) + iban.slice(0, 4)).replace(/[A-Z]/g, (letter) => String(letter.charCodeAt(0) - 55));
  return [...digits].reduce((rest, digit) => (rest * 10 + Number(digit)) % 97, 0) === 1;
}

export function debitFailure(bank: TestBank) {
  return bank.failure === undefined ? null : DEBIT_FAILURES[bank.failure];
}
