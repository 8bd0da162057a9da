import { invalidRequest, notEmulated, parameterMissing } from '../../kernel/errors.ts';
import type { ApiRequest, Doc, Params, Tx } from '../../kernel/types.ts';
import { mergeMetadata } from '../../kernel/values.ts';
import { httpUrl } from '../../pages/layout.ts';
import { checkParams } from '../checkout/check.ts';
import { type Line, readLineItems, readOptionalItems } from '../checkout/line-items.ts';
import { readShippingOptions } from '../checkout/shipping.ts';
import { requireTax } from '../checkout/tax.ts';
import { makePrice } from '../prices/make.ts';
import { makeProduct } from '../products/create.ts';
import { linkFields } from './fields.ts';

const MAX_LINES = 20;
const TOKEN_LENGTH = 18;
/** Stands for the page's own thank-you where Checkout wants an address. */
const ANY_URL = 'https://stripe.com';

/** A link that opens Checkout as often as it is visited. Emits payment_link.created. */
export async function createPaymentLink(rq: ApiRequest): Promise<Doc> {
  const { tx, params } = rq;
  if (params.line_items.length === 0) throw parameterMissing('line_items');
  if (params.line_items.length > MAX_LINES) throw invalidRequest(`You can pass at most ${MAX_LINES} line items.`, { param: 'line_items' });
  checkLink(params);
  const items = await fixedItems(tx, params.line_items);
  const mode = await modeOf(tx, items);
  checkSession(params, items, mode);
  await requireTax(tx, params, null);
  const lines = await readLineItems(tx, { given: items, mode, currency: params.currency?.toLowerCase() });
  const { currency } = lines[0]!.item;
  const link = tx.make('payment_link', 'plink', {
    ...linkFields(params, mode),
    currency,
    metadata: mergeMetadata(null, params.metadata),
    _mode: mode,
    _items: items,
    _lines: lines,
    _asked: params,
  });
  const token = tx.secret(TOKEN_LENGTH);
  link.url = `${tx.publicUrl}/a/test_${token}`;
  tx.put({ ...tx.make('sandbox.link', 'test', { ref: link.id }), id: `test_${token}` });
  await setExtras(tx, { link, params, lines });
  tx.put(link);
  tx.emit('payment_link.created', link);
  return link;
}

/** What the page would refuse later is refused now. */
export function checkSession(params: Params, items: Params[], mode: string): void {
  const { after_completion: _after, inactive_message: _message, restrictions: _limit, ...session } = params;
  checkParams({ ...session, line_items: items, mode, success_url: ANY_URL });
}

export function checkLink(params: Params): void {
  const after = params.after_completion;
  if (after?.type === 'redirect' && httpUrl(after.redirect?.url) === null)
    throw invalidRequest('Not a valid URL', { code: 'url_invalid', param: 'after_completion[redirect][url]' });
  const other = (params.payment_method_types as string[] | undefined | '') || [];
  const method = other.find((type) => type !== 'card');
  if (method !== undefined) throw notEmulated(`Paying by ${method} in Checkout`, 'payment_method_types');
  const limit = params.restrictions?.completed_sessions?.limit;
  if (limit !== undefined && limit < 1)
    throw invalidRequest('This value must be greater than or equal to 1.', { param: 'restrictions[completed_sessions][limit]' });
}

async function setExtras(tx: Tx, input: { link: Doc; params: Params; lines: Line[] }): Promise<void> {
  const { link, params, lines } = input;
  link.shipping_options = await readShippingOptions(tx, { given: params.shipping_options ?? [], session: link });
  if (params.optional_items === undefined) return;
  link.optional_items = (
    await readOptionalItems(tx, { given: params.optional_items, session: { ...link, mode: link._mode }, lines })
  ).shown;
}

/** A price in line becomes one that stays, because the link is used again. */
async function fixedItems(tx: Tx, given: Params[]): Promise<Params[]> {
  const items: Params[] = [];
  for (const [index, { price_data: data, ...one }] of given.entries()) {
    if (data === undefined) {
      items.push(one);
      continue;
    }
    const at = `line_items[${index}][price_data]`;
    const { product: id, product_data: product, ...params } = data;
    if ((id === undefined) === (product === undefined))
      throw invalidRequest('You must specify either `product` or `product_data` when creating a price.', { param: `${at}[product]` });
    const of = id === undefined ? await makeProduct(tx, product) : await tx.require('product', id, { param: `${at}[product]` });
    items.push({ ...one, price: (await makePrice(tx, { params, product: of, active: true, at })).id });
  }
  return items;
}

async function modeOf(tx: Tx, items: Params[]): Promise<'payment' | 'subscription'> {
  for (const { price } of items) {
    const found = price === undefined ? undefined : await tx.get(price, { object: 'price' });
    if (found?.type === 'recurring') return 'subscription';
  }
  return 'payment';
}
