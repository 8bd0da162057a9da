/** The home page's other parts: cards, details of the customer, invoices. */
import type { Doc, PageRequest, Params } from '../../../kernel/types.ts';
import { addressFields } from '../../../pages/address.ts';
import { cardEntry, cardFields, cardLabel, cardPicker, type Errors } from '../../../pages/card-form.ts';
import { field, select, text } from '../../../pages/form.ts';
import { day, money } from '../../../pages/format.ts';
import { type Html, html } from '../../../pages/html.ts';
import { TAX_ID_TYPES } from '../../../pages/tax-id-types.ts';
import { actionForm } from './frame.ts';
import { openFlow, type Shown } from './load.ts';

const LABELS: Record<string, string> = Object.fromEntries(TAX_ID_TYPES);

export function cards(rq: PageRequest, shown: Shown, errors: Errors): Html {
  const standard: string | null = shown.customer.invoice_settings.default_payment_method;
  const row = (card: Doc) =>
    html`<li><span>${cardLabel(card)}${card.id === standard ? html` <span class="status good">Default</span>` : null}</span>
<div class="row-form">${card.id === standard ? null : button(rq, shown, 'default_card', card, 'Make default')}${button(rq, shown, 'remove_card', card, 'Remove')}</div></li>`;
  const entry = cardEntry(rq, []);
  const open = shown.cards.length === 0 || Object.keys(errors).length > 0 || text(rq, 'fill') !== '' || openFlow(shown) !== null;
  return html`<section class="card"><h2>Payment method</h2>
${shown.cards.length === 0 ? html`<p class="quiet">No card is saved.</p>` : html`<ul class="rows">${shown.cards.map(row)}</ul>`}
<details${open ? html` open` : null}><summary>Add a card</summary>
${actionForm(rq, shown, 'add_card', html`${cardFields({ entry, saved: [], errors })}<button class="block">Save card</button>${cardPicker()}`)}</details></section>`;
}

function button(rq: PageRequest, shown: Shown, action: string, card: Doc, label: string): Html {
  return actionForm(
    rq,
    shown,
    action,
    html`<input type="hidden" name="card" value="${card.id}"><button class="secondary small" aria-label="${label}: ${cardLabel(card)}">${label}</button>`,
  );
}

export function details(rq: PageRequest, shown: Shown, errors: Errors): Html {
  const allowed: string[] = shown.features.customer_update!.allowed_updates;
  const { customer, country } = shown;
  const typed = text(rq, 'action') === 'details';
  const value = (name: 'name' | 'email' | 'phone') => (typed ? text(rq, name) : (customer[name] ?? ''));
  const one = (name: 'name' | 'email' | 'phone', label: string, type: string, autocomplete: string) =>
    allowed.includes(name) ? field({ name, label, type, value: value(name), error: errors[name], autocomplete }) : null;
  const address = (kind: 'billing' | 'shipping', known: Params | null, legend: string) =>
    html`<fieldset><legend>${legend}</legend>${addressFields(rq, { prefix: kind, known, standard: country, errors, kind })}</fieldset>`;
  const inner = html`${one('name', 'Name', 'text', 'name')}${one('email', 'E-mail', 'email', 'email')}${one('phone', 'Phone', 'tel', 'tel')}
${allowed.includes('address') ? address('billing', customer.address, 'Billing address') : null}
${allowed.includes('shipping') ? html`${field({ name: 'shipping_name', label: 'Recipient', value: typed ? text(rq, 'shipping_name') : (customer.shipping?.name ?? ''), autocomplete: 'shipping name' })}${address('shipping', customer.shipping?.address ?? null, 'Shipping address')}` : null}
<button>Save details</button>`;
  const some = ['name', 'email', 'phone', 'address', 'shipping'].some((name) => allowed.includes(name));
  const open = Object.keys(errors).length > 0 || openFlow(shown) !== null;
  return html`<section class="card"><h2>Billing details</h2>${factsOf(customer, allowed)}
${some ? html`<details${open ? html` open` : null}><summary>Change details</summary>${actionForm(rq, shown, 'details', inner)}</details>` : null}
${allowed.includes('tax_id') ? taxIds(rq, shown, errors) : null}</section>`;
}

function factsOf(customer: Doc, allowed: string[]): Html {
  const { line1, line2, postal_code: postal, city, country } = customer.address ?? {};
  const address = [line1, line2, [postal, city].filter(Boolean).join(' '), country].filter(Boolean).join(', ');
  const facts = [
    ['name', 'Name', customer.name],
    ['email', 'E-mail', customer.email],
    ['phone', 'Phone', customer.phone],
    ['address', 'Address', address],
  ].filter(([name, , value]) => value && (allowed.includes(name) || name === 'name' || name === 'email'));
  return html`<dl class="facts">${facts.map(([, label, value]) => html`<dt>${label}</dt><dd>${value}</dd>`)}</dl>`;
}

function taxIds(rq: PageRequest, shown: Shown, errors: Errors): Html {
  const row = (taxId: Doc) => {
    const label = `${LABELS[taxId.type] ?? taxId.type} ${taxId.value}`;
    return html`<li><span>${label}</span>${actionForm(rq, shown, 'remove_tax_id', html`<input type="hidden" name="tax_id" value="${taxId.id}"><button class="secondary small" aria-label="Remove ${label}">Remove</button>`)}</li>`;
  };
  const add = html`${select({ name: 'tax_id_type', label: 'Kind of tax ID', value: text(rq, 'tax_id_type'), options: TAX_ID_TYPES })}
${field({ name: 'tax_id_value', label: 'Tax ID', value: text(rq, 'tax_id_value'), error: errors.tax_id_value, autocomplete: 'off', maxlength: 30 })}<button class="secondary">Add tax ID</button>`;
  return html`${shown.taxIds.length === 0 ? null : html`<h3>Tax IDs</h3><ul class="rows">${shown.taxIds.map(row)}</ul>`}
<details${errors.tax_id_value === undefined ? null : html` open`}><summary>Add a tax ID</summary>${actionForm(rq, shown, 'add_tax_id', add)}</details>`;
}

export function history({ invoices }: Shown): Html {
  const tones: Record<string, string> = { paid: 'good', open: 'warn', uncollectible: 'bad' };
  const row = (one: Doc) =>
    html`<tr><td><a href="${one.hosted_invoice_url}">${one.number ?? one.id}</a><small>${day(one.created)}</small></td><td><span class="status ${tones[one.status] ?? ''}">${one.status}</span></td><td>${money(one.total, one.currency)}</td></tr>`;
  return html`<section class="card"><h2>Invoices</h2>${invoices.length === 0 ? html`<p class="quiet">None yet.</p>` : html`<table class="lines"><caption class="visually-hidden">Invoices</caption><thead class="visually-hidden"><tr><th scope="col">Invoice</th><th scope="col">Status</th><th scope="col">Total</th></tr></thead><tbody>${invoices.map(row)}</tbody></table>`}</section>`;
}
