import { planOf } from '../../billing/subscription/prices.ts';
import { invalidRequest } from '../../kernel/errors.ts';
import type { Doc, Tx } from '../../kernel/types.ts';

/** A plan is the older view of a recurring price: one object, two shapes. */
export async function requirePlan(tx: Tx, id: string): Promise<Doc> {
  const price = await tx.get(id, { object: 'price' });
  if (price === undefined || price.type !== 'recurring')
    throw invalidRequest(`No such plan: '${id}'`, { code: 'resource_missing', param: 'plan', status: 404 });
  return price;
}

/** Tells what happened to a plan: to the price it is, and to the plan. */
export function emitBoth(tx: Tx, price: Doc, change: 'created' | 'deleted'): void {
  if (change === 'deleted') tx.emit('price.deleted', price);
  tx.emit(`plan.${change}`, planOf(price));
}

/** A change of a plan, with what was before. Emits price.updated and plan.updated. */
export function emitUpdated(tx: Tx, price: Doc, before: Doc): void {
  const after = planOf(price);
  tx.emit('price.updated', price);
  const names = Object.keys(after).filter((name) => JSON.stringify(after[name]) !== JSON.stringify(before[name]));
  tx.emit('plan.updated', after, { previous: Object.fromEntries(names.map((name) => [name, before[name]])) });
}
