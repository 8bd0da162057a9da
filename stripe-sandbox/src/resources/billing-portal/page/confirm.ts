/** The change of a plan is confirmed: first what it costs today and from then on, then the change itself. */
import { payInvoice } from '../../../billing/invoice/index.ts';
import { previewInvoice } from '../../../billing/invoice/preview.ts';
import { updateSubscription } from '../../../billing/subscription/index.ts';
import { invalidRequest, StripeError } from '../../../kernel/errors.ts';
import type { Doc, PageAnswer, PageRequest, Params, Tx } from '../../../kernel/types.ts';
import { day, money } from '../../../pages/format.ts';
import { type Html, html } from '../../../pages/html.ts';
import { lastIntent } from '../../../pages/invoice/load.ts';
import { lineRows } from '../../../pages/invoice/rows.ts';
import { findRedeemableCode } from '../../promotion-codes/index.ts';
import { portalFrame } from './frame.ts';
import { openFlow } from './load.ts';
import { planOf, priceOf } from './plan.ts';
import { doTask, isTask, loadTask, type Task, taskForm } from './task.ts';
import { allows, offersOf, quantityProblem } from './update.ts';

const FLOWS = ['subscription_update', 'subscription_update_confirm'];
const NEEDS_BANK = 'subscription_payment_intent_requires_action';

type Chosen = { price: Doc; name: string; quantity: number; discounts: Params[] | null };

/** GET /p/{session}/confirm/{subscription}: what the change costs. Nothing is changed yet. */
export async function showConfirm(rq: PageRequest): Promise<PageAnswer> {
  const task = await loadTask(rq, 'subscription_update', FLOWS);
  return isTask(task) ? confirmPage(rq, task, null, 200) : task;
}

/** POST: makes the change. A declined payment changes nothing; a card that asks the bank leads to its page and the change waits for it. */
export async function submitConfirm(rq: PageRequest): Promise<PageAnswer> {
  const task = await loadTask(rq, 'subscription_update', FLOWS);
  if (!isTask(task)) return task;
  const chosen = await chosenOf(rq, task);
  if (typeof chosen === 'string') return confirmPage(rq, task, chosen, 422);
  return doTask(rq, task, {
    again: (message, status) => confirmPage(rq, task, message, status),
    work: (tx) => change(tx, task, chosen),
  });
}

async function change(tx: Tx, { shown, subscription: { id } }: Task, chosen: Chosen): Promise<string | undefined> {
  const subscription = await tx.require('subscription', id);
  const params = paramsOf(shown.features.subscription_update!, subscription, chosen);
  try {
    await tx.attempt(() => updateSubscription(tx, { id, params: { ...params, payment_behavior: 'error_if_incomplete' } }));
    return undefined;
  } catch (error) {
    if (!(error instanceof StripeError) || error.body.code !== NEEDS_BANK) throw error;
  }
  const waiting = await updateSubscription(tx, { id, params: { ...params, payment_behavior: 'pending_if_incomplete' } });
  const invoice = await tx.require('invoice', waiting.latest_invoice);
  await payInvoice(tx, { invoice, returnUrl: `${tx.publicUrl}/p/${shown.session.id}/returned` });
  const url: string | undefined = (await lastIntent(tx, invoice))?.next_action?.redirect_to_url?.url;
  return url;
}

/** Stripe's own parameters for the change, with the configuration's rules. */
function paramsOf(feature: Params, subscription: Doc, { price, quantity, discounts }: Chosen): Params {
  const metered = price.recurring?.usage_type === 'metered';
  return {
    items: [{ id: subscription.items.data[0].id, price: price.id, ...(metered ? {} : { quantity }) }],
    proration_behavior: feature.proration_behavior,
    ...(feature.billing_cycle_anchor === 'now' ? { billing_cycle_anchor: { type: 'now' } } : {}),
    ...(subscription.status === 'trialing' && feature.trial_update_behavior === 'end_trial' ? { trial_end: 'now' } : {}),
    ...(discounts === null ? {} : { discounts }),
  };
}

/** What is asked for, by the flow or by the address; a sentence when it cannot be. */
async function chosenOf(rq: PageRequest, task: Task): Promise<Chosen | string> {
  const { shown, subscription } = task;
  const details = openFlow(shown)?.subscription_update_confirm;
  const [item] = subscription.items.data;
  if (details != null) {
    const [wanted] = details.items;
    const price = await rq.transaction(shown.account, (tx) => tx.get(wanted.price ?? item.price.id, { object: 'price' }));
    if (price === undefined) return 'This plan is not offered any more.';
    const name = await nameOf(rq, task, price);
    const given = (details.discounts as Params[] | null)?.map((one) =>
      one.promotion_code === null ? { coupon: one.coupon } : { promotion_code: one.promotion_code },
    );
    return { price, name, quantity: wanted.quantity ?? item.quantity ?? 1, discounts: given ?? null };
  }
  const offer = (await offersOf(rq, task)).find((one) => one.price.id === rq.query.get('price'));
  if (offer === undefined) return 'Choose one of the plans.';
  const quantity = Number(rq.query.get('quantity') ?? item.quantity ?? 1);
  const free = allows(task, 'quantity') && offer.quantity !== null;
  const problem = free ? quantityProblem(offer, quantity) : quantity === (item.quantity ?? 1) ? null : 'The quantity is fixed.';
  if (problem !== null) return problem;
  const typed = allows(task, 'promotion_code') ? (rq.query.get('code') ?? '') : '';
  if (typed === '') return { price: offer.price, name: offer.name, quantity, discounts: null };
  const code = await rq.transaction(shown.account, (tx) => findRedeemableCode(tx, { code: typed, customer: shown.customer.id }));
  return code === undefined ? 'This promotion code is not valid.' : { ...offer, quantity, discounts: [{ promotion_code: code.id }] };
}

async function nameOf(rq: PageRequest, { shown }: Task, price: Doc): Promise<string> {
  const product = await rq.transaction(shown.account, (tx) => tx.get(price.product, { object: 'product', deleted: true }));
  return product?.name ?? 'Plan';
}

async function confirmPage(rq: PageRequest, task: Task, message: string | null, status: number): Promise<PageAnswer> {
  const { shown, subscription } = task;
  const chosen = await chosenOf(rq, task);
  if (typeof chosen === 'string')
    return portalFrame(shown, { title: 'Confirm your change', body: html``, task: true, message: chosen, status: 422 });
  const preview = await previewOf(rq, task, chosen);
  if (preview instanceof StripeError)
    return portalFrame(shown, { title: 'Confirm your change', body: html``, task: true, message: preview.message, status: preview.status });
  const body = html`<section class="card"><h2>${chosen.name}, ${priceOf(chosen.price, chosen.quantity)}</h2>
<p class="quiet">Now: ${planOf(subscription, shown.names)}</p>
${costs(preview)}
${taskForm(rq, shown, html`<button class="block">Confirm</button>`)}
<p class="hint">By confirming, you allow ${shown.merchant} to charge you for this and future payments until you cancel.</p></section>`;
  return portalFrame(shown, { title: 'Confirm your change', body, task: true, message, status });
}

type Preview = { invoice: Doc; today: boolean };

/** The invoice the change would make, by the same code that makes it. `today`: it is due now, not at the next renewal. */
async function previewOf(rq: PageRequest, { shown, subscription }: Task, chosen: Chosen): Promise<Preview | StripeError> {
  const { discounts, ...details } = paramsOf(shown.features.subscription_update!, subscription, chosen);
  try {
    return await rq.transaction(shown.account, async (tx) => {
      const invoice = await previewInvoice(tx, {
        subscription: subscription.id,
        subscription_details: details,
        ...(discounts === undefined ? {} : { discounts }),
      });
      return { invoice, today: invoice.created <= tx.now(subscription) };
    });
  } catch (error) {
    if (error instanceof StripeError)
      return error.body.code === 'invoice_upcoming_none' ? invalidRequest('This subscription ends before its next payment.') : error;
    throw error;
  }
}

function costs({ invoice, today }: Preview): Html {
  const { currency } = invoice;
  const rows = lineRows(invoice).map((row) => html`<tr><td>${row.description}<small>${row.detail}</small></td><td>${row.amount}</td></tr>`);
  const due = today ? invoice.amount_due : 0;
  return html`<table class="lines"><caption class="visually-hidden">What the change costs</caption><thead class="visually-hidden"><tr><th scope="col">Part</th><th scope="col">Amount</th></tr></thead>
<tbody>${rows}</tbody><tfoot>
${today ? null : html`<tr><th scope="row">Next payment on ${day(invoice.created)}</th><td>${money(invoice.amount_due, currency)}</td></tr>`}
<tr class="total"><th scope="row">Amount due today</th><td>${money(due, currency)}</td></tr></tfoot></table>`;
}
