/** Changing an invoice item, pending or on a draft, and the line it has there: from the item's own route or from its line's. */
import { invalidRequest } from '../../kernel/errors.ts';
import type { Doc, Params, Tx } from '../../kernel/types.ts';
import { assign, mergeMetadata } from '../../kernel/values.ts';
import { createDiscounts } from '../discounts/load.ts';
import { taxRates } from '../subscription/items.ts';
import { refuseManualRates } from './automatic-tax.ts';
import { formatDecimal, parseDecimal } from './decimal.ts';
import { itemInputFrom } from './item-input.ts';
import { lineOfItem } from './items.ts';
import { replaceLine } from './lines.ts';

const AMOUNT_FIELDS = ['amount', 'quantity', 'quantity_decimal', 'pricing', 'price_data', 'unit_amount_decimal'];

/** Whether the parameters change what the item costs. */
export function changesAmount(given: Params): boolean {
  return AMOUNT_FIELDS.some((name) => given[name] !== undefined);
}

/** Writes the sent parameters onto an item and, when it is on a draft, onto its line. Amounts of prorations are fixed. Stores the item. */
export async function changeItem(
  tx: Tx,
  input: { item: Doc; invoice: Doc | null; customer: Doc; given: Params; param: string },
): Promise<void> {
  const { item, invoice, customer, given } = input;
  refuseManualRates(invoice, given, input.param);
  const named = (name: string) => (input.param === '' ? name : `${input.param}[${name}]`);
  if (changesAmount(given)) {
    if (item.proration) throw invalidRequest('You cannot change the amount of a proration.', { param: named('amount') });
    await setAmount(tx, input);
  }
  assign(item, given, ['description', 'discountable', 'period']);
  if (given.metadata !== undefined) item.metadata = mergeMetadata(item.metadata, given.metadata);
  if (given.tax_behavior !== undefined) item._tax_behavior = given.tax_behavior;
  if (given.tax_code !== undefined) item._tax_code = given.tax_code || null;
  if (given.tax_rates !== undefined) item.tax_rates = await taxRates(tx, given.tax_rates, named('tax_rates'));
  if (given.discounts !== undefined) {
    const target = { customer, invoiceItem: item.id, currency: item.currency, amount: item.amount };
    item.discounts = await createDiscounts(tx, { given: given.discounts, target, param: named('discounts') });
  }
  if (invoice !== null) replaceLine(tx, invoice, item._line, lineOfItem(item));
  tx.put(item);
}

/** A new amount; what is not sent stays as it was. */
async function setAmount(tx: Tx, input: { item: Doc; customer: Doc; given: Params; param: string }): Promise<void> {
  const { item, customer, given } = input;
  const kept: Params = given.amount !== undefined ? {} : keptPrice(item, given);
  const { discounts: _discounts, tax_rates: _rates, ...rest } = given;
  const whole = { ...kept, ...rest, quantity: given.quantity ?? item.quantity, currency: item.currency };
  const made = await itemInputFrom(tx, { given: whole, customer, currency: item.currency, param: input.param });
  item.amount = made.amount;
  item.net_amount = made.amount;
  item.quantity = Math.trunc(Number(made.quantity));
  item.quantity_decimal = formatDecimal(parseDecimal(made.quantity));
  item.pricing = {
    ...(made.price == null ? {} : { price_details: made.price }),
    type: 'price_details',
    unit_amount_decimal: made.unitAmountDecimal,
  };
}

function keptPrice(item: Doc, given: Params): Params {
  if (given.pricing !== undefined || given.price_data !== undefined || given.unit_amount_decimal !== undefined) return {};
  const price = item.pricing?.price_details?.price;
  return price === undefined ? { unit_amount_decimal: item.pricing.unit_amount_decimal } : { pricing: { price } };
}
