/** Changing the plan: choose a price and a quantity, then confirm what it costs (confirm.ts). */
import type { Doc, PageAnswer, PageRequest, Params } from '../../../kernel/types.ts';
import { field, isOwnForm, text } from '../../../pages/form.ts';
import { type Html, html } from '../../../pages/html.ts';
import { redirect } from '../../../pages/layout.ts';
import { portalFrame } from './frame.ts';
import { purposeOf } from './load.ts';
import { planOf, priceOf } from './plan.ts';
import { isTask, loadTask, type Task, taskForm } from './task.ts';

export type Offer = { price: Doc; name: string; quantity: { minimum: number; maximum: number | null } | null };

/** GET /p/{session}/update/{subscription}: the plans of the configuration. */
export async function showUpdate(rq: PageRequest): Promise<PageAnswer> {
  const task = await loadTask(rq, 'subscription_update', ['subscription_update']);
  return isTask(task) ? updatePage(rq, task, {}) : task;
}

/** POST: leads to the page that asks to confirm; nothing is changed yet. */
export async function chooseUpdate(rq: PageRequest): Promise<PageAnswer> {
  const task = await loadTask(rq, 'subscription_update', ['subscription_update']);
  if (!isTask(task)) return task;
  const { shown, subscription } = task;
  if (!isOwnForm(rq, purposeOf(shown.session)))
    return updatePage(rq, task, { message: 'This page was out of date. Please try again.', status: 400 });
  const offer = (await offersOf(rq, task)).find((one) => one.price.id === text(rq, 'price'));
  if (offer === undefined) return updatePage(rq, task, { message: 'Choose one of the plans.', status: 422 });
  const quantity =
    allows(task, 'quantity') && offer.quantity !== null ? Number(text(rq, 'quantity')) : (subscription.items.data[0].quantity ?? 1);
  const problem = quantityProblem(offer, quantity);
  if (problem !== null) return updatePage(rq, task, { quantity: problem, status: 422 });
  const code = allows(task, 'promotion_code') ? text(rq, 'code') : '';
  const chosen = new URLSearchParams({ price: offer.price.id, quantity: String(quantity), ...(code === '' ? {} : { code }) });
  return redirect(`/p/${shown.session.id}/confirm/${subscription.id}?${chosen}`);
}

/** The prices the customer may change to, the present one first where it is among them. */
export async function offersOf(rq: PageRequest, task: Task): Promise<Offer[]> {
  const { shown, subscription } = task;
  const [item] = subscription.items.data;
  return rq.transaction(shown.account, async (tx) => {
    const offers: Offer[] = [];
    for (const product of shown.features.subscription_update!.products as Params[]) {
      const name = (await tx.get(product.product, { object: 'product' }))?.name ?? 'Plan';
      for (const id of product.prices as string[]) {
        const price = await tx.get(id, { object: 'price' });
        const other = id !== item.price.id;
        if (price === undefined || !price.active || price.currency !== subscription.currency || (other && !allows(task, 'price'))) continue;
        const { enabled, minimum, maximum } = product.adjustable_quantity;
        offers.push({ price, name, quantity: enabled ? { minimum, maximum } : null });
      }
    }
    return offers;
  });
}

export function allows({ shown }: Task, update: 'price' | 'quantity' | 'promotion_code'): boolean {
  return shown.features.subscription_update!.default_allowed_updates.includes(update);
}

export function quantityProblem({ quantity: range }: Offer, quantity: number): string | null {
  if (!Number.isInteger(quantity) || quantity < 1) return 'Enter a whole number.';
  if (range === null) return null;
  const { minimum, maximum } = range;
  if (quantity >= minimum && (maximum === null || quantity <= maximum)) return null;
  return maximum === null ? `Choose at least ${minimum}.` : `Choose a quantity from ${minimum} to ${maximum}.`;
}

type State = { message?: string; quantity?: string; status?: number };

async function updatePage(rq: PageRequest, task: Task, state: State): Promise<PageAnswer> {
  const { shown, subscription } = task;
  const offers = await offersOf(rq, task);
  const body =
    offers.length === 0
      ? html`<section class="card"><h2>${planOf(subscription, shown.names)}</h2><p class="quiet">There is no other plan to change to.</p></section>`
      : html`<section class="card"><p class="quiet">Now: ${planOf(subscription, shown.names)}</p>${taskForm(rq, shown, form(rq, task, offers, state))}</section>`;
  const { message = null, status = 200 } = state;
  return portalFrame(shown, { title: 'Change plan', body, task: true, message, status });
}

function form(rq: PageRequest, task: Task, offers: Offer[], state: State): Html {
  const [item] = task.subscription.items.data;
  const chosen = text(rq, 'price') || (offers.some((one) => one.price.id === item.price.id) ? item.price.id : offers[0]!.price.id);
  const choice = (one: Offer) =>
    html`<label class="choice"><input type="radio" name="price" value="${one.price.id}"${one.price.id === chosen ? html` checked` : null}><span><strong>${one.name}</strong>${one.price.id === item.price.id ? html` <span class="status">Your plan</span>` : null}<small>${priceOf(one.price, 1)}</small></span></label>`;
  const adjustable = allows(task, 'quantity') && offers.some((one) => one.quantity !== null);
  return html`<fieldset><legend>Plan</legend>${offers.map(choice)}</fieldset>
${adjustable ? field({ name: 'quantity', label: 'Quantity', type: 'number', value: text(rq, 'quantity') || String(item.quantity ?? 1), inputmode: 'numeric', error: state.quantity, autocomplete: 'off', min: 1 }) : null}
${allows(task, 'promotion_code') ? field({ name: 'code', label: 'Promotion code', value: text(rq, 'code'), autocomplete: 'off', optional: true, maxlength: 100 }) : null}
<button class="block">Continue</button>`;
}
