/** Discount objects: made from the parameters `discounts[]`, read as rules, ended when their time is over. */
import { resourceMissing } from '../../kernel/errors.ts';
import type { Doc, Tx } from '../../kernel/types.ts';
import { putUndated } from '../invoice/undated.ts';
import { addMonths } from '../subscription/period.ts';
import type { DiscountRule } from './apply.ts';
import { amountOff, redeemablePromotion, redeemCoupon } from './redeem.ts';

type DiscountTarget = {
  customer: Doc;
  subscription?: string | null;
  subscriptionItem?: string | null;
  invoice?: string | null;
  invoiceItem?: string | null;
  /** Currency and amount of what it is taken off, where they are known. */
  currency?: string;
  amount?: number;
};
type DiscountParam = { coupon?: string; promotion_code?: string; discount?: string };

/** Turns `discounts[]` (coupon, promotion code or an existing discount) into discount objects; counts the redemption. '' means none. */
export async function createDiscounts(
  tx: Tx,
  input: { given: DiscountParam[] | '' | undefined; target: DiscountTarget; param?: string },
): Promise<string[]> {
  if (input.given === undefined || input.given === '') return [];
  const ids: string[] = [];
  for (const [index, given] of input.given.entries()) {
    ids.push(await createDiscount(tx, { given, target: input.target, param: `${input.param ?? 'discounts'}[${index}]` }));
  }
  return ids;
}

async function createDiscount(tx: Tx, input: { given: DiscountParam; target: DiscountTarget; param: string }): Promise<string> {
  const { given, target, param } = input;
  if (given.discount !== undefined) return (await tx.require('discount', given.discount, { param: `${param}[discount]` })).id;
  const promotion =
    given.promotion_code === undefined
      ? null
      : await redeemablePromotion(tx, given.promotion_code, { ...target, param: `${param}[promotion_code]` });
  const couponId = promotion === null ? given.coupon : promotion.promotion.coupon;
  const coupon = await tx.get(String(couponId), { object: 'coupon' });
  if (coupon === undefined) throw resourceMissing('coupon', String(couponId), { param: `${param}[coupon]` });
  const now = tx.now(target.customer);
  redeemCoupon(tx, coupon, { ...target, param: promotion === null ? `${param}[coupon]` : `${param}[promotion_code]` });
  if (promotion !== null) {
    promotion.times_redeemed += 1;
    tx.put(promotion);
  }
  const discount = tx.make(
    'discount',
    'di',
    {
      checkout_session: null,
      customer: target.customer.id,
      customer_account: null,
      end: coupon.duration === 'repeating' ? addMonths(now, coupon.duration_in_months) : null,
      invoice: target.invoice ?? null,
      invoice_item: target.invoiceItem ?? null,
      promotion_code: promotion?.id ?? null,
      source: { coupon: coupon.id, type: 'coupon' },
      start: now,
      subscription: target.subscription ?? null,
      subscription_item: target.subscriptionItem ?? null,
    },
    target.customer,
  );
  putUndated(tx, discount);
  if (target.subscription != null && target.subscriptionItem == null) tx.emit('customer.discount.created', discount);
  return discount.id;
}

/** Names the invoice item its discounts were made for: its id exists only afterwards. */
export async function tieDiscounts(tx: Tx, item: Doc): Promise<void> {
  for (const id of item.discounts as string[]) {
    const discount = await tx.get(id, { object: 'discount' });
    if (discount === undefined || discount.invoice_item !== null || discount.subscription !== null || discount.invoice !== null) continue;
    discount.invoice_item = item.id;
    tx.put(discount);
  }
}

/** The rules of stored discounts that are in force at the instant, in order. */
export async function discountRules(tx: Tx, input: { ids: string[]; currency: string; at: number }): Promise<DiscountRule[]> {
  const rules: DiscountRule[] = [];
  // An object loaded from elsewhere may have no list at all.
  for (const id of input.ids ?? []) {
    const discount = await tx.get(id, { object: 'discount' });
    if (discount === undefined || (discount.end !== null && discount.end <= input.at)) continue;
    const coupon = await tx.get(discount.source.coupon, { object: 'coupon', deleted: true });
    if (coupon !== undefined) rules.push(ruleOf(discount, coupon, input.currency));
  }
  return rules;
}

function ruleOf(discount: Doc, coupon: Doc, currency: string): DiscountRule {
  const appliesTo = (coupon.applies_to ?? coupon._applies_to) as { products: string[] } | undefined;
  return {
    discount: discount.id,
    percentOff: coupon.percent_off,
    amountOff: coupon.percent_off === null ? (amountOff(coupon, currency) ?? 0) : null,
    products: appliesTo?.products ?? null,
  };
}

/** The discounts of a subscription that its next invoice still gets: coupons of duration `once` end with their first invoice, `repeating` ones with their months. */
export async function remainingDiscounts(tx: Tx, input: { ids: string[]; at: number; used: boolean }): Promise<string[]> {
  const kept: string[] = [];
  // An object loaded from elsewhere may have no list at all.
  for (const id of input.ids ?? []) {
    const discount = await tx.get(id, { object: 'discount' });
    if (discount === undefined || (discount.end !== null && discount.end <= input.at)) continue;
    const coupon = await tx.get(discount.source.coupon, { object: 'coupon', deleted: true });
    if (input.used && coupon?.duration === 'once') continue;
    kept.push(id);
  }
  return kept;
}

/** After an invoice: what the subscription and the items it billed still get on their next one. Changes the copies in hand. */
export async function useDiscounts(tx: Tx, input: { subscription: Doc; items: Doc[]; at: number }): Promise<void> {
  const { subscription, items, at } = input;
  subscription.discounts = await remainingDiscounts(tx, { ids: subscription.discounts, at, used: true });
  for (const item of items) item.discounts = await remainingDiscounts(tx, { ids: item.discounts, at, used: true });
}
