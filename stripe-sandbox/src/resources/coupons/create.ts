import { requireCurrency } from '../../billing/payments/index.ts';
import { invalidRequest, parameterMissing, parametersExclusive } from '../../kernel/errors.ts';
import type { ApiRequest, Doc, Params, Tx } from '../../kernel/types.ts';
import { mergeMetadata } from '../../kernel/values.ts';

const ID_LENGTH = 8;

/** Creates a coupon: percent_off or amount_off, once, for months or for ever. Emits coupon.created. */
export async function createCoupon(rq: ApiRequest): Promise<Doc> {
  const { tx, params } = rq;
  checkReduction(params);
  const duration = params.duration ?? 'once';
  if (duration === 'repeating' && params.duration_in_months === undefined) throw parameterMissing('duration_in_months');
  if (duration !== 'repeating' && params.duration_in_months !== undefined) {
    throw invalidRequest('`duration_in_months` can only be set when `duration` is `repeating`.', { param: 'duration_in_months' });
  }
  const id: string = params.id || tx.secret(ID_LENGTH);
  if ((await tx.get(id)) !== undefined) throw invalidRequest('Coupon already exists.', { code: 'resource_already_exists', param: 'id' });
  await checkProducts(tx, params.applies_to?.products ?? []);
  const coupon = tx.make('coupon', 'coupon', {
    amount_off: params.amount_off ?? null,
    currency: params.amount_off === undefined ? null : requireCurrency(params.currency),
    duration,
    duration_in_months: params.duration_in_months ?? null,
    max_redemptions: params.max_redemptions ?? null,
    metadata: mergeMetadata(null, params.metadata),
    name: params.name || null,
    percent_off: params.percent_off ?? null,
    redeem_by: params.redeem_by ?? null,
    times_redeemed: 0,
    valid: true,
    _applies_to: params.applies_to?.products === undefined ? undefined : { products: params.applies_to.products },
    _currency_options: params.currency_options === undefined ? undefined : couponCurrencies(params.currency_options),
  });
  coupon.id = id;
  if (coupon.redeem_by !== null && coupon.redeem_by <= coupon.created) {
    throw invalidRequest('`redeem_by` must be in the future.', { param: 'redeem_by' });
  }
  tx.put(coupon);
  tx.emit('coupon.created', coupon);
  return coupon;
}

/** Amounts off in further currencies. */
export function couponCurrencies(given: Record<string, Params>): Params {
  return Object.fromEntries(
    Object.entries(given).map(([code, option]) => [requireCurrency(code, `currency_options[${code}]`), { amount_off: option.amount_off }]),
  );
}

function checkReduction(params: Params): void {
  if (params.percent_off !== undefined && params.amount_off !== undefined) throw parametersExclusive('percent_off', 'amount_off');
  if (params.percent_off === undefined && params.amount_off === undefined) {
    throw invalidRequest('Must provide percent_off or amount_off.', { code: 'parameter_missing', param: 'percent_off' });
  }
  if (params.percent_off !== undefined && (params.percent_off <= 0 || params.percent_off > 100)) {
    throw invalidRequest('Invalid percent_off: must be greater than 0 and less than or equal to 100.', { param: 'percent_off' });
  }
  if (params.amount_off !== undefined && params.amount_off < 1)
    throw invalidRequest('Invalid positive integer', { code: 'parameter_invalid_integer', param: 'amount_off' });
  if (params.amount_off !== undefined && !params.currency) throw parameterMissing('currency');
}

async function checkProducts(tx: Tx, ids: string[]): Promise<void> {
  for (const [index, id] of ids.entries()) await tx.require('product', id, { param: `applies_to[products][${index}]` });
}
