import type { Doc, Tx } from '../../kernel/types.ts';
import { nextAttempt } from '../dunning/schedule.ts';
import { exhaustRetries, onInvoiceFailed } from '../subscription/on-invoice.ts';

/** Renewals and changes are retried; the first invoice of a subscription has its 23 hours instead, one-off invoices only when they advance by themselves. */
const NEVER_RETRIED = new Set(['subscription_create']);

export type FailureInput = { invoice: Doc; requiresAction: boolean };

/**
 * One failed attempt: counts it, sets the next one, emits invoice.payment_action_required, invoice.payment_failed, invoice.updated and
 * moves the subscription to past_due; after the last retry to what the account's settings say [S 3.5–3.7].
 */
export async function recordFailure(tx: Tx, input: FailureInput): Promise<void> {
  const { invoice } = input;
  const now = tx.now(invoice);
  const before = { attempt_count: invoice.attempt_count, attempted: invoice.attempted, next_payment_attempt: invoice.next_payment_attempt };
  const kind = invoice._attempt?.kind ?? (invoice.attempt_count === 0 ? 'automatic' : 'manual');
  const counts = kind === 'automatic' || invoice.attempt_count === 0;
  const counted = invoice._attempt?.counted === true;
  delete invoice._attempt;
  invoice.attempted = true;
  invoice._first_failed_at = invoice._first_failed_at ?? now;
  if (counts && !counted) invoice.attempt_count += 1;
  const exhausted = counts && planNextAttempt(tx, invoice, now);
  tx.put(invoice);
  if (input.requiresAction) tx.emit('invoice.payment_action_required', invoice);
  tx.emit('invoice.payment_failed', invoice);
  tx.emit('invoice.updated', invoice, { previous: changed(before, invoice) });
  await onInvoiceFailed(tx, invoice);
  if (exhausted) await exhaustRetries(tx, invoice);
}

/** Schedules the next automatic attempt; true when there is none left. */
function planNextAttempt(tx: Tx, invoice: Doc, now: number): boolean {
  const retried =
    invoice.auto_advance &&
    (!NEVER_RETRIED.has(invoice.billing_reason) || invoice._scheduled === true) &&
    invoice.collection_method === 'charge_automatically';
  if (!retried) {
    invoice.next_payment_attempt = null;
    return false;
  }
  const at = nextAttempt({
    firstFailedAt: invoice._first_failed_at,
    attempts: invoice.attempt_count,
    retryDays: tx.account.settings.retry_days,
    now,
  });
  tx.cancelTimers(invoice.id, 'payment_retry');
  invoice.next_payment_attempt = at;
  if (at !== null) tx.schedule({ kind: 'payment_retry', ref: invoice.id, dueAt: at, clock: invoice._clock });
  return at === null;
}

/** invoice.payment_failed has shown the new state already, so what was before is said by hand. */
function changed(before: Record<string, unknown>, invoice: Doc): Record<string, unknown> {
  return Object.fromEntries(Object.entries(before).filter(([name, value]) => invoice[name] !== value));
}
