import { invalidRequest, notEmulated, parameterMissing } from '../../kernel/errors.ts';
import type { Doc, Params, Tx } from '../../kernel/types.ts';
import { createDiscounts } from '../discounts/load.ts';
import { changeSubscription } from '../subscription/changes.ts';
import { billingOf } from '../subscription/cycle.ts';
import { anchorOf, newItems, newSubscription, trialEndOf } from '../subscription/draft.ts';
import { cancelInstant } from '../subscription/fields.ts';
import { firstInvoice } from '../subscription/first-invoice.ts';
import { taxRates } from '../subscription/items.ts';
import { setCancelAt } from '../subscription/schedule.ts';
import { asPreview, buildUpcoming, previewing } from '../subscription/upcoming.ts';
import { fillInvoice, recordProrations } from '../subscription/update.ts';
import { chosenAutomaticTax } from './automatic-tax.ts';
import { changeItem } from './change-item.ts';
import { createInvoice } from './create.ts';
import { buildDraft } from './draft.ts';
import { itemInputFrom } from './item-input.ts';
import { createItem } from './items.ts';
import { previewCustomer } from './preview-customer.ts';
import { recalculate } from './recalculate.ts';

/**
 * The invoice that would come: of a subscription's next renewal, of a change to it, or of a new subscription. Runs the real code and takes it
 * all back, so that a preview and what it announces agree; nothing is written and no event goes out [S 3.4].
 */
export async function previewInvoice(tx: Tx, params: Params): Promise<Doc> {
  const customerId = await customerOf(tx, params);
  return previewing(tx, async () => {
    const customer = await previewCustomer(tx, customerId, params.customer_details);
    await previewItems(tx, params, customer);
    const invoice = await build(tx, params, customer);
    if (params.discounts !== undefined)
      invoice.discounts = await createDiscounts(tx, { given: params.discounts, target: { customer, currency: invoice.currency } });
    if (params.automatic_tax !== undefined)
      invoice.automatic_tax = await chosenAutomaticTax(tx, params.automatic_tax, invoice.default_tax_rates);
    if (params.discounts !== undefined || params.automatic_tax !== undefined) await recalculate(tx, invoice, customer);
    if (customer._stranger === true) invoice.customer = null;
    return asUpcoming(invoice);
  });
}

/** Items that would be added, and pending ones as they would be changed (`invoiceitem`). The first currency named decides where none is given. */
async function previewItems(tx: Tx, params: Params, customer: Doc): Promise<void> {
  for (const [index, { invoiceitem, ...given }] of ((params.invoice_items as Params[] | undefined) ?? []).entries()) {
    const param = `invoice_items[${index}]`;
    if (invoiceitem === undefined) {
      const item = createItem(tx, await itemInputFrom(tx, { given, customer, currency: params.currency, param }));
      if (customer._stranger === true) customer.currency = customer.currency ?? item.currency;
      continue;
    }
    const item = await tx.require('invoiceitem', invoiceitem, { param: `${param}[invoiceitem]` });
    if (item.customer !== customer.id || item.invoice !== null)
      throw invalidRequest('Only pending invoice items of the customer can be changed in a preview.', { param: `${param}[invoiceitem]` });
    const { price, ...rest } = given;
    await changeItem(tx, { item, invoice: null, customer, given: price === undefined ? rest : { ...rest, pricing: { price } }, param });
  }
}

/** Previews are told by their id [DTS id]; their lines exist nowhere else. */
function asUpcoming(invoice: Doc): Doc {
  invoice.id = `upcoming_${invoice.id}`;
  const data = invoice.lines.data.map((line: Doc) => ({ ...line, id: line.id.replace(/^il_/, 'il_tmp_'), invoice: invoice.id }));
  invoice.lines = { ...invoice.lines, data, url: `/v1/invoices/${invoice.id}/lines` };
  return invoice;
}

async function build(tx: Tx, params: Params, customer: Doc): Promise<Doc> {
  const details: Params = params.subscription_details ?? {};
  refuseDetails(details);
  if (params.subscription === undefined)
    return details.items === undefined ? previewOneOff(tx, params, customer) : previewNew(tx, params, customer);
  const subscription = await tx.require('subscription', params.subscription, { param: 'subscription' });
  if (details.cancel_at_period_end !== undefined) setCancelAt(tx, subscription, { at: null, atPeriodEnd: details.cancel_at_period_end });
  else if (details.cancel_at !== undefined)
    setCancelAt(tx, subscription, { at: cancelInstant(tx, subscription, details.cancel_at), atPeriodEnd: false });
  if (details.default_tax_rates !== undefined)
    subscription.default_tax_rates = await taxRates(tx, details.default_tax_rates, 'subscription_details[default_tax_rates]');
  const change = await changeSubscription(tx, { subscription, customer, params: details });
  recordProrations(tx, { subscription, change });
  if (!change.invoiceNow) return buildUpcoming(tx, subscription);
  const now = tx.now(subscription);
  const start = Math.min(now, ...subscription.items.data.map((item: Doc) => item.current_period_start));
  const invoice = await buildDraft(tx, {
    ...billingOf(subscription),
    customer,
    subscription,
    billingReason: 'upcoming',
    lines: [],
    period: { start, end: now },
  });
  await fillInvoice(tx, { subscription, customer, invoice, change });
  return asPreview(invoice, { at: now, reason: 'upcoming' });
}

/** A subscription that does not exist yet. */
async function previewNew(tx: Tx, params: Params, customer: Doc): Promise<Doc> {
  const details: Params = { ...params.subscription_details, currency: params.currency };
  const subscription = await newSubscription(tx, { params: details, customer });
  const trialEnd = await trialEndOf(tx, { params: details, subscription });
  const anchor =
    details.billing_cycle_anchor?.type === 'timestamp'
      ? { billing_cycle_anchor: details.billing_cycle_anchor.timestamp }
      : { billing_cycle_anchor: undefined };
  subscription.billing_cycle_anchor = anchorOf(tx, { params: { ...details, ...anchor }, subscription, trialEnd });
  await newItems(tx, { params: details, subscription, customer, trialEnd });
  if (trialEnd !== null) Object.assign(subscription, { trial_start: tx.now(subscription), trial_end: trialEnd });
  const invoice = await firstInvoice(tx, { params: details, subscription, customer });
  if (invoice === null) throw nothingUpcoming();
  return asPreview(invoice, { at: tx.now(customer), reason: 'upcoming' });
}

/** What is pending for a customer without a subscription. */
async function previewOneOff(tx: Tx, params: Params, customer: Doc): Promise<Doc> {
  const invoice = await createInvoice(tx, { customer: customer.id, currency: params.currency, pending_invoice_items_behavior: 'include' });
  if (invoice.lines.data.length === 0) throw nothingUpcoming();
  return asPreview(invoice, { at: tx.now(customer), reason: 'manual' });
}

/** Details without behaviour in previews: refused, never ignored. */
function refuseDetails(details: Params): void {
  for (const name of ['billing_schedules', 'cancel_now', 'pause', 'resume_at', 'start_date']) {
    if (details[name] !== undefined) throw notEmulated(`subscription_details[${name}] of a preview`, `subscription_details[${name}]`);
  }
}

async function customerOf(tx: Tx, params: Params): Promise<string | null> {
  if (params.subscription !== undefined) {
    const subscription = await tx.require('subscription', params.subscription, { param: 'subscription' });
    return subscription.customer;
  }
  const enough = params.customer_details ?? params.invoice_items ?? params.subscription_details?.items;
  if (params.customer === undefined && enough === undefined) throw parameterMissing('customer');
  return params.customer ?? null;
}

function nothingUpcoming() {
  return invalidRequest('No upcoming invoices for customer', { code: 'invoice_upcoming_none', status: 404 });
}
