import { formatDecimal, parseDecimal } from '../../billing/invoice/decimal.ts';
import { createInvoice } from '../../billing/invoice/index.ts';
import { attachItems, createItem } from '../../billing/invoice/items.ts';
import { priceAmount } from '../../billing/invoice/line-amounts.ts';
import { recalculate } from '../../billing/invoice/recalculate.ts';
import { createSchedule } from '../../billing/schedule/index.ts';
import { createSubscription } from '../../billing/subscription/index.ts';
import { taxRates } from '../../billing/subscription/items.ts';
import { refuseTooMany } from '../../billing/subscription/limits.ts';
import { cadenceOf, inCurrency } from '../../billing/subscription/prices.ts';
import { invalidRequest } from '../../kernel/errors.ts';
import type { ApiRequest, Doc, Params, Tx } from '../../kernel/types.ts';
import { scheduleExpiry } from './expire.ts';
import { isRecurring, type QuoteLine } from './lines.ts';

/**
 * Open → accepted: recurring lines become a subscription, or with `effective_date` a schedule that makes it later; one-time lines ride on its first
 * invoice, or alone become a draft invoice. Emits their events, then quote.accepted.
 */
export async function accept(rq: ApiRequest): Promise<Doc> {
  const { tx } = rq;
  const quote = await tx.require('quote', rq.path.id!);
  if (quote.status !== 'open') throw invalidRequest(`A quote that is \`${quote.status}\` cannot be accepted.`);
  const lines: QuoteLine[] = quote._lines;
  if (!lines.some(isRecurring)) quote.invoice = (await invoiceOf(tx, quote)).id;
  else if (quote.subscription_data.effective_date !== null) quote.subscription_schedule = (await scheduleOf(tx, quote)).id;
  else {
    await refuseTooMany(tx, quote.customer);
    const subscription = await createSubscription(tx, subscriptionParams(quote));
    quote.subscription = subscription.id;
    quote.invoice = subscription.latest_invoice;
  }
  quote.status = 'accepted';
  quote.status_transitions = { ...quote.status_transitions, accepted_at: tx.now(quote) };
  scheduleExpiry(tx, quote);
  tx.put(quote);
  tx.emit('quote.accepted', quote);
  return quote;
}

function subscriptionParams(quote: Doc): Params {
  const data = quote.subscription_data;
  const { days_until_due: due, issuer: _issuer, ...settings } = quote.invoice_settings;
  return {
    customer: quote.customer,
    currency: quote.currency,
    ...terms(quote),
    billing_mode: data.billing_mode,
    collection_method: quote.collection_method,
    ...(quote.collection_method === 'send_invoice' ? { days_until_due: due ?? undefined } : {}),
    description: data.description ?? undefined,
    invoice_settings: withoutNull(settings),
    metadata: data.metadata,
    ...(data.trial_period_days === null ? {} : { trial_period_days: data.trial_period_days }),
    off_session: true,
  };
}

/** What a subscription or a phase is made of. */
function terms(quote: Doc): Params {
  const lines: QuoteLine[] = quote._lines;
  return {
    items: lines.filter(isRecurring).map(itemOf),
    add_invoice_items: lines.filter((line) => !isRecurring(line)).map(itemOf),
    default_tax_rates: quote.default_tax_rates,
    discounts: quote.discounts.map((discount: string) => ({ discount })),
  };
}

function itemOf({ item, rates }: QuoteLine): Params {
  return { price: item.price.id, _agreed: true, quantity: item.quantity, ...(rates.length === 0 ? {} : { tax_rates: rates }) };
}

async function scheduleOf(tx: Tx, quote: Doc): Promise<Doc> {
  const data = quote.subscription_data;
  const { interval, count } = cadenceOf((quote._lines as QuoteLine[]).find(isRecurring)!.item.price);
  const { issuer: _issuer, ...settings } = quote.invoice_settings;
  const trial = data.trial_period_days === null ? {} : { trial_end: data.effective_date + data.trial_period_days * 86_400 };
  const last = { interval, interval_count: count };
  return createSchedule(tx, {
    customer: quote.customer,
    start_date: data.effective_date,
    billing_mode: data.billing_mode,
    default_settings: {
      collection_method: quote.collection_method,
      description: data.description ?? '',
      invoice_settings: withoutNull(settings),
    },
    phases: [{ ...terms(quote), metadata: data.metadata, duration: last, ...trial }],
  });
}

/** Nobody is charged by an accepted quote alone: the invoice waits as a draft for its merchant. */
async function invoiceOf(tx: Tx, quote: Doc): Promise<Doc> {
  const customer = await tx.require('customer', quote.customer);
  const sent = quote.collection_method === 'send_invoice';
  const invoice = await createInvoice(tx, {
    customer: customer.id,
    currency: quote.currency,
    collection_method: quote.collection_method,
    ...(sent ? { days_until_due: quote.invoice_settings.days_until_due } : {}),
    description: quote.invoice_settings.description ?? undefined,
    footer: quote.invoice_settings.footer ?? undefined,
    default_tax_rates: quote.default_tax_rates,
    discounts: quote.discounts.map((discount: string) => ({ discount })),
    metadata: quote.metadata,
  });
  invoice.parent = { quote_details: { quote: quote.id }, subscription_details: null, type: 'quote_details' };
  for (const line of quote._lines as QuoteLine[]) attachItems(tx, invoice, [await invoiceItem(tx, { line, invoice, customer })]);
  await recalculate(tx, invoice, customer);
  tx.put(invoice);
  tx.emit('invoice.updated', invoice);
  return invoice;
}

async function invoiceItem(tx: Tx, of: { line: QuoteLine; invoice: Doc; customer: Doc }): Promise<Doc> {
  const { item, rates } = of.line;
  const price = inCurrency(await tx.require('price', item.price.id, { deleted: true }), item.currency, 'currency');
  return createItem(tx, {
    customer: of.customer,
    invoice: of.invoice.id,
    amount: priceAmount(price, item.quantity),
    currency: item.currency,
    description: item.description,
    price: { price: price.id, product: price.product },
    unitAmountDecimal: formatDecimal(parseDecimal(price.unit_amount_decimal ?? price.unit_amount ?? 0)),
    quantity: item.quantity,
    taxRates: await taxRates(tx, rates, 'line_items'),
  });
}

function withoutNull(values: Params): Params {
  return Object.fromEntries(Object.entries(values).filter(([, value]) => value !== null));
}
