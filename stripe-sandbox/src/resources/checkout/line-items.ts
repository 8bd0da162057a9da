/** What is sold: prices by id or in line, turned into the session's line items. */
import { taxRates } from '../../billing/subscription/items.ts';
import { isMetered } from '../../billing/subscription/metered.ts';
import { embeddedPrice, inCurrency, itemPrice } from '../../billing/subscription/prices.ts';
import { invalidRequest, resourceMissing } from '../../kernel/errors.ts';
import type { Doc, Params, Tx } from '../../kernel/types.ts';
import { makePrice } from '../prices/make.ts';
import { makeProduct } from '../products/create.ts';

const MAX_RECURRING = 20;
const MAX_LINES = 100;
/** What a buyer may choose when nothing is said, and at most [Stripe API, adjustable_quantity]. */
const DEFAULT_MAXIMUM = 99;
const MAX_QUANTITY = 999_999;

/** A line as priced: `item` is what the API shows; amounts are filled in by `priceSession`. */
export type Line = { item: Doc; rates: string[] };

/** Reads `line_items`. Refuses what does not fit the mode: recurring prices in payment mode, none in subscription mode, mixed currencies. */
export async function readLineItems(tx: Tx, input: { given: Params[]; mode: string; currency: string | undefined }): Promise<Line[]> {
  const { given, mode } = input;
  if (given.length > MAX_LINES) throw invalidRequest(`You can pass at most ${MAX_LINES} line items.`, { param: 'line_items' });
  const lines: Line[] = [];
  for (const [index, one] of given.entries())
    lines.push(await readLine(tx, { ...input, one, param: `line_items[${index}]`, first: lines[0] }));
  const recurring = lines.filter((line) => line.item.price.type === 'recurring');
  if (mode === 'subscription' && recurring.length === 0) {
    throw invalidRequest('You must provide at least one recurring price in `subscription` mode when using prices.', {
      param: 'line_items',
    });
  }
  if (recurring.length > MAX_RECURRING)
    throw invalidRequest(`Subscriptions can have at most ${MAX_RECURRING} items.`, { param: 'line_items' });
  return lines;
}

const MAX_OPTIONAL = 10;

/**
 * Reads `optional_items`: prices the buyer may add. `shown` is what the session says, `lines` are ready to be put into the cart. In subscription
 * mode their prices may recur, in payment mode not; none may stand in the cart already.
 */
export async function readOptionalItems(
  tx: Tx,
  input: { given: Params[]; session: Doc; lines: Line[] },
): Promise<{ shown: Params[]; lines: Line[] }> {
  const { given, session } = input;
  if (given.length > MAX_OPTIONAL)
    throw invalidRequest(`You can specify at most ${MAX_OPTIONAL} optional items.`, { param: 'optional_items' });
  const lines: Line[] = [];
  for (const [index, one] of given.entries()) {
    const param = `optional_items[${index}]`;
    if (input.lines.some((line) => line.item.price.id === one.price))
      throw invalidRequest('An optional item cannot also be a line item.', { param: `${param}[price]` });
    lines.push(await readLine(tx, { one, mode: session.mode, param, currency: session.currency, first: input.lines[0] }));
  }
  const shown = lines.map(({ item }) => ({
    adjustable_quantity: item.adjustable_quantity,
    price: item.price.id,
    quantity: item.quantity,
  }));
  return { shown, lines };
}

async function readLine(
  tx: Tx,
  input: { one: Params; mode: string; param: string; currency: string | undefined; first: Line | undefined },
): Promise<Line> {
  const { one, param } = input;
  const found = await priceOf(tx, input);
  if (input.mode === 'payment' && found.type === 'recurring') {
    throw invalidRequest(
      'You specified `payment` mode but passed a recurring price. Either switch to `subscription` mode or use only one-time prices.',
      { param },
    );
  }
  const price = inCurrency(found, input.first?.item.currency ?? input.currency ?? found.currency, `${param}[price]`);
  const metered = isMetered(price);
  if (metered && one.quantity !== undefined) {
    throw invalidRequest(`Quantity should not be specified where usage_type is \`metered\`. Remove quantity from \`${param}\``, { param });
  }
  const quantity: number | null | undefined = metered ? null : (one.quantity ?? (one.adjustable_quantity === undefined ? undefined : 1));
  if (!metered && (quantity === undefined || quantity === null || quantity < 1)) {
    throw invalidRequest('Quantity is required. Add `quantity` to `line_items`.', {
      code: 'parameter_missing',
      param: `${param}[quantity]`,
    });
  }
  if (quantity != null) checkAdjustable(one.adjustable_quantity, quantity, param);
  const rates = await taxRates(tx, one.tax_rates, `${param}[tax_rates]`);
  return { item: await itemDoc(tx, { one, price, quantity: quantity ?? null }), rates: rates.map((rate) => rate.id) };
}

function checkAdjustable(given: Params | undefined, quantity: number, param: string): void {
  if (given?.enabled !== true) return;
  const { minimum = 0, maximum = DEFAULT_MAXIMUM } = given;
  const at = `${param}[adjustable_quantity]`;
  if (minimum < 0) throw invalidRequest('The minimum quantity must be at least 0.', { param: `${at}[minimum]` });
  if (maximum > MAX_QUANTITY) throw invalidRequest(`The maximum quantity must be at most ${MAX_QUANTITY}.`, { param: `${at}[maximum]` });
  if (minimum > maximum || quantity < minimum || quantity > maximum)
    throw invalidRequest('The quantity must lie between the minimum and the maximum of `adjustable_quantity`.', { param: at });
}

async function itemDoc(tx: Tx, input: { one: Params; price: Doc; quantity: number | null }): Promise<Doc> {
  const { one, price, quantity } = input;
  const product = await tx.get(price.product, { object: 'product', deleted: true });
  const adjustable = one.adjustable_quantity;
  return {
    id: tx.newId('li'),
    object: 'item',
    adjustable_quantity: adjustable?.enabled
      ? { enabled: true, maximum: adjustable.maximum ?? DEFAULT_MAXIMUM, minimum: adjustable.minimum ?? 0 }
      : null,
    amount_discount: 0,
    amount_subtotal: 0,
    amount_tax: 0,
    amount_total: 0,
    currency: price.currency,
    description: product?.name ?? price.nickname ?? price.id,
    metadata: { ...one.metadata },
    price: embeddedPrice(price),
    quantity,
  } as unknown as Doc;
}

async function priceOf(tx: Tx, input: { one: Params; mode: string; param: string }): Promise<Doc> {
  const { one, param } = input;
  if (one.price_data !== undefined) return priceFromData(tx, one.price_data, `${param}[price_data]`);
  if (one.price === undefined)
    throw invalidRequest(`Missing required param: ${param}[price].`, { code: 'parameter_missing', param: `${param}[price]` });
  const price = await tx.get(one.price, { object: 'price' });
  if (price === undefined) throw resourceMissing('price', one.price, { param: `${param}[price]` });
  if (price.type === 'recurring') return itemPrice(tx, { given: { price: one.price }, param });
  if (!price.active)
    throw invalidRequest('The price specified is inactive. This field only accepts active prices.', { param: `${param}[price]` });
  return price;
}

/** A price given in line is inactive, so that it is used once; so is a product made on the way. */
async function priceFromData(tx: Tx, data: Params, param: string): Promise<Doc> {
  const { product: id, product_data: productData, ...params } = data;
  if ((id === undefined) === (productData === undefined)) {
    throw invalidRequest(`You must specify either \`product\` or \`product_data\` when creating a price.`, { param: `${param}[product]` });
  }
  const product =
    id === undefined
      ? await makeProduct(tx, { ...productData, active: false })
      : await tx.require('product', id, { param: `${param}[product]` });
  return makePrice(tx, { params, product, active: false, at: param });
}
