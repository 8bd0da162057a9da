import { resumptionExpired } from '../../billing/subscription/resume.ts';
import { cancelNow, collectionResumed, incompleteExpired, pendingExpired, periodEnded } from '../../billing/subscription/timers.ts';
import { warnOfTrialEnd } from '../../billing/subscription/trial.ts';
import { announceUpcoming } from '../../billing/subscription/upcoming.ts';
import type { TimerHandler } from '../../kernel/types.ts';

/** What happens to subscriptions by themselves [sandbox.md 6]. */
export const subscriptionTimers: Record<string, TimerHandler> = {
  period_end: periodEnded,
  cancel_at: cancelNow,
  incomplete_expire: incompleteExpired,
  pause_resume: collectionResumed,
  resume_expire: (tx, timer) => resumptionExpired(tx, timer.ref),
  pending_update_expire: pendingExpired,
  trial_will_end: (tx, timer) => warnOfTrialEnd(tx, timer.ref),
  invoice_upcoming: (tx, timer) => announceUpcoming(tx, timer.ref),
};
