/** The words and settings of an invoice that have no price: created and updated from the same parameters. */
import { invalidRequest, notEmulated } from '../../kernel/errors.ts';
import type { Doc, Params, Tx } from '../../kernel/types.ts';
import { assign, fullAddress } from '../../kernel/values.ts';
import { ownMethod } from '../subscription/draft.ts';
import { numberRef } from './number.ts';
import { chosenRendering } from './rendering.ts';

const FIVE_YEARS = 5 * 366 * 86_400;
const MAX_CUSTOM_FIELDS = 4;
const PLAIN = ['description', 'footer', 'statement_descriptor', 'effective_at', 'issuer'];

/** Writes the sent parameters onto the draft in hand; '' unsets. Refuses what belongs to others or does not exist. */
export async function assignFields(tx: Tx, input: { invoice: Doc; customer: Doc; params: Params }): Promise<void> {
  const { invoice, customer, params } = input;
  if (params.issuer !== undefined && params.issuer.type !== 'self') throw notEmulated('An issuer other than the account', 'issuer[type]');
  assign(invoice, params, PLAIN);
  if (params.custom_fields !== undefined) invoice.custom_fields = customFields(params.custom_fields);
  if (params.number !== undefined) {
    invoice.number = await freeNumber(tx, invoice, params.number);
    invoice._ref = invoice.number === null ? null : numberRef(invoice.number);
  }
  if (params.default_payment_method !== undefined)
    invoice.default_payment_method = await ownMethod(tx, params.default_payment_method, customer);
  if (params.account_tax_ids !== undefined) invoice.account_tax_ids = await ownTaxIds(tx, params.account_tax_ids);
  if (params.rendering !== undefined) invoice.rendering = await chosenRendering(tx, invoice.rendering, params.rendering);
  if (params.payment_settings !== undefined) invoice.payment_settings = paymentSettings(invoice.payment_settings, params.payment_settings);
  if (params.shipping_details !== undefined) invoice.shipping_details = shippingDetails(params.shipping_details);
}

/** `automatically_finalizes_at`: in the future, at most five years away, and only on a draft that advances by itself [DTS; S 3.5]. */
export function checkFinalizesAt(tx: Tx, invoice: Doc, at: number): void {
  const param = 'automatically_finalizes_at';
  if (!invoice.auto_advance) throw invalidRequest(`\`${param}\` can only be set when \`auto_advance\` is true.`, { param });
  const now = tx.now(invoice);
  if (at <= now) throw invalidRequest(`\`${param}\` must be in the future.`, { param });
  if (at > now + FIVE_YEARS) throw invalidRequest(`\`${param}\` must be at most five years in the future.`, { param });
}

function customFields(given: Params[] | ''): Params[] | null {
  if (given === '' || given.length === 0) return null;
  if (given.length > MAX_CUSTOM_FIELDS)
    throw invalidRequest(`Invoices can have at most ${MAX_CUSTOM_FIELDS} custom fields.`, { param: 'custom_fields' });
  return given.map(({ name, value }) => ({ name, value }));
}

/** A number of one's own, which no other invoice of the account may have. */
async function freeNumber(tx: Tx, invoice: Doc, number: string): Promise<string | null> {
  if (number === '') return null;
  const where = { ref: numberRef(number) };
  const taken = await tx.first({ object: 'invoice', where, filter: (other) => other.id !== invoice.id });
  if (taken !== undefined) throw invalidRequest(`An invoice with number '${number}' already exists.`, { param: 'number' });
  return number;
}

/** Tax ids of the account itself. */
async function ownTaxIds(tx: Tx, given: string[] | ''): Promise<string[] | null> {
  if (given === '' || given.length === 0) return null;
  for (const [index, id] of given.entries()) {
    const taxId = await tx.require('tax_id', id, { param: `account_tax_ids[${index}]` });
    if (taxId.customer !== null)
      throw invalidRequest(`The tax ID ${id} is not one of the account.`, { param: `account_tax_ids[${index}]` });
  }
  return given;
}

const OTHER_METHODS = [
  'acss_debit',
  'bancontact',
  'billie',
  'blik',
  'customer_balance',
  'konbini',
  'payto',
  'pix',
  'sepa_debit',
  'upi',
  'us_bank_account',
];

/** Which methods may pay, and how cards are asked for; other methods have no options here. */
function paymentSettings(present: Params, given: Params): Params {
  if (given.default_mandate) throw notEmulated('A default mandate', 'payment_settings[default_mandate]');
  const settings = { ...present };
  if (given.payment_method_types !== undefined) settings.payment_method_types = given.payment_method_types || null;
  const options: Params | undefined = given.payment_method_options;
  if (options === undefined) return settings;
  const other = OTHER_METHODS.find((name) => options[name]);
  if (other !== undefined) throw notEmulated(`Options of ${other}`, `payment_settings[payment_method_options][${other}]`);
  if (options.card?.installments !== undefined)
    throw notEmulated('Installments', 'payment_settings[payment_method_options][card][installments]');
  settings.payment_method_options = {
    ...Object.fromEntries(OTHER_METHODS.map((name) => [name, null])),
    card: options.card ? { request_three_d_secure: options.card.request_three_d_secure ?? null } : null,
  };
  return settings;
}

function shippingDetails(given: Params | ''): Params | null {
  if (given === '') return null;
  return { address: fullAddress(given.address), name: given.name, phone: given.phone || null };
}
