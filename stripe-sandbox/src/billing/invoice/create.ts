import { invalidRequest, parameterMissing } from '../../kernel/errors.ts';
import type { Doc, Params, Tx } from '../../kernel/types.ts';
import { mergeMetadata } from '../../kernel/values.ts';
import { createDiscounts } from '../discounts/load.ts';
import { taxRates } from '../subscription/items.ts';
import { chosenAutomaticTax } from './automatic-tax.ts';
import { buildDraft, saveDraft, scheduleFinalization } from './draft.ts';
import { assignFields, checkFinalizesAt } from './fields.ts';
import { attachItems, pendingItems } from './items.ts';
import { recalculate } from './recalculate.ts';
import { copiedFields, copiedItems, originalOf } from './revise.ts';
import { assignShipping } from './shipping.ts';

/**
 * A draft made by hand, from Stripe's own parameters, or a revision of a finalized invoice (`from_invoice`). Nothing happens to it by itself
 * unless `auto_advance` says so [S 3.5]. Emits invoice.created.
 */
export async function createInvoice(tx: Tx, params: Params): Promise<Doc> {
  const original = params.from_invoice === undefined ? null : await originalOf(tx, params.from_invoice);
  const customer = await customerOf(tx, params, original);
  const subscription =
    params.subscription === undefined ? null : await tx.require('subscription', params.subscription, { param: 'subscription' });
  const currency = currencyOf(tx, { params, original, subscription, customer });
  const now = tx.now(customer);
  const due = dueOf(params, original ?? subscription);
  const invoice = await buildDraft(tx, {
    customer,
    subscription,
    currency,
    billingReason: 'manual',
    lines: [],
    period: { start: now, end: now },
    autoAdvance: params.auto_advance ?? false,
    ...due,
    discounts: [],
    fields: {
      ...(original === null ? {} : copiedFields(original)),
      due_date: params.due_date ?? (due.daysUntilDue === null ? (original?.due_date ?? null) : null),
    },
  });
  await fill(tx, { invoice, customer, params });
  if (original !== null) attachItems(tx, invoice, await copiedItems(tx, { original, revision: invoice, customer }));
  else await takePending(tx, { invoice, customer, subscription, params });
  await recalculate(tx, invoice, customer);
  await save(tx, invoice, params);
  return invoice;
}

async function fill(tx: Tx, input: { invoice: Doc; customer: Doc; params: Params }): Promise<void> {
  const { invoice, customer, params } = input;
  await assignFields(tx, input);
  invoice.metadata = mergeMetadata(invoice.metadata, params.metadata);
  if (params.default_tax_rates !== undefined) invoice.default_tax_rates = await taxRates(tx, params.default_tax_rates, 'default_tax_rates');
  if (params.automatic_tax !== undefined)
    invoice.automatic_tax = await chosenAutomaticTax(tx, params.automatic_tax, invoice.default_tax_rates);
  if (params.discounts !== undefined)
    invoice.discounts = await createDiscounts(tx, {
      given: params.discounts,
      target: { customer, invoice: invoice.id, currency: invoice.currency },
    });
  await assignShipping(tx, invoice, params.shipping_cost);
}

async function takePending(tx: Tx, input: { invoice: Doc; customer: Doc; subscription: Doc | null; params: Params }): Promise<void> {
  const { invoice, customer, subscription, params } = input;
  const wanted = params.pending_invoice_items_behavior ?? (subscription === null ? 'exclude' : 'include');
  if (wanted !== 'include') return;
  const { currency } = invoice;
  const of = { customer: customer.id, subscription: subscription?.id ?? null, currency, onlySubscription: subscription !== null };
  attachItems(tx, invoice, await pendingItems(tx, of));
}

/** `automatically_finalizes_at` set by hand is not delayed by endpoints that do not answer [S 3.5]. */
async function save(tx: Tx, invoice: Doc, params: Params): Promise<void> {
  const at: number | undefined = params.automatically_finalizes_at;
  if (at === undefined) return saveDraft(tx, invoice, { immediate: false });
  checkFinalizesAt(tx, invoice, at);
  invoice._finalizes_at_wish = true;
  scheduleFinalization(tx, invoice, at);
  await saveDraft(tx, invoice, { immediate: true });
}

async function customerOf(tx: Tx, params: Params, original: Doc | null): Promise<Doc> {
  if (original !== null) {
    const other = ['customer', 'currency', 'subscription', 'pending_invoice_items_behavior'].find((name) => params[name] !== undefined);
    if (other !== undefined) throw invalidRequest(`\`${other}\` cannot be given together with \`from_invoice\`.`, { param: other });
    return tx.require('customer', original.customer);
  }
  if (params.customer === undefined) throw parameterMissing('customer');
  return tx.require('customer', params.customer, { param: 'customer' });
}

function currencyOf(tx: Tx, from: { params: Params; original: Doc | null; subscription: Doc | null; customer: Doc }): string {
  const { params, original, subscription, customer } = from;
  return (
    params.currency ??
    original?.currency ??
    subscription?.currency ??
    customer.currency ??
    tx.account.settings.currency
  ).toLowerCase();
}

/** How the invoice is collected and when it is due; `send_invoice` needs one of `days_until_due` and `due_date`. */
function dueOf(params: Params, like: Doc | null): { collectionMethod: string; daysUntilDue: number | null } {
  const collectionMethod: string = params.collection_method ?? like?.collection_method ?? 'charge_automatically';
  const daysUntilDue: number | null = params.days_until_due ?? like?.days_until_due ?? like?._days_until_due ?? null;
  if (collectionMethod !== 'send_invoice') {
    if (params.days_until_due === undefined && params.due_date === undefined) return { collectionMethod, daysUntilDue: null };
    throw invalidRequest('You can only specify `due_date` or `days_until_due` if `collection_method` is `send_invoice`.', {
      param: params.due_date === undefined ? 'days_until_due' : 'due_date',
    });
  }
  if (params.due_date !== undefined && params.days_until_due !== undefined)
    throw invalidRequest('You may only specify one of these parameters: due_date, days_until_due.', {
      code: 'parameters_exclusive',
      param: 'due_date',
    });
  if (daysUntilDue === null && params.due_date === undefined && like?.due_date == null) {
    throw invalidRequest('If `collection_method` is set to `send_invoice`, you must specify either `days_until_due` or `due_date`.', {
      param: 'days_until_due',
    });
  }
  return { collectionMethod, daysUntilDue: params.due_date === undefined ? daysUntilDue : null };
}
