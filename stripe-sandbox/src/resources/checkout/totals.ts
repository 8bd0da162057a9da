/** The amounts of a session: lines, discount, shipping, tax. A trial makes the recurring lines free for now. Minor units. */
import type { DiscountRule } from '../../billing/discounts/apply.ts';
import { priceAmount } from '../../billing/invoice/line-amounts.ts';
import { type LineInput, totalOf } from '../../billing/invoice/totals.ts';
import { inCurrency } from '../../billing/subscription/prices.ts';
import type { RateRule, TaxAmount } from '../../billing/tax/index.ts';
import type { Doc, Params, Tx } from '../../kernel/types.ts';
import type { Line } from './line-items.ts';
import { sessionRates } from './tax.ts';

/** Works the amounts of lines and session out and writes them into both. */
export async function priceSession(tx: Tx, session: Doc): Promise<void> {
  const lines: Line[] = session._lines;
  const automatic = await sessionRates(tx, session);
  const inputs: LineInput[] = [];
  for (const [index, line] of lines.entries()) inputs.push(await lineInput(tx, session, { line, rates: automatic?.lines[index] }));
  const { shipping_cost: cost } = session;
  const totals = totalOf({
    lines: inputs,
    discounts: await sessionDiscounts(tx, session),
    shipping: cost == null ? null : { amount: cost.amount_subtotal, rates: automatic?.shipping ?? [] },
    rounding: tx.account.settings.tax_rounding,
    exempt: false,
  });
  for (const [index, { item }] of lines.entries()) {
    const result = totals.lines[index]!;
    const discount = sum(result.discountAmounts.map((part) => part.amount));
    const exclusive = sum(result.taxes.filter((tax) => !tax.inclusive).map((tax) => tax.amount));
    item.amount_subtotal = inputs[index]!.amount;
    item.amount_discount = discount;
    item.amount_tax = sum(result.taxes.map((tax) => tax.amount));
    item.amount_total = inputs[index]!.amount - discount + exclusive;
  }
  session.amount_subtotal = totals.subtotal;
  if (cost != null) setShipping(session, totals.shippingTaxes);
  session.amount_total = totals.total;
  session._taxes = totals.taxes;
  session._rates = automatic?.lines;
  session.total_details = {
    amount_discount: sum(totals.discountAmounts.map((part) => part.amount)),
    amount_shipping: cost?.amount_subtotal ?? 0,
    amount_tax: sum(totals.taxes.map((tax) => tax.amount)),
  };
}

/** Whether the subscription of this session starts with a trial. */
export function hasTrial(session: Doc): boolean {
  const data: Params = session._data.subscription_data ?? {};
  return (data.trial_period_days ?? 0) > 0 || data.trial_end !== undefined;
}

function setShipping(session: Doc, taxes: TaxAmount[]): void {
  const { amount_subtotal: amount, shipping_rate: rate } = session.shipping_cost;
  const exclusive = sum(taxes.filter((tax) => !tax.inclusive).map((tax) => tax.amount));
  session.shipping_cost = {
    amount_subtotal: amount,
    amount_tax: sum(taxes.map((tax) => tax.amount)),
    amount_total: amount + exclusive,
    shipping_rate: rate,
  };
}

/** `rates`: those of automatic tax; without it the line's own, or the subscription's. */
async function lineInput(tx: Tx, session: Doc, input: { line: Line; rates: RateRule[] | undefined }): Promise<LineInput> {
  const { line, rates } = input;
  const { item } = line;
  const price = inCurrency((await tx.get(item.price.id, { object: 'price', deleted: true })) ?? item.price, item.currency, 'currency');
  // Usage is billed when it is over: nothing of it is due now.
  const free = item.quantity === null || (item.price.type === 'recurring' && hasTrial(session));
  return {
    amount: free ? 0 : priceAmount(price, item.quantity),
    discountable: true,
    product: item.price.product,
    discounts: [],
    rates: rates ?? (await rateRules(tx, line.rates.length > 0 ? line.rates : (session._data.subscription_data?.default_tax_rates ?? []))),
  };
}

async function rateRules(tx: Tx, ids: string[]): Promise<RateRule[]> {
  const rules: RateRule[] = [];
  for (const id of ids) {
    const rate = await tx.require('tax_rate', id, { param: 'subscription_data[default_tax_rates]' });
    rules.push({ id: rate.id, percentage: rate.percentage, inclusive: rate.inclusive });
  }
  return rules;
}

/** No discount object exists before the purchase: the coupon's own id stands for it. */
async function sessionDiscounts(tx: Tx, session: Doc): Promise<DiscountRule[]> {
  const rules: DiscountRule[] = [];
  for (const { coupon: id } of (session.discounts ?? []) as { coupon: string }[]) {
    const coupon = await tx.require('coupon', id, { param: 'discounts[0][coupon]' });
    const inOther = coupon._currency_options?.[session.currency]?.amount_off ?? 0;
    const amountOff = coupon.currency === session.currency ? coupon.amount_off : inOther;
    const products = (coupon.applies_to ?? coupon._applies_to)?.products ?? null;
    rules.push({
      discount: coupon.id,
      percentOff: coupon.percent_off,
      amountOff: coupon.percent_off === null ? amountOff : null,
      products,
    });
  }
  return rules;
}

function sum(values: number[]): number {
  return values.reduce((left, right) => left + right, 0);
}
