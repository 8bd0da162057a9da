import type { Doc, Tx } from '../../kernel/types.ts';
import { lastBoundary, nextBoundary } from './items.ts';
import { DAY, HOUR } from './period.ts';
import { isLive } from './status.ts';

/** How long a first payment may stay open [S 3.1]. */
export const INCOMPLETE_LIFETIME = 23 * HOUR;
/** `customer.subscription.trial_will_end` comes this long before the end [S 3.6]. */
export const TRIAL_WARNING = 3 * DAY;

const KINDS = [
  'period_end',
  'trial_will_end',
  'invoice_upcoming',
  'cancel_at',
  'incomplete_expire',
  'pause_resume',
  'pending_update_expire',
];

/** Sets all timers of a subscription anew from what it now is. Called after every change; a subscription that is over has none. */
export function scheduleSubscription(tx: Tx, subscription: Doc): void {
  for (const kind of KINDS) tx.cancelTimers(subscription.id, kind);
  const now = tx.now(subscription);
  const at = (kind: string, dueAt: number) => tx.schedule({ kind, ref: subscription.id, dueAt, clock: subscription._clock });
  if (subscription.status === 'incomplete') at('incomplete_expire', subscription.created + INCOMPLETE_LIFETIME);
  const pausedUntil = subscription.pause_collection?.resumes_at ?? null;
  if (pausedUntil !== null) at('pause_resume', pausedUntil);
  if (subscription.pending_update !== null) at('pending_update_expire', subscription.pending_update.expires_at);
  if (subscription.cancel_at !== null && !['canceled', 'incomplete_expired'].includes(subscription.status))
    at('cancel_at', subscription.cancel_at);
  if (!isLive(subscription)) return;
  const end = nextBoundary(subscription);
  at('period_end', end);
  const warning = subscription.trial_end === null ? null : subscription.trial_end - TRIAL_WARNING;
  if (subscription.status === 'trialing' && warning !== null && warning > now) at('trial_will_end', warning);
  scheduleUpcoming(tx, subscription, end);
}

/** `invoice.upcoming` some days before the boundary; not for invoices that are sent, nor where no invoice will come [S 3.5, 3.6]. */
function scheduleUpcoming(tx: Tx, subscription: Doc, end: number): void {
  const endsThere = subscription.cancel_at !== null && subscription.cancel_at <= end;
  if (subscription.collection_method !== 'charge_automatically' || endsThere) return;
  const dueAt = end - tx.account.settings.upcoming_days * DAY;
  if (dueAt > tx.now(subscription)) tx.schedule({ kind: 'invoice_upcoming', ref: subscription.id, dueAt, clock: subscription._clock });
}

/** Sets or clears the end of a subscription. `at` null = goes on. */
export function setCancelAt(tx: Tx, subscription: Doc, input: { at: number | null; atPeriodEnd: boolean }): void {
  const now = tx.now(subscription);
  subscription.cancel_at = input.atPeriodEnd ? lastBoundary(subscription) : input.at;
  subscription.cancel_at_period_end = input.atPeriodEnd;
  const ends = subscription.cancel_at !== null;
  subscription.canceled_at = ends ? (subscription.canceled_at ?? now) : null;
  subscription.cancellation_details = {
    comment: null,
    feedback: null,
    feedback_option: null,
    ...(subscription.cancellation_details ?? {}),
    reason: ends ? 'cancellation_requested' : null,
  };
}
