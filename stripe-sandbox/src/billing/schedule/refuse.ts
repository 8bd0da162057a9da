/** Parameters of schedules without behaviour here: refused by name, never ignored. */
import { invalidRequest, notEmulated } from '../../kernel/errors.ts';
import type { Doc, Params, Tx } from '../../kernel/types.ts';

const OF_CONNECT = ['application_fee_percent', 'billing_thresholds', 'on_behalf_of', 'transfer_data'];

/** Settings of a phase, or the defaults of all. */
export function refuseSettings(given: Params, param: string): void {
  for (const name of OF_CONNECT) if (given[name] !== undefined) throw notEmulated(`${name} of a schedule`, `${param}[${name}]`);
  if (given.automatic_tax?.enabled === true) throw notEmulated('automatic_tax of a schedule', `${param}[automatic_tax]`);
  const issuer = given.invoice_settings?.issuer;
  if (issuer !== undefined && issuer.type !== 'self')
    throw notEmulated('Another issuer of a schedule', `${param}[invoice_settings][issuer]`);
}

/** `none` and `renew` are left from older versions. */
export function refuseEndBehavior(given: string | undefined): void {
  if (given !== undefined && given !== 'release' && given !== 'cancel') throw notEmulated(`end_behavior=${given}`, 'end_behavior');
}

/** A price, or what is to become one: an id that does not exist, or a coupon that is not there, is refused at once and not years later. */
export async function checkDiscounts(tx: Tx, given: Params[] | '' | undefined, param: string): Promise<void> {
  for (const [index, one] of (given || []).entries()) {
    const at = `${param}[${index}]`;
    if (one.coupon !== undefined) await tx.require('coupon', one.coupon, { param: `${at}[coupon]` });
    if (one.promotion_code !== undefined) await tx.require('promotion_code', one.promotion_code, { param: `${at}[promotion_code]` });
    if (one.discount !== undefined) await tx.require('discount', one.discount, { param: `${at}[discount]` });
  }
}

/** The end of a subscription that a schedule manages belongs to the schedule. */
export function refuseManagedEnd(subscription: Doc, params: Params): void {
  if (subscription.schedule == null || (params.cancel_at === undefined && params.cancel_at_period_end === undefined)) return;
  throw invalidRequest(
    `The subscription is managed by the subscription schedule \`${subscription.schedule}\`, and updating any cancelation behavior directly is not allowed. Please update the schedule instead.`,
  );
}
