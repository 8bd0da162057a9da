import { invalidRequest } from '../../kernel/errors.ts';
import type { Doc, Params, Tx } from '../../kernel/types.ts';
import { collectInvoice } from '../invoice/collect.ts';
import { saveDraft } from '../invoice/draft.ts';
import { finalizeInvoice } from '../invoice/finalize.ts';
import { voidInvoice } from '../invoice/void.ts';
import { anchorIn, setAnchor, setPeriod } from './advance.ts';
import { subscriptionUpdated } from './announce.ts';
import type { Change } from './changes.ts';
import { debitsOf, setDebits } from './debits.ts';
import { linesOfItem } from './items.ts';
import { resumeUsage } from './metered.ts';
import { HOUR, type Period, periodAt } from './period.ts';
import { cadenceOf } from './prices.ts';
import { debitRemaining } from './proration-items.ts';
import { scheduleSubscription } from './schedule.ts';
import { moveTo } from './status.ts';
import { hasPaymentMethod } from './trial.ts';
import { emptyInvoice, fillInvoice, recordProrations } from './update.ts';

/** How long a resumption invoice may wait for a payment [DTS resume]. */
const LIFETIME = 23 * HOUR;

/**
 * paused → active. Anchor `now` (default): whole periods begin. `unchanged`: the period around now, what is left of it debited as
 * `proration_behavior` says. An invoice that results is finalized at once: with `resume_on_payment_attempt` (default) the attempt is enough, with
 * `resume_on_payment_success` it must be paid; without either for 23 hours it is voided and the subscription stays paused [S 3.1, DTS resume].
 */
export async function resumeSubscription(tx: Tx, input: { subscription: Doc; params: Params }): Promise<Doc> {
  const { subscription, params } = input;
  if (subscription.status !== 'paused') throw invalidRequest('You can only resume a subscription whose status is `paused`.');
  if (subscription.collection_method !== 'charge_automatically')
    throw invalidRequest('Only subscriptions with `collection_method=charge_automatically` can be resumed.');
  await dropResumption(tx, subscription);
  const customer = await tx.require('customer', subscription.customer);
  if (inTrial(tx, subscription)) return goOn(tx, subscription);
  const before = placeOf(subscription);
  const change = await startAgain(tx, { subscription, customer, params });
  if (!change.invoiceNow) {
    await goOn(tx, subscription);
    recordProrations(tx, { subscription, change });
    return subscription;
  }
  return bill(tx, { subscription, customer, change, before, waits: await mustWait(tx, input) });
}

/** The invoice a paused subscription waited for is paid, or written off: it goes on from where resuming had put it. */
export async function resumeAfterPayment(tx: Tx, input: { subscription: Doc; invoice: Doc }): Promise<void> {
  const { subscription, invoice } = input;
  if (subscription._resume?.invoice !== invoice.id) return;
  Object.assign(subscription, subscription._resume.place);
  await goOn(tx, subscription);
}

/** The resumption invoice was voided, by hand or after 23 hours: the subscription stays paused, as it was. */
export function forgetResumption(tx: Tx, subscription: Doc): void {
  delete subscription._resume;
  tx.cancelTimers(subscription.id, 'resume_expire');
  tx.put(subscription);
}

/** 23 hours without the payment that was waited for. */
export async function resumptionExpired(tx: Tx, subscriptionId: string): Promise<void> {
  const subscription = await tx.get(subscriptionId, { object: 'subscription' });
  if (subscription?.status === 'paused') await dropResumption(tx, subscription);
}

/** A resumption that waits is called off; its invoice is void. */
async function dropResumption(tx: Tx, subscription: Doc): Promise<void> {
  if (subscription._resume === undefined) return;
  const invoice = await tx.get(subscription._resume.invoice, { object: 'invoice' });
  forgetResumption(tx, subscription);
  if (invoice?.status === 'open') await voidInvoice(tx, { invoice, followSubscription: false });
}

/** Puts the items where resuming puts them and answers what that costs. */
async function startAgain(tx: Tx, input: { subscription: Doc; customer: Doc; params: Params }): Promise<Change> {
  const { subscription, customer, params } = input;
  const now = tx.now(subscription);
  const behavior = params.proration_behavior ?? 'create_prorations';
  const change: Change = { prorations: [], items: [], lines: [], invoiceNow: false };
  const keeps = params.billing_cycle_anchor?.type === 'unchanged';
  if (!keeps) setAnchor(subscription, now);
  for (const item of subscription.items.data) {
    const period = periodAt(anchorIn(subscription), cadenceOf(item.price), now);
    const paid = debitsOf(subscription, item).filter((debit) => debit.end > now && debit.start >= period.start);
    setPeriod(item, period);
    setDebits(subscription, item, keeps ? paid : []);
    if (!keeps) change.lines.push(...(await linesOfItem(tx, { subscription, item, period, trial: false })));
    else if (paid.length === 0 && behavior !== 'none')
      change.prorations.push(...(await debitRemaining(tx, { subscription, customer, item, at: debitFrom(params, period, now) })));
  }
  change.invoiceNow = change.lines.length > 0 || (behavior === 'always_invoice' && change.prorations.length > 0);
  return change;
}

/** Now, or `proration_date`, which must lie in the period around now. */
function debitFrom(params: Params, period: Period, now: number): number {
  const at = params.proration_date ?? now;
  if (at >= period.start && at <= period.end) return at;
  throw invalidRequest('Cannot specify proration_date outside of current subscription period.', { param: 'proration_date' });
}

async function mustWait(tx: Tx, input: { subscription: Doc; params: Params }): Promise<boolean> {
  return input.params.payment_behavior === 'resume_on_payment_success' || !(await hasPaymentMethod(tx, input.subscription));
}

type Place = Record<string, unknown>;
type Bill = { subscription: Doc; customer: Doc; change: Change; before: Place; waits: boolean };

async function bill(tx: Tx, input: Bill): Promise<Doc> {
  const { subscription, customer, change, waits } = input;
  const invoice = await emptyInvoice(tx, { subscription, customer });
  subscription.latest_invoice = invoice.id;
  if (!waits) await goOn(tx, subscription);
  recordProrations(tx, { subscription, change });
  await fillInvoice(tx, { subscription, customer, invoice, change });
  if (waits && invoice.amount_due > 0) wait(tx, { ...input, invoice });
  else if (waits) await goOn(tx, subscription);
  tx.put(subscription);
  await saveDraft(tx, invoice, { immediate: true });
  if (waits) invoice.auto_advance = false;
  await finalizeInvoice(tx, { invoice });
  if (invoice.status === 'open') await collectInvoice(tx, { invoice, attempt: waits ? 'manual' : 'automatic', offSession: false });
  return tx.require('subscription', subscription.id);
}

/** The subscription stays paused where it was; where it will go on is put aside until the invoice is paid. */
function wait(tx: Tx, input: Bill & { invoice: Doc }): void {
  const { subscription, invoice, before } = input;
  const place = placeOf(subscription);
  Object.assign(subscription, before);
  subscription._resume = { invoice: invoice.id, place };
  const dueAt = tx.now(subscription) + LIFETIME;
  tx.schedule({ kind: 'resume_expire', ref: subscription.id, dueAt, clock: subscription._clock });
}

function placeOf(subscription: Doc): Place {
  return structuredClone({
    billing_cycle_anchor: subscription.billing_cycle_anchor,
    billing_cycle_anchor_config: subscription.billing_cycle_anchor_config,
    items: subscription.items,
    _debits: subscription._debits ?? {},
  });
}

/** True when the trial a subscription was paused in is not over yet. */
function inTrial(tx: Tx, subscription: Doc): boolean {
  return subscription.trial_end !== null && subscription.trial_end > tx.now(subscription);
}

async function goOn(tx: Tx, subscription: Doc): Promise<Doc> {
  resumeUsage(subscription, tx.now(subscription));
  moveTo(subscription, inTrial(tx, subscription) ? 'trialing' : 'active');
  delete subscription._resume;
  delete subscription.status_details;
  tx.cancelTimers(subscription.id, 'resume_expire');
  scheduleSubscription(tx, subscription);
  await subscriptionUpdated(tx, subscription);
  tx.emit('customer.subscription.resumed', subscription);
  return subscription;
}
