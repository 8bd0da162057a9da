/** Subscription schedules: what other folders may do with them. Everything runs in the caller's transaction and takes Stripe's own parameters. */
export { createSchedule } from './create.ts';
export { followSubscription, releaseSchedule, stopAllOf, stopSchedule } from './end.ts';
export { advanceSchedule } from './enter-phase.ts';
export { warnOfExpiry } from './timers.ts';
export { updateSchedule } from './update.ts';
