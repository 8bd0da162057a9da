/** The tables of test cards and test bank accounts, and the words of their refusals. */
export { bankByIban, bankByToken, bankFingerprint, bankOf, debitFailure, TEST_BANKS, type TestBank } from './banks.ts';
export { DEBIT_FAILURES } from './debit-failures.ts';
export { DECLINES, type Decline, type DeclineName, declineFor } from './declines.ts';
export { cardByNumber, cardByToken, cardOf, fingerprintOf, isDecline, isSharedToken } from './find.ts';
export { type Authentication, TEST_CARDS, type TestCard } from './table.ts';
