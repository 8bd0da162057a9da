/** Coupons and promotion codes of a session: one at most, checked when given and counted when bought. */
import { restrictionRefusal } from '../../billing/discounts/redeem.ts';
import { invalidRequest, parameterInvalid, parametersExclusive } from '../../kernel/errors.ts';
import type { Doc, Params, Tx } from '../../kernel/types.ts';

export type SessionDiscount = { coupon: string; promotion_code: string | null };

/** Reads `discounts`. Refuses a used-up coupon, and codes typed in later besides a given discount. */
export async function readDiscounts(tx: Tx, params: Params): Promise<SessionDiscount[] | null> {
  const given: Params[] = params.discounts ?? [];
  if (given.length === 0) return params.allow_promotion_codes === true ? [] : null;
  if (params.allow_promotion_codes !== undefined) throw parametersExclusive('allow_promotion_codes', 'discounts');
  if (given.length > 1) throw parameterInvalid('discounts', 'You can only apply one discount to a Checkout Session.');
  const [{ coupon, promotion_code: code } = {}] = given as [Params?];
  if (coupon !== undefined && code !== undefined) throw parametersExclusive('discounts[0][coupon]', 'discounts[0][promotion_code]');
  if (code === undefined) return [{ coupon: (await validCoupon(tx, coupon)).id, promotion_code: null }];
  const promotion = await tx.require('promotion_code', code, { param: 'discounts[0][promotion_code]' });
  if (!promotion.active) throw invalidRequest('This promotion code is inactive.', { param: 'discounts[0][promotion_code]' });
  return [{ coupon: (await validCoupon(tx, promotion.promotion.coupon)).id, promotion_code: promotion.id }];
}

/** The session's discount as Stripe's own parameter. */
export function discountParams(session: Doc): { coupon?: string; promotion_code?: string }[] {
  return ((session.discounts ?? []) as SessionDiscount[]).map((one) =>
    one.promotion_code === null ? { coupon: one.coupon } : { promotion_code: one.promotion_code },
  );
}

/** A cart that no longer reaches the minimum of the code that was typed loses it. True when it did; price the session again then. */
export async function dropUnreached(tx: Tx, session: Doc): Promise<boolean> {
  const [given] = (session.discounts ?? []) as SessionDiscount[];
  if (session.allow_promotion_codes !== true || given === undefined || given.promotion_code === null) return false;
  const promotion = await tx.require('promotion_code', given.promotion_code);
  const { amount_subtotal: amount, currency } = session;
  if ((await restrictionRefusal(tx, promotion, { customer: null, amount, currency })) === null) return false;
  session.discounts = [];
  return true;
}

/** In payment mode nothing else counts the redemption: a subscription's own discount does it itself. */
export async function countRedemption(tx: Tx, session: Doc): Promise<void> {
  for (const { coupon: couponId, promotion_code: codeId } of (session.discounts ?? []) as SessionDiscount[]) {
    const coupon = await tx.get(couponId, { object: 'coupon' });
    if (coupon !== undefined) {
      coupon.times_redeemed += 1;
      if (coupon.max_redemptions !== null && coupon.times_redeemed >= coupon.max_redemptions) coupon.valid = false;
      tx.put(coupon);
    }
    const promotion = codeId === null ? undefined : await tx.get(codeId, { object: 'promotion_code' });
    if (promotion === undefined) continue;
    promotion.times_redeemed += 1;
    tx.put(promotion);
  }
}

async function validCoupon(tx: Tx, id: string): Promise<Doc> {
  const coupon = await tx.require('coupon', id, { param: 'discounts[0][coupon]' });
  const over = coupon.redeem_by !== null && coupon.redeem_by < tx.now();
  if (coupon.valid === false || over) {
    throw invalidRequest(`Coupon ${id} is used up or expired and cannot be applied.`, {
      code: 'coupon_expired',
      param: 'discounts[0][coupon]',
    });
  }
  return coupon;
}
