import { createDiscounts } from '../../billing/discounts/load.ts';
import { chosenAutomaticTax } from '../../billing/invoice/automatic-tax.ts';
import { scheduleFinalization } from '../../billing/invoice/draft.ts';
import { assignFields, checkFinalizesAt } from '../../billing/invoice/fields.ts';
import { recalculate } from '../../billing/invoice/recalculate.ts';
import { assignShipping } from '../../billing/invoice/shipping.ts';
import { stopAdvancing } from '../../billing/invoice/void.ts';
import { taxRates } from '../../billing/subscription/items.ts';
import { invalidRequest } from '../../kernel/errors.ts';
import type { ApiRequest, Doc, Params } from '../../kernel/types.ts';
import { mergeMetadata } from '../../kernel/values.ts';
import { scheduleCollection } from './schedule-collection.ts';

const HOUR = 3600;
const DAY = 86_400;
/** What a finalized invoice still accepts. */
const ALWAYS = new Set(['metadata', 'auto_advance', 'default_payment_method', 'description', 'footer', 'expand']);

/** Changes a draft; of a finalized invoice only what no longer alters its content. Emits invoice.updated. */
export async function update(rq: ApiRequest): Promise<Doc> {
  const { tx, params } = rq;
  const invoice = await tx.require('invoice', rq.path.id!);
  const customer = await tx.require('customer', invoice.customer);
  refuseFrozen(invoice, params);
  if (params.metadata !== undefined) invoice.metadata = mergeMetadata(invoice.metadata, params.metadata);
  await assignFields(tx, { invoice, customer, params });
  setCollection(invoice, params);
  if (params.default_tax_rates !== undefined) invoice.default_tax_rates = await taxRates(tx, params.default_tax_rates, 'default_tax_rates');
  if (params.automatic_tax !== undefined)
    invoice.automatic_tax = await chosenAutomaticTax(tx, params.automatic_tax, invoice.default_tax_rates);
  if (params.discounts !== undefined)
    invoice.discounts = await createDiscounts(tx, { given: params.discounts, target: discountTarget(invoice, customer) });
  await assignShipping(tx, invoice, params.shipping_cost);
  if (invoice.status === 'draft') await recalculate(tx, invoice, customer);
  setAdvance(rq, invoice);
  tx.put(invoice);
  tx.emit('invoice.updated', invoice);
  return invoice;
}

/** A code's minimum is held against the lines that are there. */
function discountTarget(invoice: Doc, customer: Doc) {
  const amount = invoice.lines.data.length === 0 ? {} : { amount: invoice.subtotal as number };
  return { customer, invoice: invoice.id as string, currency: invoice.currency as string, ...amount };
}

/** How the invoice is collected, and when it is due. */
function setCollection(invoice: Doc, params: Params): void {
  if (params.collection_method !== undefined) invoice.collection_method = params.collection_method;
  if (invoice.collection_method !== 'send_invoice') {
    if (params.days_until_due !== undefined || params.due_date !== undefined)
      throw invalidRequest('You can only specify `due_date` or `days_until_due` if `collection_method` is `send_invoice`.', {
        param: params.due_date === undefined ? 'days_until_due' : 'due_date',
      });
    if (params.collection_method !== undefined) Object.assign(invoice, { due_date: null, _days_until_due: null });
    return;
  }
  if (params.days_until_due !== undefined)
    Object.assign(invoice, { _days_until_due: params.days_until_due, due_date: invoice.created + params.days_until_due * DAY });
  else if (params.due_date !== undefined) Object.assign(invoice, { _days_until_due: null, due_date: params.due_date });
  if (invoice.due_date === null)
    throw invalidRequest('If `collection_method` is set to `send_invoice`, you must specify either `days_until_due` or `due_date`.', {
      param: 'days_until_due',
    });
  if (params.collection_method !== undefined) invoice.next_payment_attempt = null;
}

/** Turning automatic collection on or off. */
function setAdvance(rq: ApiRequest, invoice: Doc): void {
  const { tx, params } = rq;
  if (params.auto_advance === false) {
    stopAdvancing(tx, invoice);
    return;
  }
  if (params.auto_advance === true && !invoice.auto_advance && ['draft', 'open'].includes(invoice.status)) {
    invoice.auto_advance = true;
    if (invoice.status === 'draft') scheduleFinalization(tx, invoice, tx.now(invoice) + tx.account.settings.draft_hours * HOUR);
    else scheduleCollection(tx, invoice);
  }
  if (params.automatically_finalizes_at === undefined || invoice.status !== 'draft') return;
  checkFinalizesAt(tx, invoice, params.automatically_finalizes_at);
  invoice._finalizes_at_wish = true;
  scheduleFinalization(tx, invoice, params.automatically_finalizes_at);
}

function refuseFrozen(invoice: Doc, params: Params): void {
  if (invoice.status === 'draft') return;
  const frozen = Object.keys(params).find((name) => !ALWAYS.has(name));
  if (frozen !== undefined)
    throw invalidRequest("Finalized invoices can't be updated in this way", { code: 'invoice_not_editable', param: frozen });
}
