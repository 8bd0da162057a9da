import type { PageAnswer, PageRequest } from '../../../kernel/types.ts';
import { cardEntry, cardFields, cardLabel, cardPicker, type Errors } from '../../../pages/card-form.ts';
import { alert, field, tokenField } from '../../../pages/form.ts';
import { money } from '../../../pages/format.ts';
import { type Html, html } from '../../../pages/html.ts';
import { page } from '../../../pages/layout.ts';
import { wantsCard } from '../pay.ts';
import { hasTrial } from '../totals.ts';
import {
  billingFields,
  consents,
  contactFields,
  customFields,
  type Filled,
  shippingFields,
  taxIdFields,
  textBlock,
  typed,
} from './fields.ts';
import { loadSession, notFound, overPage, purposeOf, type Shown } from './load.ts';
import { summary } from './summary.ts';

/** GET /c/{session}: the form while the session is open, else what became of it. */
export async function showCheckout(rq: PageRequest): Promise<PageAnswer> {
  const shown = await loadSession(rq);
  if (shown === null) return notFound();
  return shown.session.status === 'open' ? checkoutForm(rq, shown, {}) : overPage(shown);
}

export type FormState = {
  errors?: Errors;
  message?: string | null;
  note?: string;
  promoError?: string;
  cartError?: string;
  status?: number;
};

/** The page with what was typed so far. */
export function checkoutForm(rq: PageRequest, shown: Shown, state: FormState): PageAnswer {
  const { session, merchant } = shown;
  const filled: Filled = { rq, shown, errors: state.errors ?? {} };
  const body = html`<div class="columns checkout">
<div class="order">${summary(rq, session, state)}</div>
<div><form method="post" action="/c/${session.id}" class="card" novalidate>
${alert(state.message)}
${state.note === undefined ? null : html`<p class="note" role="status">${state.note}</p>`}
${tokenField(rq, purposeOf(session))}
${contactFields(filled)}
${shippingFields(filled)}
${payment(filled)}
${billingFields(filled)}
${taxIdFields(filled)}
${customFields(filled)}
${consents(filled)}
${textBlock(session, 'submit')}
<button name="action" value="pay" class="block">${buttonLabel(shown)}</button>
${textBlock(session, 'after_submit')}
${wantsCard(session) ? cardPicker() : null}
</form>${removeForm(rq, shown)}</div></div>`;
  const title = { setup: 'Save your card', subscription: `Subscribe to ${merchant}`, payment: `Pay ${merchant}` }[session.mode as 'setup'];
  const back = session.cancel_url === null ? null : { href: session.cancel_url as string, label: `Back to ${merchant}` };
  return page({ title, merchant, body, width: 'wide', back, status: state.status ?? 200 });
}

function payment({ rq, shown, errors }: Filled): Html {
  const { session, saved, customer } = shown;
  const name = typed(rq, 'name', session._buyer?.name ?? customer?.name);
  const wanted = wantsCard(session);
  return html`${wanted ? cardFields({ entry: cardEntry(rq, saved), saved, errors, legend: 'Payment details' }) : null}
${field({ name: 'name', label: wanted ? 'Name on card' : 'Name', value: name, error: errors.name, autocomplete: wanted ? 'cc-name' : 'name', required: true })}`;
}

/** Where the session allows it, a saved card can be taken off the list. Stands apart, so that Enter in the form never removes one. */
function removeForm(rq: PageRequest, { session, saved }: Shown): Html | null {
  if (session.saved_payment_method_options?.payment_method_remove !== 'enabled' || saved.length === 0) return null;
  return html`<details class="quiet-details"><summary>Manage saved cards</summary><form method="post" action="/c/${session.id}/cards">${tokenField(rq, purposeOf(session))}
${saved.map((card) => html`<p class="inline"><span>${cardLabel(card)}</span><button name="remove" value="${card.id}" class="secondary small" aria-label="Remove ${cardLabel(card)}">Remove</button></p>`)}</form></details>`;
}

function buttonLabel({ session }: Shown): string {
  if (session.mode === 'setup') return 'Save card';
  // The first press tells the address, the second pays.
  if (session.automatic_tax.status === 'requires_location_inputs') return 'Continue';
  if (session.mode === 'subscription') return session.amount_total === 0 && hasTrial(session) ? 'Start trial' : 'Subscribe';
  const amount = money(session.amount_total, session.currency);
  const verb = { book: 'Book for', donate: 'Donate' }[session.submit_type as 'book'] ?? 'Pay';
  return session.amount_total === 0 ? 'Complete order' : `${verb} ${amount}`;
}
