import { planOf } from '../../billing/subscription/prices.ts';
import { invalidRequest } from '../../kernel/errors.ts';
import type { ApiRequest, Doc } from '../../kernel/types.ts';
import { mergeMetadata } from '../../kernel/values.ts';
import { emitUpdated, requirePlan } from './view.ts';

/** Changes what may change of a plan: never its amount. Running subscriptions keep what they have. Emits price.updated and plan.updated. */
export async function update(rq: ApiRequest): Promise<Doc> {
  const { tx, params } = rq;
  const price = await requirePlan(tx, rq.path.id!);
  const before = planOf(price);
  if (params.active === false) await refuseDefault(rq, price);
  if (params.active !== undefined) price.active = params.active;
  if (params.nickname !== undefined) price.nickname = params.nickname || null;
  if (params.product !== undefined) price.product = (await tx.require('product', params.product, { param: 'product' })).id;
  if (params.trial_period_days !== undefined) price.recurring = { ...price.recurring, trial_period_days: params.trial_period_days };
  price.metadata = mergeMetadata(price.metadata, params.metadata);
  tx.put(price);
  emitUpdated(tx, price, before);
  return planOf(price);
}

async function refuseDefault(rq: ApiRequest, price: Doc): Promise<void> {
  const product = await rq.tx.get(price.product, { object: 'product' });
  if (product?.default_price !== price.id) return;
  throw invalidRequest('This price cannot be archived because it is the default price of its product.', { param: 'active' });
}
