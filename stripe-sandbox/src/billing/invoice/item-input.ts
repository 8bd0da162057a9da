import { invalidRequest } from '../../kernel/errors.ts';
import type { Doc, Params, Tx } from '../../kernel/types.ts';
import { mergeMetadata } from '../../kernel/values.ts';
import { createDiscounts } from '../discounts/load.ts';
import { taxRates } from '../subscription/items.ts';
import { inCurrency, oneTimePrice } from '../subscription/prices.ts';
import { formatDecimal, ONE, parseDecimal, toMinorUnits } from './decimal.ts';
import type { ItemInput } from './items.ts';
import { priceAmount } from './line-amounts.ts';

type Given = { given: Params; customer: Doc; currency: string | undefined; param: string };
type Amount = Pick<ItemInput, 'amount' | 'currency' | 'description' | 'price' | 'unitAmountDecimal' | 'quantity'>;

/** An invoice item from its parameters: a price and a quantity, a unit amount, or a plain amount (which may be negative). */
export async function itemInputFrom(tx: Tx, input: Given): Promise<ItemInput> {
  const { given, customer, param } = input;
  const amount = await amountOf(tx, input);
  const target = { customer, currency: amount.currency, amount: amount.amount };
  return {
    ...amount,
    customer,
    discountable: given.discountable ?? (given.amount ?? 0) >= 0,
    discounts: await createDiscounts(tx, { given: given.discounts, target, param: nested(param, 'discounts') }),
    metadata: mergeMetadata({}, given.metadata),
    ...(given.period === undefined ? {} : { period: checkedPeriod(given.period, nested(param, 'period')) }),
    taxRates: await taxRates(tx, given.tax_rates, nested(param, 'tax_rates')),
    taxBehavior: given.tax_behavior ?? null,
    taxCode: given.tax_code || null,
  };
}

async function amountOf(tx: Tx, input: Given): Promise<Amount> {
  const { given, customer, param } = input;
  const quantity: number | string = given.quantity_decimal ?? given.quantity ?? 1;
  const priceId: string | undefined = given.pricing?.price ?? given.price;
  if (priceId !== undefined || given.price_data !== undefined) {
    const found = await oneTimePrice(tx, { given: { price: priceId, price_data: given.price_data }, param });
    const price = input.currency === undefined ? found : inCurrency(found, input.currency.toLowerCase(), nested(param, 'price'));
    const product = await tx.require('product', price.product);
    const unit = formatDecimal(parseDecimal(price.unit_amount_decimal ?? price.unit_amount ?? 0));
    return {
      amount: priceAmount(price, Number(quantity)),
      currency: price.currency,
      description: given.description ?? product.name,
      price: { price: price.id, product: price.product },
      unitAmountDecimal: unit,
      quantity,
    };
  }
  const currency = (given.currency ?? input.currency ?? customer.currency ?? tx.account.settings.currency).toLowerCase();
  const described = { currency, description: given.description ?? null, price: null, quantity };
  const unit = given.unit_amount_decimal ?? given.unit_amount;
  if (unit !== undefined) {
    const scaled = parseDecimal(unit);
    return { ...described, amount: toMinorUnits((scaled * parseDecimal(quantity)) / ONE), unitAmountDecimal: formatDecimal(scaled) };
  }
  if (given.amount === undefined)
    throw invalidRequest('You must pass `amount`, `pricing`, `price_data` or `unit_amount_decimal` for an invoice item.', {
      code: 'parameter_missing',
      param: nested(param, 'amount'),
    });
  return { ...described, amount: given.amount, unitAmountDecimal: formatDecimal(parseDecimal(given.amount)), quantity: 1 };
}

function checkedPeriod(period: Params, param: string): { start: number; end: number } {
  if (period.end < period.start) throw invalidRequest('The period end must not be before its start.', { param: `${param}[end]` });
  return { start: period.start, end: period.end };
}

/** `discounts` at the top, `invoice_items[0][discounts]` inside a list. */
function nested(param: string, name: string): string {
  return param === '' ? name : `${param}[${name}]`;
}
