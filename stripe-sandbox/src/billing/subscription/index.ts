/** Subscriptions: what other folders may do with them. Everything runs in the caller's transaction and takes Stripe's own parameters. */
export { cancelSubscription } from './cancel.ts';
export { createSubscription } from './create.ts';
export { pauseSubscription } from './pause.ts';
export { resumeSubscription } from './resume.ts';
export { updateSubscription } from './update.ts';
