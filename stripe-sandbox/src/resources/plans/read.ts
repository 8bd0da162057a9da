import { planOf } from '../../billing/subscription/prices.ts';
import type { ApiRequest, Doc, Includable, ListAnswer } from '../../kernel/types.ts';
import { priceTiers } from '../prices/read.ts';
import { requirePlan } from './view.ts';

/** One plan. */
export async function retrieve(rq: ApiRequest): Promise<Doc> {
  return planOf(await requirePlan(rq.tx, rq.path.id!));
}

/** All recurring prices as plans, newest first. */
export async function list(rq: ApiRequest): Promise<ListAnswer> {
  const { params } = rq;
  const prices = await rq.tx.list(rq, {
    object: 'price',
    where: { active: params.active, product: params.product },
    filter: (price) => price.type === 'recurring',
  });
  return { ...prices, data: prices.data.map(planOf) };
}

export const planIncludables: Record<string, Includable> = {
  tiers: async (_tx, price) => priceTiers(price) ?? undefined,
};
