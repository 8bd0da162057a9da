/** Shipping options of a session: rates given by id or in line; the first one is chosen until the buyer takes another. */
import { invalidRequest, parametersExclusive } from '../../kernel/errors.ts';
import type { Doc, Params, Tx } from '../../kernel/types.ts';
import { makeShippingRate } from '../shipping-rates/make.ts';

const MAX_OPTIONS = 5;

export type ShippingOption = { shipping_amount: number; shipping_rate: string };

/** Reads `shipping_options` in the session's currency (or a payment link's); rates in line are stored. Their names are kept for the page. */
export async function readShippingOptions(tx: Tx, input: { given: Params[]; session: Doc }): Promise<ShippingOption[]> {
  const { given, session } = input;
  const { currency } = session;
  if (given.length > MAX_OPTIONS)
    throw invalidRequest(`You can specify at most ${MAX_OPTIONS} shipping options.`, { param: 'shipping_options' });
  const options: ShippingOption[] = [];
  session._shipping_names = {};
  for (const [index, one] of given.entries()) {
    const param = `shipping_options[${index}]`;
    const rate = await rateOf(tx, one, param);
    session._shipping_names[rate.id] = { name: rate.display_name, estimate: estimateOf(rate.delivery_estimate) };
    options.push({ shipping_amount: amountIn(rate, currency, param), shipping_rate: rate.id });
  }
  return options;
}

/** Chooses one of the session's options. False when it has no such option. */
export function chooseShipping(session: Doc, rate: string): boolean {
  const option = (session.shipping_options as ShippingOption[]).find((one) => one.shipping_rate === rate);
  if (option === undefined) return false;
  const { shipping_amount: amount } = option;
  session.shipping_cost = { amount_subtotal: amount, amount_tax: 0, amount_total: amount, shipping_rate: rate };
  return true;
}

async function rateOf(tx: Tx, one: Params, param: string): Promise<Doc> {
  const { shipping_rate: id, shipping_rate_data: data } = one;
  if (id !== undefined && data !== undefined) throw parametersExclusive(`${param}[shipping_rate]`, `${param}[shipping_rate_data]`);
  if (data !== undefined) return makeShippingRate(tx, data, `${param}[shipping_rate_data]`);
  if (id === undefined)
    throw invalidRequest(`Missing required param: ${param}[shipping_rate].`, {
      code: 'parameter_missing',
      param: `${param}[shipping_rate]`,
    });
  const rate = await tx.require('shipping_rate', id, { param: `${param}[shipping_rate]` });
  if (!rate.active) throw invalidRequest('The shipping rate specified is inactive.', { param: `${param}[shipping_rate]` });
  return rate;
}

function amountIn(rate: Doc, currency: string, param: string): number {
  const { fixed_amount: fixed } = rate;
  if (fixed.currency === currency) return fixed.amount;
  const amount: number | undefined = rate._currency_options?.[currency]?.amount;
  if (amount !== undefined) return amount;
  throw invalidRequest(`The shipping rate ${rate.id} has no amount in ${currency}.`, { param: `${param}[shipping_rate]` });
}

/** `3 to 5 business days`, or ''. */
function estimateOf(estimate: { minimum: Params | null; maximum: Params | null } | null): string {
  const [least, most] = [estimate?.minimum ?? null, estimate?.maximum ?? null];
  const spell = ({ unit, value }: Params) => `${value} ${String(unit).replace('_', ' ')}${value === 1 ? '' : 's'}`;
  if (least !== null && most !== null)
    return least.unit === most.unit ? `${least.value} to ${spell(most)}` : `${spell(least)} to ${spell(most)}`;
  if (most !== null) return `Up to ${spell(most)}`;
  return least === null ? '' : `At least ${spell(least)}`;
}
