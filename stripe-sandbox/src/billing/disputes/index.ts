/** Disputes: what the API, the control API and payments may do with them. */
export { disputeTestPayment, openTestDispute } from './after-payment.ts';
export { closeDispute, closeInquiry, endDispute, respondToDispute, runDeadline, runVerdict } from './decide.ts';
export { settleWarning, warnOfFraud } from './early-fraud-warning.ts';
export { FILE_FIELDS, type Verdict } from './evidence.ts';
export { type DisputeKind, openDispute } from './open.ts';
export { isClosed } from './status.ts';
