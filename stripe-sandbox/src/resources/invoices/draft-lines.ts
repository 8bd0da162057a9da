import { itemInputFrom } from '../../billing/invoice/item-input.ts';
import { attachItems, createItem, removeLine } from '../../billing/invoice/items.ts';
import { invalidRequest, notEmulated } from '../../kernel/errors.ts';
import type { ApiRequest, Doc, Params, Tx } from '../../kernel/types.ts';
import { assign, mergeMetadata } from '../../kernel/values.ts';
import { draftChanged } from '../invoice-items/on-draft.ts';

/** Adds lines to a draft: pending invoice items, or new ones. Emits invoiceitem.created for new ones and invoice.updated. */
export async function addLines(rq: ApiRequest): Promise<Doc> {
  const { tx, params } = rq;
  const invoice = await draft(tx, rq.path.id!);
  const customer = await tx.require('customer', invoice.customer);
  setMetadata(invoice, params);
  for (const [index, given] of (params.lines as Params[]).entries()) {
    const param = `lines[${index}]`;
    const item =
      given.invoice_item === undefined
        ? createItem(tx, { ...(await itemInputFrom(tx, { given, customer, currency: invoice.currency, param })), invoice: invoice.id })
        : await tx.require('invoiceitem', given.invoice_item, { param: `${param}[invoice_item]` });
    if (item.invoice !== null && item.invoice !== invoice.id) throw invalidRequest('This invoice item is on another invoice.', { param });
    attachItems(tx, invoice, [item]);
  }
  await draftChanged(tx, invoice);
  return invoice;
}

/** Takes lines off a draft: `delete` removes their items, `unassign` lets them wait for another invoice. Emits invoice.updated. */
export async function removeLines(rq: ApiRequest): Promise<Doc> {
  const { tx, params } = rq;
  const invoice = await draft(tx, rq.path.id!);
  setMetadata(invoice, params);
  for (const [index, given] of (params.lines as Params[]).entries()) {
    const item = await itemOfLine(tx, invoice, given.id, `lines[${index}][id]`);
    removeLine(invoice, item);
    if (given.behavior === 'unassign') {
      item.invoice = null;
      item._ref = `pending_${item.customer}`;
      tx.put(item);
      continue;
    }
    tx.emit('invoiceitem.deleted', item);
    tx.remove(item);
  }
  await draftChanged(tx, invoice);
  return invoice;
}

/** Changes words, period or metadata of a draft's line. Amounts are changed through its invoice item. Emits invoice.updated. */
export async function updateLine(rq: ApiRequest): Promise<Doc> {
  const { tx, params } = rq;
  const invoice = await draft(tx, rq.path.invoice!);
  const line = changeLine(invoice, { ...params, id: rq.path.id }, 'line_item_id');
  await draftChanged(tx, invoice);
  return line;
}

/** The same for several lines at once. */
export async function updateLines(rq: ApiRequest): Promise<Doc> {
  const { tx, params } = rq;
  const invoice = await draft(tx, rq.path.id!);
  setMetadata(invoice, params);
  for (const [index, given] of (params.lines as Params[]).entries()) changeLine(invoice, given, `lines[${index}][id]`);
  await draftChanged(tx, invoice);
  return invoice;
}

const WORDS = new Set(['id', 'description', 'discountable', 'expand', 'metadata', 'period']);

function changeLine(invoice: Doc, given: Params, param: string): Doc {
  const line = invoice.lines.data.find((candidate: Doc) => candidate.id === given.id);
  if (line === undefined)
    throw invalidRequest(`No such invoice line item: '${given.id}'`, {
      code: 'resource_missing',
      param,
      status: param === 'line_item_id' ? 404 : 400,
    });
  const other = Object.keys(given).find((name) => !WORDS.has(name));
  if (other !== undefined) throw notEmulated(`${other} of an invoice line`, other);
  assign(line, given, ['description', 'discountable', 'period']);
  if (given.metadata !== undefined) line.metadata = mergeMetadata(line.metadata, given.metadata);
  return line;
}

async function itemOfLine(tx: Tx, invoice: Doc, lineId: string, param: string): Promise<Doc> {
  const line = invoice.lines.data.find((candidate: Doc) => candidate.id === lineId);
  const itemId = line?.parent?.invoice_item_details?.invoice_item ?? line?.parent?.subscription_item_details?.invoice_item;
  if (itemId == null) throw invalidRequest(`No such invoice line item: '${lineId}'`, { code: 'resource_missing', param });
  return tx.require('invoiceitem', itemId);
}

async function draft(tx: Tx, id: string): Promise<Doc> {
  const invoice = await tx.require('invoice', id);
  if (invoice.status !== 'draft') throw invalidRequest('This invoice is no longer editable', { code: 'invoice_not_editable' });
  return invoice;
}

function setMetadata(invoice: Doc, params: Params): void {
  if (params.invoice_metadata !== undefined) invoice.metadata = mergeMetadata(invoice.metadata, params.invoice_metadata);
}
