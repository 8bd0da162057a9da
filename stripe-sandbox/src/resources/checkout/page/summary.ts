/** The left side of the page: what is bought, for how much, and when the money is due. */
import { priceAmount } from '../../../billing/invoice/line-amounts.ts';
import type { Doc, PageRequest } from '../../../kernel/types.ts';
import { field, tokenField } from '../../../pages/form.ts';
import { cadence, day, money } from '../../../pages/format.ts';
import { type Html, html } from '../../../pages/html.ts';
import { itemsOf } from '../read.ts';
import { hasTrial } from '../totals.ts';
import { purposeOf } from './load.ts';

export function summary(rq: PageRequest, session: Doc, promoError: string | undefined): Html {
  if (session.mode === 'setup') return html`<section><p>Your card is saved for later payments. Nothing is charged today.</p></section>`;
  const items = itemsOf(session);
  return html`<section aria-labelledby="order"><h2 id="order" class="visually-hidden">Order</h2>
<p class="amount">${money(session.amount_total, session.currency)}</p>
<p class="quiet">${termsOf(session, items)}</p>
<table class="lines"><caption class="visually-hidden">What you pay for</caption>
<thead class="visually-hidden"><tr><th scope="col">Item</th><th scope="col">Amount</th></tr></thead>
<tbody>${items.map((item) => itemRow(item))}</tbody>
<tfoot>${totalRows(session)}</tfoot></table>
${session.allow_promotion_codes === true && session._subscription === undefined ? promotionForm(rq, session, promoError) : null}
</section>`;
}

/** `per month`, `14 days free, then $10.00 per month`. */
function termsOf(session: Doc, items: Doc[]): string {
  const recurring = items.filter((item) => item.price.type === 'recurring');
  const first = recurring[0];
  if (first === undefined) return 'One payment';
  const every = cadence(first.price.recurring);
  if (!hasTrial(session)) return `Now, and again every ${every}`;
  const data = session._data.subscription_data;
  const until = data.trial_end === undefined ? `${data.trial_period_days} days free` : `Free until ${day(data.trial_end)}`;
  return `${until}, then ${money(listPrice(recurring), session.currency)} every ${every}`;
}

/** Without discounts and taxes: tiers are not embedded in the line's price. */
function listPrice(items: Doc[]): number {
  return items.reduce(
    (sum, item) => sum + (item.price.billing_scheme === 'per_unit' && item.quantity !== null ? priceAmount(item.price, item.quantity) : 0),
    0,
  );
}

function itemRow(item: Doc): Html {
  const each = item.price.unit_amount === null ? null : money(item.price.unit_amount, item.currency);
  const every = item.price.recurring === null ? '' : ` every ${cadence(item.price.recurring)}`;
  return html`<tr><td>${item.description}<small>${item.quantity ?? 'By usage'}${each === null ? '' : ` × ${each}`}${every}</small></td><td>${money(item.amount_subtotal, item.currency)}</td></tr>`;
}

function totalRows(session: Doc): Html[] {
  const { amount_discount: discount, amount_tax: tax } = session.total_details;
  const row = (label: string, amount: number, total = false) =>
    html`<tr${total ? html` class="total"` : null}><th scope="row">${label}</th><td>${money(amount, session.currency)}</td></tr>`;
  const rows = [row('Subtotal', session.amount_subtotal)];
  if (discount > 0) rows.push(row('Discount', -discount));
  if (tax > 0) rows.push(row('Tax', tax));
  return [...rows, row('Due today', session.amount_total, true)];
}

function promotionForm(rq: PageRequest, session: Doc, error: string | undefined): Html {
  const applied = session.discounts?.length > 0;
  return html`<form method="post" action="/c/${session.id}/promotion" class="inline promotion">${tokenField(rq, purposeOf(session))}
${
  applied
    ? html`<p class="note">Promotion code applied.</p><button name="promotion" value="remove" class="secondary small">Remove code</button>`
    : html`${field({ name: 'code', label: 'Promotion code', error, autocomplete: 'off', maxlength: 100 })}<button name="promotion" value="apply" class="secondary">Apply</button>`
}</form>`;
}
