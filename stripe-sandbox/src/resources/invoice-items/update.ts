import { createDiscounts } from '../../billing/discounts/load.ts';
import { formatDecimal, parseDecimal } from '../../billing/invoice/decimal.ts';
import { itemInputFrom } from '../../billing/invoice/item-input.ts';
import { lineOfItem, removeLine } from '../../billing/invoice/items.ts';
import { addLines } from '../../billing/invoice/lines.ts';
import { taxRates } from '../../billing/subscription/items.ts';
import { invalidRequest } from '../../kernel/errors.ts';
import type { ApiRequest, Doc, Params } from '../../kernel/types.ts';
import { assign, mergeMetadata } from '../../kernel/values.ts';
import { draftChanged, draftOf } from './on-draft.ts';

const AMOUNT_FIELDS = ['amount', 'quantity', 'quantity_decimal', 'pricing', 'price_data', 'unit_amount_decimal'];

/** Changes an item that is still pending or on a draft. Amounts of prorations are fixed. Emits invoice.updated when a draft changes. */
export async function update(rq: ApiRequest): Promise<Doc> {
  const { tx, params } = rq;
  const item = await tx.require('invoiceitem', rq.path.id!);
  const invoice = await draftOf(tx, item);
  const customer = await tx.require('customer', item.customer);
  const changesAmount = AMOUNT_FIELDS.some((name) => params[name] !== undefined);
  if (changesAmount && item.proration) throw invalidRequest('You cannot change the amount of a proration.', { param: 'amount' });
  if (changesAmount) await setAmount(rq, item, customer);
  assign(item, params, ['description', 'discountable', 'period']);
  if (params.metadata !== undefined) item.metadata = mergeMetadata(item.metadata, params.metadata);
  if (params.tax_behavior !== undefined) item._tax_behavior = params.tax_behavior;
  if (params.tax_code !== undefined) item._tax_code = params.tax_code || null;
  if (params.tax_rates !== undefined) item.tax_rates = await taxRates(tx, params.tax_rates, 'tax_rates');
  if (params.discounts !== undefined)
    item.discounts = await createDiscounts(tx, { given: params.discounts, target: { customer, invoiceItem: item.id } });
  if (invoice !== null) {
    removeLine(invoice, item);
    addLines(tx, invoice, [lineOfItem(item)]);
    item._line = invoice.lines.data.at(-1).id;
  }
  tx.put(item);
  if (invoice !== null) await draftChanged(tx, invoice);
  return item;
}

/** A new amount; what is not sent stays as it was. */
async function setAmount(rq: ApiRequest, item: Doc, customer: Doc): Promise<void> {
  const { params } = rq;
  const kept: Params = params.amount !== undefined ? {} : keptPrice(item, params);
  const given = { ...kept, ...params, quantity: params.quantity ?? item.quantity, currency: item.currency };
  const input = await itemInputFrom(rq.tx, { given, customer, currency: item.currency, param: '' });
  item.amount = input.amount;
  item.net_amount = input.amount;
  item.quantity = Math.trunc(Number(input.quantity));
  item.quantity_decimal = formatDecimal(parseDecimal(input.quantity));
  item.pricing = {
    ...(input.price == null ? {} : { price_details: input.price }),
    type: 'price_details',
    unit_amount_decimal: input.unitAmountDecimal,
  };
}

function keptPrice(item: Doc, params: Params): Params {
  if (params.pricing !== undefined || params.price_data !== undefined || params.unit_amount_decimal !== undefined) return {};
  const price = item.pricing?.price_details?.price;
  return price === undefined ? { unit_amount_decimal: item.pricing.unit_amount_decimal } : { pricing: { price } };
}
