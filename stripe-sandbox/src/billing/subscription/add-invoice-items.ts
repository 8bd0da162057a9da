import { invalidRequest } from '../../kernel/errors.ts';
import type { Doc, Params, Tx } from '../../kernel/types.ts';
import { createDiscounts } from '../discounts/load.ts';
import { formatDecimal, parseDecimal } from '../invoice/decimal.ts';
import { createItem } from '../invoice/items.ts';
import { priceAmount } from '../invoice/line-amounts.ts';
import { taxRates } from './items.ts';
import type { Period } from './period.ts';
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
      period: extraPeriod(tx, { subscription, given: given.period, param: `${param}[period]` }),
      price: { price: price.id, product: price.product },
      unitAmountDecimal: formatDecimal(parseDecimal(price.unit_amount_decimal ?? price.unit_amount ?? 0)),
      quantity,
      taxRates: await taxRates(tx, given.tax_rates, `${param}[tax_rates]`),
    });
  }
}

/** The time an extra is for: by default from the latest start to the earliest end of the items' periods [DTS add_invoice_items.period]. */
export function extraPeriod(tx: Tx, input: { subscription: Doc; given: Params | undefined; param: string }): Period {
  const { subscription, given, param } = input;
  const items: Doc[] = subscription.items.data;
  const start = extraEdge(given?.start, {
    now: tx.now(subscription),
    max_item_period_start: Math.max(...items.map((item) => item.current_period_start)),
  });
  const end = extraEdge(given?.end, { min_item_period_end: Math.min(...items.map((item) => item.current_period_end)) });
  const period = { start: start ?? tx.now(subscription), end: end ?? tx.now(subscription) };
  if (period.end < period.start)
    throw invalidRequest('The period of an invoice item cannot end before it starts.', { param: `${param}[end]` });
  return period;
}

/** One end of such a period: a timestamp, or one of the named instants (the last of them is the default). */
function extraEdge(given: Params | undefined, named: Record<string, number>): number | undefined {
  if (given?.type === 'timestamp') return given.timestamp;
  return named[given?.type ?? ''] ?? Object.values(named).at(-1);
}
