import { invalidRequest, StripeError } from '../../kernel/errors.ts';
import type { Doc, Params, Tx } from '../../kernel/types.ts';
import { useDiscounts } from '../discounts/load.ts';
import { collectInvoice } from '../invoice/collect.ts';
import { buildDraft, saveDraft } from '../invoice/draft.ts';
import { finalizeInvoice } from '../invoice/finalize.ts';
import { attachItems, createItem, pendingItems } from '../invoice/items.ts';
import { addLines } from '../invoice/lines.ts';
import { recalculate } from '../invoice/recalculate.ts';
import { addInvoiceItems } from './add-invoice-items.ts';
import { subscriptionUpdated } from './announce.ts';
import { type Change, changeSubscription } from './changes.ts';
import { checkAddedItems } from './check.ts';
import { billingOf } from './cycle.ts';
import { debitOf, debitsOf, setDebits } from './debits.ts';
import { setFields } from './fields.ts';
import { checkPending, dropPending, keepPending } from './pending-update.ts';
import { scheduleSubscription } from './schedule.ts';
import { isOver, moveTo } from './status.ts';
import { watchThresholds } from './thresholds.ts';
import { endsUnpaid, endTrialWithoutPayment, warnAtOnceIfShort } from './trial.ts';

/** All that may still change on a subscription that is over [S 3.1]. */
const CHANGEABLE_AFTER_END = new Set(['metadata', 'cancellation_details', 'expand']);

/**
 * Changes a subscription from Stripe's own parameters. Prorations wait as invoice items for the next invoice, or are billed and collected at once
 * where Stripe does so [S 3.2–3.4, 3.6 (7)]. A declined immediate payment keeps the change and makes it past_due; with `error_if_incomplete` it
 * is refused and nothing changes; with `pending_if_incomplete` it waits for its payment.
 */
export async function updateSubscription(tx: Tx, input: { id: string; params: Params }): Promise<Doc> {
  if (input.params.payment_behavior !== 'pending_if_incomplete') return apply(tx, input);
  checkPending(await tx.require('subscription', input.id), input.params);
  try {
    return await tx.attempt(() => apply(tx, input));
  } catch (error) {
    if (!(error instanceof ChangeNotPaid)) throw error;
    return keepPending(tx, input);
  }
}

/** The payment of a change that may not happen without it; undoes the change. */
class ChangeNotPaid extends Error {}

async function apply(tx: Tx, input: { id: string; params: Params }): Promise<Doc> {
  const { params } = input;
  const subscription = await tx.require('subscription', input.id);
  checkUpdate(subscription, params);
  const customer = await tx.require('customer', subscription.customer);
  await dropPending(tx, subscription, params);
  const hadTrialEnd = subscription.trial_end;
  await setFields(tx, { subscription, customer, params });
  if (params.trial_end === 'now' && subscription.status === 'trialing' && (await endsUnpaid(tx, subscription))) {
    await endTrialNow(tx, { subscription, customer, params });
    return subscription;
  }
  const change = await changeSubscription(tx, { subscription, customer, params });
  await watchThresholds(tx, subscription);
  await addInvoiceItems(tx, { given: params.add_invoice_items, subscription, customer });
  const invoice = change.invoiceNow ? await emptyInvoice(tx, { subscription, customer }) : null;
  if (invoice !== null) subscription.latest_invoice = invoice.id;
  if (!isOver(subscription)) scheduleSubscription(tx, subscription);
  await subscriptionUpdated(tx, subscription);
  if (params.trial_end !== undefined && subscription.trial_end !== hadTrialEnd) warnAtOnceIfShort(tx, subscription);
  recordProrations(tx, { subscription, change });
  if (invoice !== null) await billChange(tx, { subscription, customer, invoice, change, params });
  return tx.require('subscription', subscription.id);
}

/** `trial_end: now` without a way to pay ends as the trial's own end would: paused or canceled, nothing billed [S 3.1]. */
async function endTrialNow(tx: Tx, input: { subscription: Doc; customer: Doc; params: Params }): Promise<void> {
  const { subscription } = input;
  const { trial_end: _now, ...params } = input.params;
  await changeSubscription(tx, { ...input, params });
  const now = tx.now(subscription);
  for (const item of subscription.items.data) item.current_period_end = now;
  Object.assign(subscription, { trial_end: now, billing_cycle_anchor: now });
  tx.put(subscription);
  warnAtOnceIfShort(tx, subscription);
  await endTrialWithoutPayment(tx, subscription);
}

/** The invoice that bills a change at once; lines follow when the change has been told. */
export async function emptyInvoice(tx: Tx, input: { subscription: Doc; customer: Doc }): Promise<Doc> {
  const { subscription, customer } = input;
  const start = Math.min(...subscription.items.data.map((item: Doc) => item.current_period_start));
  const now = tx.now(subscription);
  const invoice = await buildDraft(tx, {
    ...billingOf(subscription),
    customer,
    subscription,
    billingReason: 'subscription_update',
    lines: [],
    period: { start: Math.min(start, now), end: now },
  });
  tx.put(invoice);
  return invoice;
}

/** Stores the prorations as pending invoice items and remembers the debits among them, so that the next change can give them back. */
export function recordProrations(tx: Tx, input: { subscription: Doc; change: Change }): void {
  const { subscription, change } = input;
  for (const proration of [...change.items, ...change.prorations]) {
    const item = createItem(tx, proration);
    const isDebit = proration.prorationDetails?.credited_items == null && proration.amount >= 0;
    const of = subscription.items.data.find((candidate: Doc) => candidate.id === proration.subscriptionItem);
    if (!isDebit || of === undefined || proration.period === undefined) continue;
    const { period } = proration;
    const before = debitsOf(subscription, of).filter((debit) => debit.end <= period.start);
    const discounts = proration.fixedDiscounts ?? [];
    setDebits(subscription, of, [
      ...before,
      { amount: item.net_amount, discounts, ...period, invoice: null, lines: [], invoiceItem: item.id },
    ]);
    tx.put(subscription);
  }
}

/** Puts whole-period lines and everything pending on the invoice of a change. */
export async function fillInvoice(tx: Tx, input: { subscription: Doc; customer: Doc; invoice: Doc; change: Change }): Promise<void> {
  const { subscription, customer, invoice, change } = input;
  addLines(tx, invoice, change.lines);
  attachItems(
    tx,
    invoice,
    await pendingItems(tx, { customer: customer.id, subscription: subscription.id, currency: subscription.currency }),
  );
  await recalculate(tx, invoice, customer);
  for (const line of invoice.lines.data) {
    const details = line.parent.subscription_item_details;
    if (details?.invoice_item !== null || line.amount <= 0 || invoice._usage?.[line.id] !== undefined) continue;
    const item = subscription.items.data.find((candidate: Doc) => candidate.id === details.subscription_item);
    if (item !== undefined) setDebits(subscription, item, [debitOf(line, invoice)]);
  }
}

/** Fills the invoice of a change, finalizes it and tries to collect it, as the parameters of the call say. */
export async function billChange(
  tx: Tx,
  input: { subscription: Doc; customer: Doc; invoice: Doc; change: Change; params: Params },
): Promise<void> {
  const { subscription, invoice, params } = input;
  await fillInvoice(tx, input);
  const billed = new Set(invoice.lines.data.map((line: Doc) => line.parent.subscription_item_details?.subscription_item));
  const items = subscription.items.data.filter((item: Doc) => billed.has(item.id));
  await useDiscounts(tx, { subscription, items, at: tx.now(subscription) });
  tx.put(subscription);
  const immediate = subscription.collection_method === 'charge_automatically' && invoice._pause == null && subscription.status !== 'unpaid';
  await saveDraft(tx, invoice, { immediate });
  if (!immediate) return;
  await finalizeInvoice(tx, { invoice });
  if (invoice.status !== 'open') return;
  if (params.payment_behavior === 'default_incomplete') {
    await awaitConfirmation(tx, subscription);
    return;
  }
  const result = await collectInvoice(tx, { invoice, attempt: 'automatic', offSession: params.off_session === true });
  const worked = result.outcome === 'paid' || result.outcome === 'processing';
  if (!worked && params.payment_behavior === 'pending_if_incomplete') throw new ChangeNotPaid();
  if (!worked && params.payment_behavior === 'error_if_incomplete') throw undone(result.error);
}

/** `default_incomplete` on an update: past_due until somebody confirms the payment [S 3.2]. */
async function awaitConfirmation(tx: Tx, subscription: Doc): Promise<void> {
  if (subscription.status !== 'active') return;
  moveTo(subscription, 'past_due');
  await subscriptionUpdated(tx, subscription);
}

function undone(error: StripeError | undefined): StripeError {
  const {
    payment_intent: _intent,
    charge: _charge,
    ...body
  } = error?.body ?? {
    type: 'card_error' as const,
    code: 'subscription_payment_intent_requires_action',
    message: 'Payment for this subscription requires additional user action before it can be completed successfully.',
  };
  return new StripeError(402, body, { commit: false });
}

function checkUpdate(subscription: Doc, params: Params): void {
  checkAddedItems(params);
  if (isOver(subscription)) {
    const refused = Object.keys(params).filter((name) => !CHANGEABLE_AFTER_END.has(name));
    if (refused.length > 0) throw invalidRequest('A canceled subscription can only update its cancellation_details and metadata.');
  }
  if (params.cancel_at !== undefined && params.cancel_at !== '' && params.cancel_at_period_end === true) {
    throw invalidRequest('You may only specify one of these parameters: cancel_at, cancel_at_period_end.', {
      code: 'parameters_exclusive',
      param: 'cancel_at',
    });
  }
  if (subscription.status === 'incomplete' && (params.items !== undefined || params.trial_end !== undefined)) {
    throw invalidRequest('This subscription cannot be updated in its current state: its first invoice is not paid yet.');
  }
}
