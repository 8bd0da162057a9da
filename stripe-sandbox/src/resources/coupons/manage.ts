import type { Answer, ApiRequest, Doc, Includable, ListAnswer, Tx } from '../../kernel/types.ts';
import { deletedAnswer, mergeMetadata } from '../../kernel/values.ts';
import { couponCurrencies } from './create.ts';

/** False once the coupon is used up or its redeem_by is over. */
export function isValidCoupon(tx: Tx, coupon: Doc): boolean {
  const usedUp = coupon.max_redemptions !== null && coupon.times_redeemed >= coupon.max_redemptions;
  const over = coupon.redeem_by !== null && coupon.redeem_by < tx.now(coupon);
  return !usedUp && !over;
}

export async function retrieveCoupon(rq: ApiRequest): Promise<Doc> {
  return asOfNow(rq.tx, await rq.tx.require('coupon', rq.path.id!, { param: 'coupon', status: 404 }));
}

export async function listCoupons(rq: ApiRequest): Promise<ListAnswer> {
  const answer = await rq.tx.list(rq, { object: 'coupon' });
  return { ...answer, data: answer.data.map((coupon) => asOfNow(rq.tx, coupon)) };
}

/** Name, metadata and further currencies change; the reduction never does. Emits coupon.updated. */
export async function updateCoupon(rq: ApiRequest): Promise<Doc> {
  const { tx, params } = rq;
  const coupon = await tx.require('coupon', rq.path.id!, { param: 'coupon', status: 404 });
  if (params.name !== undefined) coupon.name = params.name || null;
  if (params.currency_options !== undefined) {
    coupon._currency_options = { ...coupon._currency_options, ...couponCurrencies(params.currency_options) };
  }
  coupon.metadata = mergeMetadata(coupon.metadata, params.metadata);
  tx.put(coupon);
  tx.emit('coupon.updated', coupon);
  return asOfNow(tx, coupon);
}

/** No new redemptions; discounts already given stay. Emits coupon.deleted. */
export async function deleteCoupon(rq: ApiRequest): Promise<Answer> {
  const coupon = await rq.tx.require('coupon', rq.path.id!, { param: 'coupon', status: 404 });
  rq.tx.emit('coupon.deleted', coupon);
  rq.tx.remove(coupon);
  return deletedAnswer(coupon);
}

export const couponIncludables: Record<string, Includable> = {
  applies_to: async (_tx, coupon) => coupon._applies_to ?? coupon.applies_to,
  currency_options: async (_tx, coupon) => {
    const own = coupon.currency === null ? {} : { [coupon.currency]: { amount_off: coupon.amount_off } };
    return { ...own, ...(coupon._currency_options ?? coupon.currency_options) };
  },
};

function asOfNow(tx: Tx, coupon: Doc): Doc {
  return { ...coupon, valid: isValidCoupon(tx, coupon) };
}
