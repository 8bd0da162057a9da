import type { Doc, PageAnswer, PageRequest } from '../../../kernel/types.ts';
import { cardEntry, cardFields, cardLabel, cardPicker, type Errors } from '../../../pages/card-form.ts';
import { alert, field, text, tokenField } from '../../../pages/form.ts';
import { cadence, day, money } from '../../../pages/format.ts';
import { type Html, html } from '../../../pages/html.ts';
import { page } from '../../../pages/layout.ts';
import { closed, loadPortal, purposeOf, type Shown } from './load.ts';

/** GET /p/{session}: what the configuration lets the customer see and change. */
export async function showPortal(rq: PageRequest): Promise<PageAnswer> {
  const shown = await loadPortal(rq);
  return shown === null ? closed() : portalPage(rq, shown, {});
}

export type PortalState = { errors?: Errors; message?: string | null; status?: number };

export function portalPage(rq: PageRequest, shown: Shown, state: PortalState): PageAnswer {
  const { session, merchant, features } = shown;
  const flow: string | null = session.flow?.type ?? null;
  const on = (feature: string) => features[feature]?.enabled === true && (flow === null || flow === feature);
  const body = html`${alert(state.message)}
${flow === null || flow === 'subscription_cancel' ? subscriptions(rq, shown) : null}
${on('payment_method_update') ? cards(rq, shown, state.errors ?? {}) : null}
${on('customer_update') ? details(rq, shown, state.errors ?? {}) : null}
${on('invoice_history') ? history(shown) : null}
${session.return_url === null ? null : html`<p><a href="${session.return_url}">Back to ${merchant}</a></p>`}`;
  return page({
    title: 'Your billing',
    merchant,
    body,
    status: state.status ?? 200,
    leadsTo: session.flow?.after_completion.redirect?.return_url ?? null,
  });
}

function form(rq: PageRequest, { session }: Shown, action: string, inner: Html): Html {
  return html`<form method="post" action="/p/${session.id}" novalidate>${tokenField(rq, purposeOf(session))}<input type="hidden" name="action" value="${action}">${inner}</form>`;
}

function subscriptions(rq: PageRequest, shown: Shown): Html {
  const wanted: string | null = shown.session.flow?.subscription_cancel?.subscription ?? null;
  const list = shown.subscriptions.filter((one) => wanted === null || one.id === wanted);
  if (list.length === 0) return html`<section class="card"><h2>Subscription</h2><p class="quiet">You have no subscription.</p></section>`;
  return html`${list.map((one) => html`<section class="card" aria-label="Subscription"><h2>${planOf(one, shown.names)}</h2>${subscriptionFacts(one)}${shown.features.subscription_cancel?.enabled ? cancelForm(rq, shown, one) : null}</section>`)}`;
}

function subscriptionFacts(subscription: Doc): Html {
  const end = Math.max(...subscription.items.data.map((item: Doc) => item.current_period_end));
  const ends: number | null = subscription.cancel_at ?? (subscription.cancel_at_period_end ? end : null);
  return html`<p><span class="status ${subscription.status === 'active' || subscription.status === 'trialing' ? 'good' : 'warn'}">${subscription.status.replaceAll('_', ' ')}</span> ${ends === null ? `Renews on ${day(end)}` : `Ends on ${day(ends)}`}</p>`;
}

function cancelForm(rq: PageRequest, shown: Shown, subscription: Doc): Html {
  const ending = subscription.cancel_at !== null || subscription.cancel_at_period_end;
  const id = html`<input type="hidden" name="subscription" value="${subscription.id}">`;
  if (ending) return form(rq, shown, 'renew', html`${id}<button class="secondary">Keep my subscription</button>`);
  const when = shown.features.subscription_cancel?.mode === 'immediately' ? 'at once' : 'at the end of the period';
  return html`<details><summary>Cancel subscription</summary><p>It ends ${when}.</p>${form(rq, shown, 'cancel', html`${id}<button class="secondary">Yes, cancel my subscription</button>`)}</details>`;
}

/** `Team plan, $25.00 every month`; further items are named too. */
function planOf(subscription: Doc, names: Record<string, string>): string {
  const items: Doc[] = subscription.items.data;
  const parts = items.map((item) => {
    const { unit_amount: amount, currency, recurring, product } = item.price;
    const price = amount === null ? '' : `${money(amount * (item.quantity ?? 1), currency)} every ${cadence(recurring)}`;
    return [names[product] ?? 'Subscription', price].filter(Boolean).join(', ');
  });
  return parts.join(' and ');
}

function cards(rq: PageRequest, shown: Shown, errors: Errors): Html {
  const standard: string | null = shown.customer.invoice_settings.default_payment_method;
  const row = (card: Doc) =>
    html`<tr><td>${cardLabel(card)}${card.id === standard ? html` <span class="status good">Default</span>` : null}</td><td>${form(rq, shown, 'remove_card', html`<input type="hidden" name="card" value="${card.id}"><button class="secondary small" aria-label="Remove ${cardLabel(card)}">Remove</button>`)}</td></tr>`;
  const entry = cardEntry(rq, []);
  const open = shown.cards.length === 0 || Object.keys(errors).length > 0 || text(rq, 'fill') !== '' || shown.session.flow !== null;
  return html`<section class="card"><h2>Payment method</h2>
${shown.cards.length === 0 ? html`<p class="quiet">No card is saved.</p>` : html`<table class="lines"><caption class="visually-hidden">Saved cards</caption><tbody>${shown.cards.map(row)}</tbody></table>`}
<details${open ? html` open` : null}><summary>Add a card</summary>
${form(rq, shown, 'add_card', html`${cardFields({ entry, saved: [], errors })}<button class="block">Save card</button>${cardPicker()}`)}</details></section>`;
}

function details(rq: PageRequest, shown: Shown, errors: Errors): Html {
  const allowed: string[] = shown.features.customer_update!.allowed_updates;
  const typed = text(rq, 'action') === 'details';
  const value = (name: 'name' | 'email') => (typed ? text(rq, name) : (shown.customer[name] ?? ''));
  const inner = html`${allowed.includes('name') ? field({ name: 'name', label: 'Name', value: value('name'), autocomplete: 'name' }) : null}
${allowed.includes('email') ? field({ name: 'email', label: 'E-mail', type: 'email', value: value('email'), autocomplete: 'email', error: errors.email }) : null}
<button class="secondary">Save details</button>`;
  return html`<section class="card"><h2>Your details</h2>${form(rq, shown, 'details', inner)}</section>`;
}

function history({ invoices }: Shown): Html {
  const row = (one: Doc) =>
    html`<tr><td><a href="${one.hosted_invoice_url}">${one.number ?? one.id}</a><small>${day(one.created)} · ${one.status}</small></td><td>${money(one.total, one.currency)}</td></tr>`;
  return html`<section class="card"><h2>Invoices</h2>${invoices.length === 0 ? html`<p class="quiet">None yet.</p>` : html`<table class="lines"><caption class="visually-hidden">Invoices</caption><thead class="visually-hidden"><tr><th scope="col">Invoice</th><th scope="col">Total</th></tr></thead><tbody>${invoices.map(row)}</tbody></table>`}</section>`;
}
