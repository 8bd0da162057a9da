/** What delivery costs on an invoice: `shipping_cost`, from a rate given in line or one that was made before. */
import { invalidRequest, notEmulated, parameterMissing } from '../../kernel/errors.ts';
import type { Doc, Params, Tx } from '../../kernel/types.ts';

/** Sets or clears the shipping rate of a draft; sums follow with `recalculate`. */
export async function assignShipping(tx: Tx, invoice: Doc, given: Params | '' | undefined): Promise<void> {
  if (given === undefined) return;
  if (given === '') {
    invoice.shipping_cost = null;
    delete invoice._shipping;
    return;
  }
  const rate = await rateOf(tx, invoice, given);
  if (rate.fixed_amount.currency !== invoice.currency)
    throw invalidRequest(`The currency of the shipping rate must match the invoice's: ${invoice.currency}.`, { param: 'shipping_cost' });
  invoice.shipping_cost = { amount_subtotal: rate.fixed_amount.amount, amount_tax: 0, amount_total: 0, shipping_rate: rate.id };
  invoice._shipping = { tax_behavior: rate.tax_behavior, tax_code: rate.tax_code };
}

async function rateOf(tx: Tx, invoice: Doc, given: Params): Promise<Doc> {
  if (given.shipping_rate && given.shipping_rate_data)
    throw invalidRequest('You may only specify one of these parameters: shipping_rate, shipping_rate_data.', {
      code: 'parameters_exclusive',
      param: 'shipping_cost',
    });
  if (given.shipping_rate) return tx.require('shipping_rate', given.shipping_rate, { param: 'shipping_cost[shipping_rate]' });
  const data: Params | undefined = given.shipping_rate_data;
  if (data === undefined) throw parameterMissing('shipping_cost[shipping_rate]');
  const param = 'shipping_cost[shipping_rate_data]';
  if (data.delivery_estimate !== undefined) throw notEmulated('A delivery estimate', `${param}[delivery_estimate]`);
  if (data.fixed_amount === undefined) throw parameterMissing(`${param}[fixed_amount]`);
  if (data.fixed_amount.amount < 0) throw invalidRequest('Invalid non-negative integer', { param: `${param}[fixed_amount][amount]` });
  const rate = tx.make(
    'shipping_rate',
    'shr',
    {
      active: true,
      display_name: data.display_name,
      fixed_amount: { amount: data.fixed_amount.amount, currency: data.fixed_amount.currency.toLowerCase() },
      metadata: data.metadata ?? {},
      tax_behavior: data.tax_behavior ?? 'unspecified',
      tax_code: data.tax_code ?? 'txcd_92010001',
      type: 'fixed_amount',
    },
    invoice,
  );
  tx.put(rate);
  return rate;
}
