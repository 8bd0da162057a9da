import { invalidRequest } from '../../kernel/errors.ts';
import type { ApiRequest, Doc, ListAnswer, Tx } from '../../kernel/types.ts';
import { mergeMetadata } from '../../kernel/values.ts';
import { isValidCoupon } from '../coupons/manage.ts';
import { requireFreeCode } from './create.ts';

export async function retrievePromotionCode(rq: ApiRequest): Promise<Doc> {
  return asOfNow(rq.tx, await rq.tx.require('promotion_code', rq.path.id!));
}

/** By code (whatever its case), coupon, customer, and whether they can be redeemed now. */
export async function listPromotionCodes(rq: ApiRequest): Promise<ListAnswer> {
  const { tx, params } = rq;
  const usable = await usableNow(tx, params.active);
  const answer = await tx.list(rq, {
    object: 'promotion_code',
    where: { customer: params.customer, ...(params.code === undefined ? {} : { ref: params.code.toLowerCase() }) },
    filter: (code) =>
      (!params.coupon || code.promotion.coupon === params.coupon) && (params.active === undefined || usable.has(code.id) === params.active),
  });
  return { ...answer, data: await Promise.all(answer.data.map((code) => asOfNow(tx, code))) };
}

/** Switches the code on or off, changes metadata and currency restrictions. Emits promotion_code.updated. */
export async function updatePromotionCode(rq: ApiRequest): Promise<Doc> {
  const { tx, params } = rq;
  const code = await tx.require('promotion_code', rq.path.id!);
  if (params.active === true && !code.active) await reactivate(tx, code);
  if (params.active === false) code.active = false;
  const options = params.restrictions?.currency_options;
  if (options !== undefined) {
    code.restrictions = { ...code.restrictions, currency_options: { ...code.restrictions.currency_options, ...options } };
  }
  code.metadata = mergeMetadata(code.metadata, params.metadata);
  tx.put(code);
  tx.emit('promotion_code.updated', code);
  return asOfNow(tx, code);
}

async function reactivate(tx: Tx, code: Doc): Promise<void> {
  await requireFreeCode(tx, { code: code.code, customer: code.customer, except: code.id });
  code.active = true;
  if (!(await isRedeemable(tx, code))) {
    throw invalidRequest('This promotion code cannot be activated because it is expired, used up, or its coupon is no longer valid.', {
      param: 'active',
    });
  }
}

/** Active, not used up, not over, and so is its coupon. */
export async function isRedeemable(tx: Tx, code: Doc): Promise<boolean> {
  if (!code.active) return false;
  if (code.max_redemptions !== null && code.times_redeemed >= code.max_redemptions) return false;
  if (code.expires_at !== null && code.expires_at < tx.now(code)) return false;
  const coupon = await tx.get(code.promotion.coupon, { object: 'coupon' });
  return coupon !== undefined && isValidCoupon(tx, coupon);
}

async function usableNow(tx: Tx, wanted: boolean | undefined): Promise<Set<string>> {
  if (wanted === undefined) return new Set();
  const all = await tx.query({ object: 'promotion_code', where: { active: true } });
  const usable: string[] = [];
  for (const code of all) if (await isRedeemable(tx, code)) usable.push(code.id);
  return new Set(usable);
}

async function asOfNow(tx: Tx, code: Doc): Promise<Doc> {
  return { ...code, active: await isRedeemable(tx, code) };
}
