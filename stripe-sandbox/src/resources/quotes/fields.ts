/** A quote's fields from its parameters; the same for a new one and a changed draft. */
import { createDiscounts } from '../../billing/discounts/load.ts';
import { taxRates } from '../../billing/subscription/items.ts';
import { invalidRequest, notEmulated } from '../../kernel/errors.ts';
import type { Doc, Params, Tx } from '../../kernel/types.ts';
import { mergeMetadata } from '../../kernel/values.ts';
import { priceQuote, readLines } from './lines.ts';

const TEXTS = ['description', 'footer', 'header'] as const;

/** Sets what is given and works the amounts out anew. */
export async function setFields(tx: Tx, quote: Doc, params: Params): Promise<void> {
  if (params.automatic_tax?.enabled === true) throw notEmulated('automatic_tax of a quote', 'automatic_tax');
  if (params.customer !== undefined) await setCustomer(tx, quote, params.customer);
  for (const name of TEXTS) if (params[name] !== undefined) quote[name] = params[name] || null;
  if (params.metadata !== undefined) quote.metadata = mergeMetadata(quote.metadata, params.metadata);
  if (params.collection_method !== undefined) quote.collection_method = params.collection_method;
  if (params.expires_at !== undefined) quote.expires_at = expiry(tx, quote, params.expires_at);
  if (params.invoice_settings !== undefined) quote.invoice_settings = invoiceSettings(params.invoice_settings);
  if (params.default_tax_rates !== undefined)
    quote.default_tax_rates = (await taxRates(tx, params.default_tax_rates, 'default_tax_rates')).map((rate) => rate.id);
  if (params.subscription_data !== undefined) setSubscriptionData(tx, quote, params.subscription_data);
  if (params.line_items !== undefined) quote._lines = await readLines(tx, params.line_items);
  if (params.discounts !== undefined) quote.discounts = await discountsOf(tx, quote, params.discounts);
  await priceQuote(tx, quote);
}

/** A quote ends in the future. */
export function expiry(tx: Tx, quote: Doc, at: number): number {
  if (at <= tx.now(quote)) throw invalidRequest('`expires_at` must be in the future.', { param: 'expires_at' });
  return at;
}

export function invoiceSettings(given: Params): Params {
  if (given.issuer !== undefined && given.issuer.type !== 'self') throw notEmulated('Another issuer', 'invoice_settings[issuer]');
  return {
    custom_fields: given.custom_fields || null,
    days_until_due: given.days_until_due ?? null,
    description: given.description || null,
    footer: given.footer || null,
    issuer: { type: 'self' },
  };
}

async function setCustomer(tx: Tx, quote: Doc, id: string): Promise<void> {
  const customer = await tx.require('customer', id, { param: 'customer' });
  quote.customer = customer.id;
  quote.test_clock = customer.test_clock ?? null;
}

function setSubscriptionData(tx: Tx, quote: Doc, given: Params): void {
  const data = { ...quote.subscription_data };
  if (given.billing_mode !== undefined) data.billing_mode = given.billing_mode;
  if (given.description !== undefined) data.description = given.description || null;
  if (given.metadata !== undefined) data.metadata = mergeMetadata(data.metadata, given.metadata);
  if (given.trial_period_days !== undefined) data.trial_period_days = given.trial_period_days || null;
  if (given.effective_date === 'current_period_end')
    throw notEmulated('effective_date=current_period_end of a quote', 'subscription_data[effective_date]');
  if (given.effective_date !== undefined) data.effective_date = given.effective_date || null;
  if (data.effective_date !== null && data.effective_date <= tx.now(quote))
    throw invalidRequest('`effective_date` must be in the future.', { param: 'subscription_data[effective_date]' });
  quote.subscription_data = data;
}

async function discountsOf(tx: Tx, quote: Doc, given: Params[] | ''): Promise<string[]> {
  if (given === '' || given.length === 0) return [];
  if (quote.customer === null) throw notEmulated('Discounts of a quote without a customer', 'discounts');
  return createDiscounts(tx, { given, target: { customer: await tx.require('customer', quote.customer) } });
}
