import { StripeError } from '../../kernel/errors.ts';
import type { Doc, Timer, Tx } from '../../kernel/types.ts';
import { onInvoiceOverdue } from '../subscription/on-invoice.ts';
import { DAY, HOUR } from '../subscription/period.ts';
import { collectInvoice } from './collect.ts';
import { finalizeInvoice } from './finalize.ts';
import { reminders } from './reminders.ts';
import { sendInvoice } from './send.ts';
import { markUncollectible, voidInvoice } from './void.ts';

/** How long finalization waits at most for endpoints that do not acknowledge `invoice.created` [S 3.5]. */
const LONGEST_WAIT = 72 * HOUR;

/** The draft hour is over: finalize and collect, or send. Delayed while an endpoint has not acknowledged invoice.created. */
export async function finalizeDue(tx: Tx, timer: Timer): Promise<void> {
  const invoice = await tx.get(timer.ref, { object: 'invoice' });
  if (invoice === undefined || invoice.status !== 'draft' || !invoice.auto_advance) return;
  const now = tx.now(invoice);
  const limit = invoice.created + LONGEST_WAIT;
  if (!invoice._finalizes_at_wish && now < limit && (await tx.deliveryPending('invoice.created', invoice.id))) {
    const again = Math.min(now + HOUR, limit);
    invoice.automatically_finalizes_at = again;
    if (invoice.next_payment_attempt !== null) invoice.next_payment_attempt = again;
    tx.put(invoice);
    tx.schedule({ kind: 'invoice_finalize', ref: invoice.id, dueAt: again, clock: invoice._clock });
    return;
  }
  if (await finalizeOrTell(tx, invoice.id)) await afterFinalization(tx, await tx.require('invoice', invoice.id));
}

async function afterFinalization(tx: Tx, invoice: Doc): Promise<void> {
  if (invoice.status !== 'open') return;
  if (invoice._pause === 'void') await voidInvoice(tx, { invoice });
  else if (invoice._pause === 'mark_uncollectible') await markUncollectible(tx, { invoice });
  else if (invoice.collection_method === 'send_invoice') await sendInvoice(tx, { invoice });
  else await collectInvoice(tx, { invoice, attempt: 'automatic', offSession: true });
}

/** Finalizes; what stands in the way is noted on the draft and told by invoice.finalization_failed, and the draft stays. */
async function finalizeOrTell(tx: Tx, id: string): Promise<boolean> {
  try {
    await tx.attempt(async () => finalizeInvoice(tx, { invoice: await tx.require('invoice', id) }));
    return true;
  } catch (error) {
    if (!(error instanceof StripeError)) throw error;
    const invoice = await tx.require('invoice', id);
    const { type, code, message, param } = error.body;
    invoice.last_finalization_error = { type, message, ...(code === undefined ? {} : { code }), ...(param === undefined ? {} : { param }) };
    invoice.automatically_finalizes_at = null;
    invoice.next_payment_attempt = null;
    tx.put(invoice);
    tx.emit('invoice.finalization_failed', invoice);
    return false;
  }
}

/** A retry of a failed payment. */
export async function retryDue(tx: Tx, timer: Timer): Promise<void> {
  const invoice = await tx.get(timer.ref, { object: 'invoice' });
  if (invoice === undefined || invoice.status !== 'open' || !invoice.auto_advance) return;
  await collectInvoice(tx, { invoice, attempt: 'automatic', offSession: true });
}

/** A sent invoice has reached its due date unpaid: its subscription is past due. Told at once, or as many days later as the account chose. */
export async function dueDue(tx: Tx, timer: Timer): Promise<void> {
  const invoice = await tx.get(timer.ref, { object: 'invoice' });
  if (invoice === undefined || invoice.status !== 'open') return;
  const days = reminders(tx).overdue;
  if (days === 0) tx.emit('invoice.overdue', invoice);
  else tx.schedule({ kind: 'invoice_overdue', ref: invoice.id, dueAt: invoice.due_date + days * DAY, clock: invoice._clock });
  await onInvoiceOverdue(tx, invoice);
}

/** Still unpaid some days after its due date. */
export async function overdueDue(tx: Tx, timer: Timer): Promise<void> {
  const invoice = await tx.get(timer.ref, { object: 'invoice' });
  if (invoice?.status === 'open') tx.emit('invoice.overdue', invoice);
}

/** Some days before its due date. */
export async function willBeDueDue(tx: Tx, timer: Timer): Promise<void> {
  const invoice = await tx.get(timer.ref, { object: 'invoice' });
  if (invoice?.status === 'open') tx.emit('invoice.will_be_due', invoice);
}
