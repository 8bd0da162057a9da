/** What an invoice's fate does to its subscription [S 3.1]. Only the newest invoice counts, except while the first payment is open. */
import type { Doc, Tx } from '../../kernel/types.ts';
import { setDelinquent, subscriptionUpdated } from './announce.ts';
import { endSubscription, expireIncomplete } from './end.ts';
import { applyPending, expirePending } from './pending-update.ts';
import { forgetResumption, resumeAfterPayment } from './resume.ts';
import { scheduleSubscription } from './schedule.ts';
import { isOver, moveTo } from './status.ts';

/** Paid: incomplete → active (or trialing), past_due and unpaid → active. */
export async function onInvoicePaid(tx: Tx, invoice: Doc): Promise<void> {
  await recover(tx, invoice, ['past_due', 'unpaid']);
}

/** Marked uncollectible: past_due → active. */
export async function onInvoiceUncollectible(tx: Tx, invoice: Doc): Promise<void> {
  await recover(tx, invoice, ['past_due']);
}

/** A failed attempt on the newest invoice: active → past_due. `incomplete` waits for its 23 hours. */
export async function onInvoiceFailed(tx: Tx, invoice: Doc): Promise<void> {
  const subscription = await subscriptionOf(tx, invoice);
  if (subscription === undefined || subscription.latest_invoice !== invoice.id || subscription._pending?.invoice === invoice.id) return;
  if (subscription.status !== 'active' && subscription.status !== 'trialing') return;
  moveTo(subscription, 'past_due');
  await setDelinquent(tx, subscription, true);
  await subscriptionUpdated(tx, subscription);
}

/** The first payment is a debit under way: active at once, without waiting for the bank [docs billing/subscriptions/overview]. */
export async function onFirstDebit(tx: Tx, invoice: Doc): Promise<void> {
  const subscription = await subscriptionOf(tx, invoice);
  if (subscription?.latest_invoice !== invoice.id || invoice.billing_reason !== 'subscription_create') return;
  invoice._started_by_debit = true;
  tx.put(invoice);
  if (subscription.status !== 'incomplete') return;
  moveTo(subscription, 'active');
  scheduleSubscription(tx, subscription);
  await subscriptionUpdated(tx, subscription);
}

/** Sent, not paid, past its due date: → past_due. */
export async function onInvoiceOverdue(tx: Tx, invoice: Doc): Promise<void> {
  await onInvoiceFailed(tx, invoice);
}

/** The last retry failed: cancel, unpaid or leave past_due, as the account chose [S 3.7]. */
export async function exhaustRetries(tx: Tx, invoice: Doc): Promise<void> {
  const subscription = await subscriptionOf(tx, invoice);
  if (subscription === undefined || isOver(subscription)) return;
  const choice = tx.account.settings.retries_exhausted;
  subscription._exhausted = true;
  tx.put(subscription);
  if (choice === 'cancel') await endSubscription(tx, { subscription, reason: 'payment_failed' });
  else if (choice === 'unpaid' && subscription.status !== 'unpaid') {
    moveTo(subscription, 'unpaid');
    await subscriptionUpdated(tx, subscription);
  }
}

/** The newest invoice was voided: the one before it decides. The voided first invoice ends an incomplete subscription [S 3.1]. */
export async function onInvoiceVoided(tx: Tx, invoice: Doc): Promise<void> {
  const subscription = await subscriptionOf(tx, invoice);
  if (subscription?._pending?.invoice === invoice.id) {
    await expirePending(tx, subscription!);
    return;
  }
  if (subscription?._resume?.invoice === invoice.id) forgetResumption(tx, subscription!);
  if (subscription === undefined || subscription.latest_invoice !== invoice.id) return;
  if (subscription.status === 'incomplete') {
    await expireIncomplete(tx, subscription);
    return;
  }
  if (subscription.status !== 'past_due' && subscription.status !== 'unpaid') return;
  const status = await statusByInvoices(tx, subscription);
  if (status === subscription.status) return;
  moveTo(subscription, status);
  if (status === 'active') await setDelinquent(tx, subscription, false);
  await subscriptionUpdated(tx, subscription);
}

/** Newest to oldest: the first invoice that was not voided tells the status. */
async function statusByInvoices(tx: Tx, subscription: Doc): Promise<'active' | 'past_due' | 'unpaid'> {
  const invoices = await tx.query({ object: 'invoice', where: { subscription: subscription.id }, order: 'newest' });
  for (const invoice of invoices) {
    if (invoice.status === 'paid' || invoice.status === 'uncollectible') return 'active';
    if (invoice.status !== 'open') continue;
    if (invoice.auto_advance === false && subscription._exhausted === true)
      return tx.account.settings.retries_exhausted === 'unpaid' ? 'unpaid' : 'past_due';
    const overdue = invoice.due_date !== null && invoice.due_date <= tx.now(subscription);
    if (overdue || invoice.attempt_count > 0) return 'past_due';
  }
  return 'active';
}

async function recover(tx: Tx, invoice: Doc, from: string[]): Promise<void> {
  const subscription = await subscriptionOf(tx, invoice);
  if (subscription === undefined) return;
  if (subscription.status === 'paused') {
    await resumeAfterPayment(tx, { subscription, invoice });
    return;
  }
  if (subscription._pending?.invoice === invoice.id) {
    if (invoice.status === 'paid') await applyPending(tx, subscription);
    return;
  }
  if (subscription.latest_invoice !== invoice.id) return;
  const first = subscription.status === 'incomplete' && invoice.status === 'paid';
  if (!first && !from.includes(subscription.status)) return;
  const trialing = subscription.trial_end !== null && subscription.trial_end > tx.now(subscription);
  moveTo(subscription, trialing ? 'trialing' : 'active');
  delete subscription._exhausted;
  await setDelinquent(tx, subscription, false);
  scheduleSubscription(tx, subscription);
  await subscriptionUpdated(tx, subscription);
}

async function subscriptionOf(tx: Tx, invoice: Doc): Promise<Doc | undefined> {
  const id = invoice.parent?.subscription_details?.subscription;
  return id === undefined ? undefined : tx.get(id, { object: 'subscription' });
}
