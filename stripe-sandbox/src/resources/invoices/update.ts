import { createDiscounts } from '../../billing/discounts/load.ts';
import { chosenAutomaticTax } from '../../billing/invoice/automatic-tax.ts';
import { scheduleFinalization } from '../../billing/invoice/draft.ts';
import { recalculate } from '../../billing/invoice/recalculate.ts';
import { stopAdvancing } from '../../billing/invoice/void.ts';
import { ownMethod } from '../../billing/subscription/draft.ts';
import { taxRates } from '../../billing/subscription/items.ts';
import { invalidRequest } from '../../kernel/errors.ts';
import type { ApiRequest, Doc, Params } from '../../kernel/types.ts';
import { assign, mergeMetadata } from '../../kernel/values.ts';
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
  assign(invoice, params, [
    'description',
    'footer',
    'custom_fields',
    'statement_descriptor',
    'effective_at',
    'number',
    'collection_method',
    'due_date',
    'issuer',
  ]);
  if (params.days_until_due !== undefined) {
    invoice._days_until_due = params.days_until_due;
    invoice.due_date = invoice.created + params.days_until_due * DAY;
  }
  if (params.default_payment_method !== undefined)
    invoice.default_payment_method = await ownMethod(tx, params.default_payment_method, customer);
  if (params.default_tax_rates !== undefined) invoice.default_tax_rates = await taxRates(tx, params.default_tax_rates, 'default_tax_rates');
  if (params.automatic_tax !== undefined)
    invoice.automatic_tax = await chosenAutomaticTax(tx, params.automatic_tax, invoice.default_tax_rates);
  if (params.discounts !== undefined)
    invoice.discounts = await createDiscounts(tx, { given: params.discounts, target: { customer, invoice: invoice.id } });
  if (invoice.status === 'draft') await recalculate(tx, invoice, customer);
  setAdvance(rq, invoice);
  tx.put(invoice);
  tx.emit('invoice.updated', invoice);
  return invoice;
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
    if (invoice.status === 'draft') scheduleFinalization(tx, invoice, tx.now(invoice) + HOUR);
    else scheduleCollection(tx, invoice);
  }
  if (params.automatically_finalizes_at === undefined || invoice.status !== 'draft') return;
  if (!invoice.auto_advance)
    throw invalidRequest('`automatically_finalizes_at` can only be set when `auto_advance` is true.', {
      param: 'automatically_finalizes_at',
    });
  invoice._finalizes_at_wish = true;
  scheduleFinalization(tx, invoice, params.automatically_finalizes_at);
}

function refuseFrozen(invoice: Doc, params: Params): void {
  if (invoice.status === 'draft') return;
  const frozen = Object.keys(params).find((name) => !ALWAYS.has(name));
  if (frozen !== undefined)
    throw invalidRequest("Finalized invoices can't be updated in this way", { code: 'invoice_not_editable', param: frozen });
}
