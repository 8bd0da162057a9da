import { invalidRequest, parameterMissing } from '../../kernel/errors.ts';
import type { ApiRequest, Doc, Params, Tx } from '../../kernel/types.ts';
import { mergeMetadata } from '../../kernel/values.ts';
import { isValidCoupon } from '../coupons/manage.ts';

const CODE_LENGTH = 8;
/** [DTS code] */
const VALID_CODE = /^[A-Za-z0-9-]+$/;

/** A code that customers type to get the coupon. Emits promotion_code.created. Codes are unique among the active ones, whatever their case. */
export async function createPromotionCode(rq: ApiRequest): Promise<Doc> {
  const { tx, params } = rq;
  if (!params.promotion.coupon) throw parameterMissing('promotion[coupon]');
  const coupon = await tx.require('coupon', params.promotion.coupon, { param: 'promotion[coupon]' });
  if (!isValidCoupon(tx, coupon))
    throw invalidRequest(`Coupon expired: ${coupon.id}`, { code: 'coupon_expired', param: 'promotion[coupon]' });
  checkLimits(coupon, params);
  const customer = params.customer ? await tx.require('customer', params.customer, { param: 'customer' }) : null;
  const code: string = params.code || tx.secret(CODE_LENGTH).toUpperCase();
  if (!VALID_CODE.test(code)) throw invalidRequest('Promotion codes may only contain letters, digits and dashes.', { param: 'code' });
  const active = params.active ?? true;
  if (active) await requireFreeCode(tx, { code, customer: customer?.id ?? null, except: null });
  const promotionCode = tx.make('promotion_code', 'promo', {
    active,
    code,
    customer: customer?.id ?? null,
    expires_at: params.expires_at ?? null,
    max_redemptions: params.max_redemptions ?? null,
    metadata: mergeMetadata(null, params.metadata),
    promotion: { coupon: coupon.id, type: 'coupon' },
    restrictions: restrictionsOf(params.restrictions ?? {}),
    times_redeemed: 0,
    _ref: code.toLowerCase(),
  });
  tx.put(promotionCode);
  tx.emit('promotion_code.created', promotionCode);
  return promotionCode;
}

/** One active code per spelling and customer; a code for everybody excludes all others. */
export async function requireFreeCode(tx: Tx, input: { code: string; customer: string | null; except: string | null }): Promise<void> {
  const { code, customer, except } = input;
  const taken = await tx.first({
    object: 'promotion_code',
    where: { ref: code.toLowerCase(), active: true },
    filter: (other) => other.id !== except && (other.customer === null || customer === null || other.customer === customer),
  });
  if (taken !== undefined) {
    throw invalidRequest(`An active promotion code with \`code: ${code}\` already exists.`, {
      code: 'resource_already_exists',
      param: 'code',
    });
  }
}

function checkLimits(coupon: Doc, params: Params): void {
  if (coupon.redeem_by !== null && params.expires_at !== undefined && params.expires_at > coupon.redeem_by) {
    throw invalidRequest('The promotion code cannot expire after its coupon.', { param: 'expires_at' });
  }
  if (coupon.max_redemptions !== null && params.max_redemptions !== undefined && params.max_redemptions > coupon.max_redemptions) {
    throw invalidRequest('The promotion code cannot have more redemptions than its coupon.', { param: 'max_redemptions' });
  }
}

function restrictionsOf(given: Params): Params {
  if ((given.minimum_amount === undefined) !== (given.minimum_amount_currency === undefined)) {
    throw parameterMissing(given.minimum_amount === undefined ? 'restrictions[minimum_amount]' : 'restrictions[minimum_amount_currency]');
  }
  return {
    ...(given.currency_options === undefined ? {} : { currency_options: given.currency_options }),
    first_time_transaction: given.first_time_transaction ?? false,
    minimum_amount: given.minimum_amount ?? null,
    minimum_amount_currency: given.minimum_amount_currency ?? null,
  };
}
