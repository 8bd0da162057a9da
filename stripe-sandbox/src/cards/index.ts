/** The table of test cards and tokens, and the words of their refusals. */
export { DECLINES, type Decline, type DeclineName, declineFor } from './declines.ts';
export { cardByNumber, cardByToken, cardOf, fingerprintOf, isDecline } from './find.ts';
export { type Authentication, TEST_CARDS, type TestCard } from './table.ts';
