/** What a quote offers: prices by id or in line, as line items, and what they come to. */
import type { DiscountRule } from '../../billing/discounts/apply.ts';
import { discountRules } from '../../billing/discounts/load.ts';
import { priceAmount } from '../../billing/invoice/line-amounts.ts';
import { type LineInput, totalOf } from '../../billing/invoice/totals.ts';
import { taxRates } from '../../billing/subscription/items.ts';
import { cadenceOf, embeddedPrice, inCurrency, itemPrice, oneTimePrice } from '../../billing/subscription/prices.ts';
import { invalidRequest, notEmulated } from '../../kernel/errors.ts';
import type { Doc, Params, Tx } from '../../kernel/types.ts';

const MAX_LINES = 100;

/** `item` is what the API shows. */
export type QuoteLine = { item: Doc; rates: string[] };

/** Reads `line_items`; all in one currency. */
export async function readLines(tx: Tx, given: Params[]): Promise<QuoteLine[]> {
  if (given.length > MAX_LINES) throw invalidRequest(`You can pass at most ${MAX_LINES} line items.`, { param: 'line_items' });
  const lines: QuoteLine[] = [];
  for (const [index, one] of given.entries()) {
    const param = `line_items[${index}]`;
    if (one.discounts !== undefined && one.discounts !== '') throw notEmulated('Discounts of a quote’s line', `${param}[discounts]`);
    const found = await priceOf(tx, { one, param });
    const price = inCurrency(found, lines[0]?.item.currency ?? found.currency, `${param}[price]`);
    const rates = await taxRates(tx, one.tax_rates, `${param}[tax_rates]`);
    lines.push({ item: await itemDoc(tx, { one, price }), rates: rates.map((rate) => rate.id) });
  }
  refuseMixed(lines);
  return lines;
}

async function priceOf(tx: Tx, input: { one: Params; param: string }): Promise<Doc> {
  const { one, param } = input;
  const known = one.price === undefined ? undefined : await tx.get(one.price, { object: 'price' });
  const recurring = one.price_data === undefined ? known?.type !== 'one_time' : one.price_data.recurring !== undefined;
  return recurring ? itemPrice(tx, { given: one, param }) : oneTimePrice(tx, { given: one, param });
}

async function itemDoc(tx: Tx, input: { one: Params; price: Doc }): Promise<Doc> {
  const { one, price } = input;
  const product = await tx.get(price.product, { object: 'product', deleted: true });
  return {
    id: one.id ?? tx.newId('li'),
    object: 'item',
    adjustable_quantity: null,
    amount_discount: 0,
    amount_subtotal: 0,
    amount_tax: 0,
    amount_total: 0,
    currency: price.currency,
    description: product?.name ?? price.nickname ?? price.id,
    metadata: {},
    price: embeddedPrice(price),
    quantity: one.quantity ?? 1,
  } as unknown as Doc;
}

/** One subscription comes of it, so all recurring prices share an interval. */
function refuseMixed(lines: QuoteLine[]): void {
  const cadences = lines.filter(isRecurring).map((line) => cadenceOf(line.item.price));
  const [first] = cadences;
  if (cadences.every((other) => other.interval === first!.interval && other.count === first!.count)) return;
  throw invalidRequest('All recurring prices of a quote must have the same interval and interval_count.', { param: 'line_items' });
}

export function isRecurring(line: QuoteLine): boolean {
  return line.item.price.type === 'recurring';
}

/** Works out all amounts of a quote and writes them into it and its lines. A trial makes the recurring lines free for now. */
export async function priceQuote(tx: Tx, quote: Doc): Promise<void> {
  const lines: QuoteLine[] = quote._lines;
  const recurring = lines.filter(isRecurring);
  const trial = (quote.subscription_data.trial_period_days ?? 0) > 0;
  const all = await sums(tx, quote, { lines, free: false });
  for (const [index, line] of lines.entries()) Object.assign(line.item, all.lines[index]);
  const upfront = await sums(tx, quote, { lines, free: trial });
  const each = recurring.length === 0 ? null : await sums(tx, quote, { lines: recurring, free: false });
  quote.currency = lines[0]?.item.currency ?? quote.currency ?? null;
  quote.amount_subtotal = all.subtotal;
  quote.amount_total = all.total;
  quote.total_details = all.details;
  quote.computed = {
    recurring: each === null ? null : { ...shown(each), ...intervalOf(recurring[0]!) },
    upfront: shown(upfront),
  };
}

type Sums = { subtotal: number; total: number; details: Params; lines: Params[] };

async function sums(tx: Tx, quote: Doc, of: { lines: QuoteLine[]; free: boolean }): Promise<Sums> {
  const inputs: LineInput[] = [];
  for (const line of of.lines) inputs.push(await lineInput(tx, quote, { line, free: of.free && isRecurring(line) }));
  const discounts: DiscountRule[] =
    of.lines.length === 0 ? [] : await discountRules(tx, { ids: quote.discounts, currency: of.lines[0]!.item.currency, at: tx.now(quote) });
  const totals = totalOf({ lines: inputs, discounts, rounding: tx.account.settings.tax_rounding, exempt: false });
  const lines = totals.lines.map((result, index) => {
    const discount = sum(result.discountAmounts);
    const exclusive = sum(result.taxes.filter((tax) => !tax.inclusive));
    return {
      amount_subtotal: inputs[index]!.amount,
      amount_discount: discount,
      amount_tax: sum(result.taxes),
      amount_total: inputs[index]!.amount - discount + exclusive,
    };
  });
  const details = { amount_discount: sum(totals.discountAmounts), amount_shipping: 0, amount_tax: sum(totals.taxes) };
  return { subtotal: totals.subtotal, total: totals.total, details, lines };
}

async function lineInput(tx: Tx, quote: Doc, of: { line: QuoteLine; free: boolean }): Promise<LineInput> {
  const { item, rates } = of.line;
  const price = inCurrency((await tx.get(item.price.id, { object: 'price', deleted: true })) ?? item.price, item.currency, 'currency');
  const rules = [];
  for (const id of rates.length > 0 ? rates : quote.default_tax_rates) {
    const rate = await tx.require('tax_rate', id);
    rules.push({ id: rate.id, percentage: rate.percentage, inclusive: rate.inclusive });
  }
  const amount = of.free ? 0 : priceAmount(price, item.quantity);
  return { amount, discountable: true, product: item.price.product, discounts: [], rates: rules };
}

function shown(of: Sums): Params {
  return { amount_subtotal: of.subtotal, amount_total: of.total, total_details: of.details };
}

function intervalOf(line: QuoteLine): Params {
  const { interval, count } = cadenceOf(line.item.price);
  return { interval, interval_count: count };
}

function sum(parts: { amount: number }[]): number {
  return parts.reduce((total, part) => total + part.amount, 0);
}
