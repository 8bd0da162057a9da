/** Billing credits: prepaid or given away, spent on usage when an invoice is finalized. */
export { applyCredits, reinstateCredits } from './apply.ts';
export { creditsExpired, expireRest, scheduleExpiry } from './expire.ts';
export { isExpired, writeEntry } from './ledger.ts';
