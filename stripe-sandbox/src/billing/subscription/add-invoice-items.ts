import type { Doc, Params, Tx } from '../../kernel/types.ts';
import { createDiscounts } from '../discounts/load.ts';
import { formatDecimal, parseDecimal } from '../invoice/decimal.ts';
import { createItem } from '../invoice/items.ts';
import { priceAmount } from '../invoice/line-amounts.ts';
import { taxRates } from './items.ts';
import { inCurrency, oneTimePrice } from './prices.ts';

/** One-time prices that ride along on the next invoice (`add_invoice_items`): pending invoice items of the subscription. Emits invoiceitem.created. */
export async function addInvoiceItems(tx: Tx, input: { given: Params[] | undefined; subscription: Doc; customer: Doc }): Promise<void> {
  const { subscription, customer } = input;
  for (const [index, given] of (input.given ?? []).entries()) {
    const param = `add_invoice_items[${index}]`;
    const price = inCurrency(await oneTimePrice(tx, { given, param }), subscription.currency, `${param}[price]`);
    const product = await tx.require('product', price.product);
    const quantity = given.quantity ?? 1;
    createItem(tx, {
      customer,
      subscription,
      amount: priceAmount(price, quantity),
      currency: subscription.currency,
      description: product.name,
      discountable: given.discountable ?? true,
      discounts: await createDiscounts(tx, { given: given.discounts, target: { customer }, param: `${param}[discounts]` }),
      metadata: given.metadata ?? {},
      price: { price: price.id, product: price.product },
      unitAmountDecimal: formatDecimal(parseDecimal(price.unit_amount_decimal ?? price.unit_amount ?? 0)),
      quantity,
      taxRates: await taxRates(tx, given.tax_rates, `${param}[tax_rates]`),
    });
  }
}
