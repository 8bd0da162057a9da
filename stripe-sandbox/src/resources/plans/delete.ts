import type { ApiRequest, Plain } from '../../kernel/types.ts';
import { emitBoth, requirePlan } from './view.ts';

/** Deletes a plan: nobody new can be put on it, running subscriptions go on. Emits price.deleted and plan.deleted. */
export async function remove(rq: ApiRequest): Promise<Plain> {
  const price = await requirePlan(rq.tx, rq.path.id!);
  emitBoth(rq.tx, price, 'deleted');
  rq.tx.remove(price);
  return { id: price.id, object: 'plan', deleted: true };
}
