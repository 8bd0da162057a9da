/** A coupon on the customer itself: only callers of the older dialect can set one (`coupon=`, `promotion_code=`), everybody sees and loses it. */
import { createDiscounts } from '../../billing/discounts/load.ts';
import { invalidRequest } from '../../kernel/errors.ts';
import { difference, snapshotOf } from '../../kernel/event.ts';
import type { Doc, Params, Tx } from '../../kernel/types.ts';
import { isValidCoupon } from '../coupons/manage.ts';

/** Sets, replaces or (empty) removes the discount; puts the customer. Emit the answer's event after the customer's own: `tellDiscount`. */
export async function changeDiscount(tx: Tx, input: { customer: Doc; legacy: Params | undefined }): Promise<DiscountChange | null> {
  const { customer, legacy } = input;
  const wanted = wantedOf(legacy ?? {});
  if (wanted === null) return null;
  const before: Doc | null = customer.discount ?? null;
  if (wanted === 'none') {
    if (before === null) return null;
    customer.discount = null;
    tx.put(customer);
    return { before, after: null };
  }
  await requireUsable(tx, wanted);
  const [id] = await createDiscounts(tx, { given: [wanted], target: { customer } });
  customer.discount = await tx.require('discount', id!);
  tx.put(customer);
  return { before, after: customer.discount };
}

export type DiscountChange = { before: Doc | null; after: Doc | null };

/** Emits customer.discount.created, .updated (another coupon took its place) or .deleted. */
export function tellDiscount(tx: Tx, change: DiscountChange | null): void {
  if (change === null) return;
  const { before, after } = change;
  if (after === null) tx.emit('customer.discount.deleted', before!);
  else if (before === null) tx.emit('customer.discount.created', after);
  else tx.emit('customer.discount.updated', after, { previous: difference(snapshotOf(before), snapshotOf(after)) });
}

type Wanted = { coupon: string } | { promotion_code: string };

function wantedOf(legacy: Params): Wanted | 'none' | null {
  if (legacy.coupon === '' || legacy.promotion_code === '') return 'none';
  if (legacy.coupon !== undefined) return { coupon: String(legacy.coupon) };
  return legacy.promotion_code === undefined ? null : { promotion_code: String(legacy.promotion_code) };
}

/** Named by the parameter that was sent, not by the list it becomes. */
async function requireUsable(tx: Tx, wanted: Wanted): Promise<void> {
  if ('promotion_code' in wanted) {
    await tx.require('promotion_code', wanted.promotion_code, { param: 'promotion_code' });
    return;
  }
  const coupon = await tx.require('coupon', wanted.coupon, { param: 'coupon' });
  if (!isValidCoupon(tx, coupon)) throw invalidRequest(`Coupon expired: ${coupon.id}`, { code: 'coupon_expired', param: 'coupon' });
}
