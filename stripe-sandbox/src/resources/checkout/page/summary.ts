/** The left side of the page: what is bought, for how much, and when the money is due. */
import { priceAmount } from '../../../billing/invoice/line-amounts.ts';
import type { TaxAmount } from '../../../billing/tax/index.ts';
import type { Doc, PageRequest } from '../../../kernel/types.ts';
import { alert, field, tokenField } from '../../../pages/form.ts';
import { cadence, day, money } from '../../../pages/format.ts';
import { type Html, html } from '../../../pages/html.ts';
import { isChangeable } from '../cart.ts';
import { itemsOf } from '../read.ts';
import type { ShippingOption } from '../shipping.ts';
import { hasTrial } from '../totals.ts';
import { cartLines, optionalItems } from './cart-rows.ts';
import { purposeOf } from './load.ts';

export type SummaryState = { promoError?: string; cartError?: string };

export function summary(rq: PageRequest, session: Doc, state: SummaryState): Html {
  if (session.mode === 'setup')
    return html`<section><p class="lead">Your card is saved for later payments.</p><p class="quiet">Nothing is charged today.</p></section>`;
  const items = itemsOf(session);
  return html`<section aria-labelledby="order"><h2 id="order" class="visually-hidden">Order</h2>
<p class="amount">${money(session.amount_total, session.currency)}</p>
<p class="quiet">${termsOf(session, items)}</p>
${alert(state.cartError)}
${cartLines(rq, session)}
${optionalItems(rq, session)}
<table class="lines sums"><caption class="visually-hidden">What is due</caption><thead class="visually-hidden"><tr><th scope="col">Part</th><th scope="col">Amount</th></tr></thead>
<tbody>${totalRows(session)}</tbody></table>
${shippingChoice(rq, session)}
${session.allow_promotion_codes === true && isChangeable(session) ? promotionForm(rq, session, state.promoError) : null}
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

function totalRows(session: Doc): Html[] {
  const { amount_discount: discount, amount_tax: tax, amount_shipping: shipping } = session.total_details;
  const row = (label: string, amount: number, total = false) =>
    html`<tr${total ? html` class="total"` : null}><th scope="row">${label}</th><td>${money(amount, session.currency)}</td></tr>`;
  const rows = [row('Subtotal', session.amount_subtotal)];
  if (discount > 0) rows.push(row('Discount', -discount));
  if (session.shipping_options.length > 0) rows.push(row('Shipping', shipping));
  if (session.automatic_tax.status === 'requires_location_inputs')
    rows.push(html`<tr><th scope="row">Tax</th><td>Enter your address</td></tr>`);
  else if (tax > 0 || session.automatic_tax.enabled) rows.push(row(reverseCharged(session) ? 'Tax (reverse charge)' : 'Tax', tax));
  return [...rows, row('Due today', session.amount_total, true)];
}

function reverseCharged(session: Doc): boolean {
  return ((session._taxes ?? []) as TaxAmount[]).some((tax) => tax.reason === 'reverse_charge');
}

/** Each way of shipping is a button, so that the total is right before anything is paid. */
function shippingChoice(rq: PageRequest, session: Doc): Html | null {
  const options: ShippingOption[] = session.shipping_options;
  if (options.length === 0) return null;
  const chosen: string = session.shipping_cost.shipping_rate;
  const names: Record<string, { name: string; estimate: string }> = session._shipping_names;
  const one = ({ shipping_rate: id, shipping_amount: amount }: ShippingOption) => {
    const price = amount === 0 ? 'Free' : money(amount, session.currency);
    const { name, estimate } = names[id]!;
    const text = html`<span><strong>${name}</strong>${estimate === '' ? null : html`<small>${estimate}</small>`}</span><span>${price}</span>`;
    return html`<li>${id === chosen ? html`<p class="option chosen" aria-current="true">${text}</p>` : html`<button name="shipping_rate" value="${id}" class="option">${text}</button>`}</li>`;
  };
  return html`<form method="post" action="/c/${session.id}/cart" class="options">${tokenField(rq, purposeOf(session))}<h3 id="shipping-methods">Shipping method</h3><ul aria-labelledby="shipping-methods">${options.map(one)}</ul></form>`;
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
