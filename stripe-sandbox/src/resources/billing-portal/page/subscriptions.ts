/** The home page's cards of subscriptions: state, what pays, and the tasks the configuration offers. */
import type { Doc, PageRequest } from '../../../kernel/types.ts';
import { cardLabel } from '../../../pages/card-form.ts';
import { select } from '../../../pages/form.ts';
import { type Html, html } from '../../../pages/html.ts';
import { actionForm, taskPath } from './frame.ts';
import type { Shown } from './load.ts';
import { isEnding, isRunning, planOf, stateOf } from './plan.ts';

export function subscriptions(rq: PageRequest, shown: Shown): Html {
  const list = shown.subscriptions;
  if (list.length === 0) return html`<section class="card"><h2>Subscription</h2><p class="quiet">You have no subscription.</p></section>`;
  return html`${list.map((one) => subscriptionCard(rq, shown, one))}`;
}

function subscriptionCard(rq: PageRequest, shown: Shown, subscription: Doc): Html {
  const { features } = shown;
  const id = html`<input type="hidden" name="subscription" value="${subscription.id}">`;
  const running = isRunning(subscription) && !isEnding(subscription);
  const link = (task: 'cancel' | 'update' | 'pause', label: string) =>
    html`<a class="button secondary" href="${taskPath(shown, subscription, task)}">${label}</a>`;
  const actions = [
    running && features.subscription_update?.enabled && subscription.items.data.length === 1 ? link('update', 'Change plan') : null,
    running && features.subscription_pause?.enabled && canPause(subscription) ? link('pause', 'Pause') : null,
    running && features.subscription_cancel?.enabled ? link('cancel', 'Cancel subscription') : null,
    isEnding(subscription) && features.subscription_cancel?.enabled
      ? actionForm(rq, shown, 'renew', html`${id}<button class="secondary">Keep my subscription</button>`)
      : null,
    subscription.status === 'paused' && features.subscription_pause?.enabled
      ? actionForm(rq, shown, 'resume', html`${id}<button>Resume subscription</button>`)
      : null,
  ].filter((one) => one !== null);
  return html`<section class="card" aria-label="Subscription"><h2>${planOf(subscription, shown.names)}</h2>
${stateOf(subscription)}
${paysWith(rq, shown, subscription)}
${actions.length === 0 ? null : html`<div class="actions">${actions}</div>`}</section>`;
}

/** Only charged subscriptions can rest; a trial rests by itself [docs.stripe.com/billing/subscriptions/pausing]. */
export function canPause(subscription: Doc): boolean {
  return subscription.status === 'active' && subscription.collection_method === 'charge_automatically';
}

/** A card of the subscription's own stands above the default one, so it is said and can be changed here. */
function paysWith(rq: PageRequest, shown: Shown, subscription: Doc): Html | null {
  const own = shown.cards.find((card) => card.id === subscription.default_payment_method);
  if (own === undefined) return null;
  const change = shown.features.payment_method_update?.enabled === true && shown.cards.length > 1;
  const options = shown.cards.map((card) => [card.id, cardLabel(card)] as [string, string]);
  const name = `card-${subscription.id}`;
  const form = actionForm(
    rq,
    shown,
    'pay_with',
    html`<div class="inline"><input type="hidden" name="subscription" value="${subscription.id}">${select({ name, label: 'Pay this subscription with', value: own.id, options })}<button class="secondary">Change</button></div>`,
  );
  return change
    ? html`<details><summary>Paid with ${cardLabel(own)}</summary>${form}</details>`
    : html`<p class="quiet">Paid with ${cardLabel(own)}</p>`;
}
