import { invalidRequest } from '../../kernel/errors.ts';
import type { Doc, Tx } from '../../kernel/types.ts';
import { isWithoutPreview, showDuePhases } from '../schedule/preview.ts';
import { cycleInvoice, endedUsage, startPeriods } from './cycle.ts';
import { nextBoundary } from './items.ts';
import { HOUR } from './period.ts';
import { isLive } from './status.ts';

/** Carries the preview out of an attempt that is undone. */
class Previewed extends Error {
  readonly invoice: Doc;
  constructor(invoice: Doc) {
    super('Preview.');
    this.invoice = invoice;
  }
}

/** Runs `build` and takes back everything it wrote: what a preview shows is what the real thing would do [S 3.4]. */
export async function previewing(tx: Tx, build: () => Promise<Doc>): Promise<Doc> {
  try {
    await tx.attempt(async () => {
      throw new Previewed(await build());
    });
  } catch (error) {
    if (error instanceof Previewed) return error.invoice;
    throw error;
  }
  throw new Error('A preview always ends by throwing.');
}

/** The next renewal's invoice as it would be made now. Writes nothing; the caller runs it inside `previewing` or gives up the copies. */
export async function buildUpcoming(tx: Tx, subscription: Doc): Promise<Doc> {
  await showDuePhases(tx, subscription, nextBoundary(subscription));
  const at = nextBoundary(subscription);
  if (!isLive(subscription) || (subscription.cancel_at !== null && subscription.cancel_at <= at)) {
    throw invalidRequest('No upcoming invoices for customer', { code: 'invoice_upcoming_none', status: 404 });
  }
  const due = subscription.items.data.filter((item: Doc) => item.current_period_end <= at);
  const before = { start: Math.min(...due.map((item: Doc) => item.current_period_start)), end: at };
  const usage = await endedUsage(tx, { subscription, items: due });
  startPeriods(subscription, due, at);
  const invoice = await cycleInvoice(tx, { subscription, items: due, before, usage });
  return asPreview(invoice, { at, reason: 'upcoming' });
}

/** An invoice that does not exist: no number, no links, attempt one hour after its time [S 3.5]. */
export function asPreview(invoice: Doc, input: { at: number; reason: string }): Doc {
  invoice.created = input.at;
  invoice.billing_reason = input.reason;
  invoice.automatically_finalizes_at = null;
  invoice.next_payment_attempt = invoice.collection_method === 'charge_automatically' ? input.at + HOUR : null;
  invoice.ending_balance =
    invoice.total < 0 ? invoice.starting_balance + invoice.total : Math.min(0, invoice.starting_balance + invoice.total);
  if (invoice.due_date !== null && invoice._days_until_due !== null) invoice.due_date = input.at + invoice._days_until_due * 24 * HOUR;
  return invoice;
}

/** `invoice.upcoming`: the event's object is an invoice without id [S 3.5]. */
export async function announceUpcoming(tx: Tx, subscriptionId: string): Promise<void> {
  const subscription = await tx.get(subscriptionId, { object: 'subscription' });
  if (subscription === undefined || !isLive(subscription)) return;
  if (subscription.cancel_at !== null && subscription.cancel_at <= nextBoundary(subscription)) return;
  try {
    const preview = await previewing(tx, async () => buildUpcoming(tx, await tx.require('subscription', subscriptionId)));
    tx.emit('invoice.upcoming', withoutId(preview));
  } catch (error) {
    if (!isWithoutPreview(error)) throw error;
  }
}

/** The object of `invoice.upcoming`: no id, no hosted page. */
export function withoutId(invoice: Doc): Doc {
  const { id: _id, hosted_invoice_url: _url, invoice_pdf: _pdf, ...rest } = invoice;
  const subscription = invoice.parent?.subscription_details?.subscription;
  const url = `/v1/invoices/upcoming/lines?customer=${invoice.customer}${subscription === undefined ? '' : `&subscription=${subscription}`}`;
  const data = invoice.lines.data.map((line: Doc) => ({ ...line, id: line.id.replace(/^il_/, 'il_tmp_'), invoice: null }));
  return { ...rest, lines: { ...invoice.lines, data, url } } as unknown as Doc;
}
