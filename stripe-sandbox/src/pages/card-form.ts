/** The card form that Checkout, the hosted invoice and the portal share: saved cards, a new card, a picker of test cards. */
import { paymentMethodFromCard } from '../billing/payments/index.ts';
import { cardByNumber, isDecline, TEST_CARDS } from '../cards/index.ts';
import { invalidRequest, type StripeError } from '../kernel/errors.ts';
import type { Doc, PageRequest, Params, Tx } from '../kernel/types.ts';
import { field, text } from './form.ts';
import { type Html, html } from './html.ts';

/** More cards than a page is good for; the newest are shown. */
const MAX_SAVED = 20;
export const NEW_CARD = 'new';
/** `method`: a saved payment method's id or `new`. */
export type CardEntry = { method: string; number: string; expiry: string; cvc: string };
export type Errors = Record<string, string>;

/** What the picker offers; any number of Stripe's table may be typed. */
const PICKER: [name: string, label: string][] = [
  ['visa', 'Succeeds'],
  ['mastercard', 'Succeeds'],
  ['declined_generic', 'Declined'],
  ['declined_insufficient_funds', 'Insufficient funds'],
  ['declined_expired', 'Expired card'],
  ['customer_fail', 'Saves, then every charge fails'],
  ['auth_on_setup', 'Asks the bank the first time'],
  ['auth_always', 'Asks the bank every time'],
  ['dispute', 'Succeeds, then disputed'],
];
const FILLED = { expiry: '12 / 34', cvc: '123' };

/** What was typed, or what the picker filled in. A number that is no test card is forgotten at once. */
export function cardEntry(rq: PageRequest, saved: Doc[]): CardEntry {
  const picked = TEST_CARDS.find((card) => card.name === text(rq, 'fill'));
  if (picked !== undefined) return { method: NEW_CARD, number: grouped(picked.number), ...FILLED };
  const number = text(rq, 'card_number');
  return { method: text(rq, 'method') || (saved[0]?.id ?? NEW_CARD), number, expiry: text(rq, 'card_expiry'), cvc: text(rq, 'card_cvc') };
}

/** Missing or malformed fields of a new card. */
export function checkCard(entry: CardEntry): Errors {
  if (entry.method !== NEW_CARD) return {};
  const errors: Errors = {};
  if (entry.number === '') errors.card_number = 'Enter a card number.';
  if (!/^\d{1,2}\s*\/\s*(\d{2}|\d{4})$/.test(entry.expiry)) errors.card_expiry = 'Enter the expiry date as MM / YY.';
  if (!/^\d{3,4}$/.test(entry.cvc)) errors.card_cvc = 'Enter the 3 or 4 digits on the card.';
  return errors;
}

/** The chosen saved card, or a fresh payment method. Throws the 402 of a card that does not exist; its number is written nowhere. */
export async function methodFrom(tx: Tx, input: { entry: CardEntry; customer: Doc | null; billing: Params }): Promise<Doc> {
  const { entry, customer } = input;
  if (entry.method !== NEW_CARD) {
    const saved = await tx.require('payment_method', entry.method, { param: 'payment_method' });
    if (customer === null || saved.customer !== customer.id) throw invalidRequest('This card is not saved for this customer.');
    return saved;
  }
  const [month = '', year = ''] = entry.expiry.split('/').map((part) => part.trim());
  return paymentMethodFromCard(tx, {
    card: { number: entry.number, exp_month: month, exp_year: year, cvc: entry.cvc },
    billingDetails: input.billing,
    of: customer,
  });
}

/** A refusal shown at the field it is about. */
export function errorsOf(error: StripeError): Errors {
  const { code, param = '' } = error.body;
  if (code === 'incorrect_number' || code === 'invalid_number') return { card_number: error.message };
  if (param.includes('exp_')) return { card_expiry: error.message };
  return {};
}

/** Cards a customer has saved, newest first. */
export async function savedCards(tx: Tx, customer: Doc | null): Promise<Doc[]> {
  if (customer === null) return [];
  return tx.query({
    object: 'payment_method',
    where: { customer: customer.id },
    filter: (method) => method.type === 'card',
    limit: MAX_SAVED,
  });
}

/** `legend`: the heading of the group; without one it is hidden unless there is a choice. */
export function cardFields(input: { entry: CardEntry; saved: Doc[]; errors: Errors; legend?: string }): Html {
  const { entry, saved, errors } = input;
  const legend = input.legend ?? (saved.length > 0 ? 'Pay with' : null);
  return html`<fieldset class="pay-with"><legend${legend === null ? html` class="visually-hidden"` : null}>${legend ?? 'Card'}</legend>
${saved.length === 0 ? null : [...saved.map((card) => savedChoice(card, entry.method)), newChoice(entry.method)]}
<div class="new-card">
${field({ name: 'card_number', label: 'Card number', value: shownNumber(entry.number), error: errors.card_number, autocomplete: 'off', inputmode: 'numeric', placeholder: '4242 4242 4242 4242', maxlength: 30 })}
<div class="row">
${field({ name: 'card_expiry', label: 'Expiry', value: entry.expiry, error: errors.card_expiry, autocomplete: 'off', inputmode: 'numeric', placeholder: 'MM / YY', maxlength: 9 })}
${field({ name: 'card_cvc', label: 'CVC', value: entry.cvc, error: errors.card_cvc, autocomplete: 'off', inputmode: 'numeric', placeholder: '123', maxlength: 4 })}
</div></div></fieldset>`;
}

/** Buttons that fill the form in. They stand after the Pay button, so that Enter pays. */
export function cardPicker(): Html {
  return html`<details class="picker" open><summary>Test cards</summary>
<p class="hint">Fills the form in. Any other card number is declined.</p>
<ul>${PICKER.map(([name, label]) => {
    const card = TEST_CARDS.find((one) => one.name === name)!;
    return html`<li><button name="fill" value="${name}" class="secondary small" formnovalidate><span>${label}</span><code>${brandName(card.brand)} ${card.number.slice(-4)}</code></button></li>`;
  })}</ul></details>`;
}

/** `Visa •••• 4242, 12/34`. */
export function cardLabel(method: Doc): string {
  const { brand, last4, exp_month: month, exp_year: year } = method.card;
  return `${brandName(brand)} •••• ${last4}, ${String(month).padStart(2, '0')}/${String(year).slice(-2)}`;
}

function savedChoice(card: Doc, chosen: string): Html {
  return html`<label class="choice"><input type="radio" name="method" value="${card.id}"${chosen === card.id ? html` checked` : null}><span><strong>${cardLabel(card)}</strong></span></label>`;
}

function newChoice(chosen: string): Html {
  return html`<label class="choice"><input type="radio" name="method" value="${NEW_CARD}"${chosen === NEW_CARD ? html` checked` : null}><span><strong>Another card</strong></span></label>`;
}

/** Only a test number is ever shown again. */
function shownNumber(number: string): string {
  const digits = number.replace(/[\s-]/g, '');
  return isDecline(cardByNumber(digits)) ? '' : grouped(digits);
}

function grouped(digits: string): string {
  return digits.replace(/(\d{4})(?=\d)/g, '$1 ');
}

export function brandName(brand: string): string {
  return (
    {
      visa: 'Visa',
      mastercard: 'Mastercard',
      amex: 'American Express',
      discover: 'Discover',
      diners: 'Diners Club',
      jcb: 'JCB',
      unionpay: 'UnionPay',
    }[brand] ?? brand
  );
}
