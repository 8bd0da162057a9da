/** Redeeming coupons and promotion codes: who may, for what, and how often. */
import { invalidRequest, type StripeError } from '../../kernel/errors.ts';
import type { Doc, Params, Tx } from '../../kernel/types.ts';

export type Redemption = {
  customer: Doc;
  /** What the discount is taken off, where that is known: codes may ask for a minimum. Minor units. */
  amount?: number;
  currency?: string;
  /** The invoice it is for, which does not count as an earlier one. */
  invoice?: string | null;
};

type Restricted = Omit<Redemption, 'customer'> & { customer: Doc | null; param?: string };

/** Invoices that make a customer an old one. */
const INVOICED = ['open', 'paid', 'uncollectible'];

/** One redemption more of a coupon; refused when it is used up, over, or has no amount in the currency. */
export function redeemCoupon(tx: Tx, coupon: Doc, input: Redemption & { param: string }): void {
  const { param } = input;
  const usedUp = coupon.max_redemptions !== null && coupon.times_redeemed >= coupon.max_redemptions;
  const over = coupon.redeem_by !== null && coupon.redeem_by < tx.now(input.customer);
  if (usedUp || over || coupon.valid === false) {
    throw invalidRequest(`Coupon ${coupon.id} is used up or expired and cannot be applied.`, { code: 'coupon_expired', param });
  }
  if (input.currency !== undefined && amountOff(coupon, input.currency) === null) {
    throw invalidRequest(`The coupon ${coupon.id} has no amount in ${input.currency}; its currency is ${coupon.currency}.`, { param });
  }
  coupon.times_redeemed += 1;
  if (coupon.max_redemptions !== null && coupon.times_redeemed >= coupon.max_redemptions) coupon.valid = false;
  tx.put(coupon);
}

/** What an amount coupon takes off in a currency; 0 for percentages, null when it has nothing to say there. */
export function amountOff(coupon: Doc, currency: string): number | null {
  if (coupon.percent_off !== null) return 0;
  if (coupon.currency === currency) return coupon.amount_off;
  const options = (coupon.currency_options ?? coupon._currency_options) as Record<string, Params> | undefined;
  return options?.[currency]?.amount_off ?? null;
}

/** The promotion code, if this customer may redeem it now; refused with the reason otherwise. */
export async function redeemablePromotion(tx: Tx, id: string, input: Redemption & { param: string }): Promise<Doc> {
  const promotion = await tx.require('promotion_code', id, { param: input.param });
  const now = tx.now(input.customer);
  const usedUp = promotion.max_redemptions !== null && promotion.times_redeemed >= promotion.max_redemptions;
  const over = promotion.expires_at !== null && promotion.expires_at < now;
  const foreign = promotion.customer !== null && promotion.customer !== input.customer.id;
  if (!promotion.active || usedUp || over || foreign)
    throw invalidRequest('This promotion code cannot be redeemed because it is inactive, expired, used up or meant for another customer.', {
      param: input.param,
    });
  const refusal = await restrictionRefusal(tx, promotion, input);
  if (refusal !== null) throw refusal;
  return promotion;
}

/** Why a code's restrictions keep a customer from it; null when nothing does. The checkout page asks with the session's subtotal. */
export async function restrictionRefusal(tx: Tx, promotion: Doc, input: Restricted): Promise<StripeError | null> {
  const options = input.param === undefined ? {} : { param: input.param };
  const { first_time_transaction: firstOnly } = promotion.restrictions;
  if (firstOnly && input.customer !== null && (await hasBought(tx, input.customer, input.invoice)))
    return invalidRequest('This promotion code cannot be redeemed because the associated customer has prior transactions.', options);
  if (input.amount === undefined || input.currency === undefined) return null;
  const minimum = minimumOf(promotion, input.currency);
  if (minimum === null || input.amount >= minimum) return null;
  return invalidRequest('This promotion code cannot be redeemed because the amount is below its minimum.', options);
}

/** Any successful payment, or an invoice that was finalized and not voided [DTS first_time_transaction]. */
async function hasBought(tx: Tx, { id: customer }: Doc, except: string | null | undefined): Promise<boolean> {
  if ((await tx.first({ object: 'charge', where: { customer, status: 'succeeded' } })) !== undefined) return true;
  const invoice = await tx.first({
    object: 'invoice',
    where: { customer, status: INVOICED },
    filter: (other) => other.id !== except,
  });
  return invoice !== undefined;
}

/** The minimum in a currency; a code with a minimum in others only is out of reach. */
function minimumOf(promotion: Doc, currency: string): number | null {
  const { minimum_amount, minimum_amount_currency, currency_options } = promotion.restrictions;
  if (minimum_amount === null) return null;
  if (minimum_amount_currency === currency) return minimum_amount;
  return currency_options?.[currency]?.minimum_amount ?? Number.POSITIVE_INFINITY;
}
