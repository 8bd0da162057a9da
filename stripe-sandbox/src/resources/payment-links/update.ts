import { invalidRequest } from '../../kernel/errors.ts';
import type { ApiRequest, Doc, Params } from '../../kernel/types.ts';
import { mergeMetadata } from '../../kernel/values.ts';
import type { Line } from '../checkout/line-items.ts';
import { requireTax } from '../checkout/tax.ts';
import { checkLink, checkSession } from './create.ts';
import { linkFields, restrictionsOf } from './fields.ts';

/** Changes what the link asks, or switches it off and on; sessions that are open stay as they are. Emits payment_link.updated. */
export async function updatePaymentLink(rq: ApiRequest): Promise<Doc> {
  const { tx, params } = rq;
  const link = await tx.require('payment_link', rq.path.id!);
  checkLink(params);
  const { active, line_items: lines, metadata, restrictions, ...changes } = params;
  const asked = withoutEmpty({ ...link._asked, ...changes });
  checkSession(asked, link._items, link._mode);
  await requireTax(tx, asked, null);
  const fields = linkFields(asked, link._mode);
  for (const name of ['active', 'restrictions', 'shipping_options']) delete fields[name];
  Object.assign(link, fields, { _asked: asked });
  if (active !== undefined) link.active = active;
  if (restrictions !== undefined) link.restrictions = restrictionsOf(restrictions, link);
  for (const [index, line] of ((lines ?? []) as Params[]).entries()) changeLine(link, line, `line_items[${index}]`);
  link.metadata = mergeMetadata(link.metadata, metadata);
  tx.put(link);
  tx.emit('payment_link.updated', link);
  return link;
}

/** Quantity and its limits of a line; prices never change. */
function changeLine(link: Doc, given: Params, param: string): void {
  const at = (link._lines as Line[]).findIndex((line) => line.item.id === given.id);
  if (at < 0) throw invalidRequest(`No such line item: '${given.id}'`, { code: 'resource_missing', param: `${param}[id]` });
  const { item } = (link._lines as Line[])[at]!;
  if (given.quantity !== undefined) {
    if (given.quantity < 1) throw invalidRequest('The quantity must be at least 1.', { param: `${param}[quantity]` });
    item.quantity = given.quantity;
    link._items[at].quantity = given.quantity;
  }
  if (given.adjustable_quantity === undefined) return;
  const { enabled, minimum = 0, maximum = 99 } = given.adjustable_quantity;
  item.adjustable_quantity = enabled ? { enabled, maximum, minimum } : null;
  link._items[at].adjustable_quantity = given.adjustable_quantity;
}

/** '' unsets. */
function withoutEmpty(params: Params): Params {
  return Object.fromEntries(Object.entries(params).filter(([, value]) => value !== ''));
}
