import { refuseManualRates } from '../../billing/invoice/automatic-tax.ts';
import { changeItem } from '../../billing/invoice/change-item.ts';
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
    if (given.tax_amounts) throw notEmulated('tax_amounts of an invoice line', `${param}[tax_amounts]`);
    refuseManualRates(invoice, given, param);
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

/** Changes a draft's line and, through it, its invoice item; lines of a subscription only in words. Emits invoice.updated. */
export async function updateLine(rq: ApiRequest): Promise<Doc> {
  const { tx, params } = rq;
  const invoice = await draft(tx, rq.path.invoice!);
  await changeLine(tx, invoice, { given: { ...params, id: rq.path.id }, param: '' });
  await draftChanged(tx, invoice);
  return invoice.lines.data.find((line: Doc) => line.id === rq.path.id);
}

/** The same for several lines at once. */
export async function updateLines(rq: ApiRequest): Promise<Doc> {
  const { tx, params } = rq;
  const invoice = await draft(tx, rq.path.id!);
  setMetadata(invoice, params);
  for (const [index, given] of (params.lines as Params[]).entries()) await changeLine(tx, invoice, { given, param: `lines[${index}]` });
  await draftChanged(tx, invoice);
  return invoice;
}

/** What a line without an invoice item may change. */
const WORDS = new Set(['id', 'description', 'discountable', 'expand', 'metadata', 'period']);

async function changeLine(tx: Tx, invoice: Doc, input: { given: Params; param: string }): Promise<void> {
  const { given, param } = input;
  const line = invoice.lines.data.find((candidate: Doc) => candidate.id === given.id);
  if (line === undefined) {
    throw invalidRequest(`No such invoice line item: '${given.id}'`, {
      code: 'resource_missing',
      param: param === '' ? 'line_item_id' : `${param}[id]`,
      status: param === '' ? 404 : 400,
    });
  }
  if (given.tax_amounts) throw notEmulated('tax_amounts of an invoice line', param === '' ? 'tax_amounts' : `${param}[tax_amounts]`);
  const { id: _id, expand: _expand, tax_amounts: _amounts, ...changes } = given;
  const itemId = line.parent?.invoice_item_details?.invoice_item ?? line.parent?.subscription_item_details?.invoice_item;
  if (itemId != null) {
    const item = await tx.require('invoiceitem', itemId);
    const customer = await tx.require('customer', invoice.customer);
    return changeItem(tx, { item, invoice, customer, given: changes, param });
  }
  const other = Object.keys(given).find((name) => !WORDS.has(name));
  if (other !== undefined) throw notEmulated(`${other} of a subscription's invoice line`, other);
  assign(line, given, ['description', 'discountable', 'period']);
  if (given.metadata !== undefined) line.metadata = mergeMetadata(line.metadata, given.metadata);
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
