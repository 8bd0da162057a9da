/** The lines of the cart with what the buyer may change about them, and what may be added. */
import { priceAmount } from '../../../billing/invoice/line-amounts.ts';
import type { Doc, PageRequest } from '../../../kernel/types.ts';
import { tokenField } from '../../../pages/form.ts';
import { cadence, money } from '../../../pages/format.ts';
import { type Html, html } from '../../../pages/html.ts';
import { isChangeable, isOptional, offered } from '../cart.ts';
import { itemsOf } from '../read.ts';
import { purposeOf } from './load.ts';

export function cartLines(rq: PageRequest, session: Doc): Html {
  return html`<table class="lines"><caption class="visually-hidden">What you buy</caption>
<thead class="visually-hidden"><tr><th scope="col">Item</th><th scope="col">Amount</th></tr></thead>
<tbody>${itemsOf(session).map((item) => itemRow(rq, session, item))}</tbody></table>`;
}

function itemRow(rq: PageRequest, session: Doc, item: Doc): Html {
  const controls = isChangeable(session) ? rowControls(rq, session, item) : null;
  return html`<tr><td>${item.description}<small>${item.quantity ?? 'By usage'}${eachOf(item)}</small>${controls}</td><td>${money(item.amount_subtotal, item.currency)}</td></tr>`;
}

function rowControls(rq: PageRequest, session: Doc, item: Doc): Html | null {
  if (item.adjustable_quantity !== null) return quantityForm(rq, session, item);
  if (!isOptional(session, item)) return null;
  return cartForm(
    rq,
    session,
    html`<button name="remove" value="${item.price.id}" class="secondary small" aria-label="Remove ${item.description}">Remove</button>`,
  );
}

function quantityForm(rq: PageRequest, session: Doc, item: Doc): Html {
  const { minimum, maximum } = item.adjustable_quantity;
  const least = Math.max(minimum, itemsOf(session).length === 1 ? 1 : 0);
  // Several lines have such a field, so each has a name of its own for its label.
  const remove = isOptional(session, item)
    ? html`<button name="remove" value="${item.price.id}" class="secondary small" aria-label="Remove ${item.description}">Remove</button>`
    : null;
  return cartForm(
    rq,
    session,
    html`<input type="hidden" name="item" value="${item.id}"><label for="quantity-${item.id}" class="visually-hidden">Quantity of ${item.description}</label><input id="quantity-${item.id}" class="quantity" name="quantity" type="number" inputmode="numeric" min="${least}" max="${maximum}" value="${item.quantity}"><button class="secondary small" aria-label="Update quantity of ${item.description}">Update</button>${remove}`,
  );
}

/** What the shop suggests besides; one press puts it into the cart. */
export function optionalItems(rq: PageRequest, session: Doc): Html | null {
  const lines = isChangeable(session) ? offered(session) : [];
  if (lines.length === 0) return null;
  const one = ({ item }: { item: Doc }) => {
    const price = item.price.unit_amount === null ? '' : money(priceAmount(item.price, item.quantity ?? 1), item.currency);
    const every = item.price.recurring === null ? '' : ` every ${cadence(item.price.recurring)}`;
    return html`<li><span>${item.description}<small>${price}${every}</small></span><button name="add" value="${item.price.id}" class="secondary small" aria-label="Add ${item.description}">Add</button></li>`;
  };
  return html`<form method="post" action="/c/${session.id}/cart" class="extras">${tokenField(rq, purposeOf(session))}<h3 id="extras">Add to your order</h3><ul aria-labelledby="extras">${lines.map(one)}</ul></form>`;
}

function eachOf(item: Doc): string {
  const each = item.price.unit_amount === null ? '' : ` × ${money(item.price.unit_amount, item.currency)}`;
  return `${each}${item.price.recurring === null ? '' : ` every ${cadence(item.price.recurring)}`}`;
}

function cartForm(rq: PageRequest, session: Doc, inner: Html): Html {
  return html`<form method="post" action="/c/${session.id}/cart" class="row-form">${tokenField(rq, purposeOf(session))}${inner}</form>`;
}
