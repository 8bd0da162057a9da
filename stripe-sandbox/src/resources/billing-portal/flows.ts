/** Deep links: a portal session that leads to one task. */
import { invalidRequest, notEmulated, parameterMissing } from '../../kernel/errors.ts';
import type { Doc, Params, Tx } from '../../kernel/types.ts';
import { httpUrl } from '../../pages/layout.ts';

/** The feature that a flow needs. */
const FEATURES: Record<string, string> = {
  customer_update: 'customer_update',
  payment_method_update: 'payment_method_update',
  subscription_cancel: 'subscription_cancel',
  subscription_pause: 'subscription_pause',
  subscription_update: 'subscription_update',
  subscription_update_confirm: 'subscription_update',
};
const OF_SUBSCRIPTION = ['subscription_cancel', 'subscription_pause', 'subscription_update', 'subscription_update_confirm'];
const OVER = ['canceled', 'incomplete_expired'];
const MAX_ITEMS = 1;

/** `flow_data` as the session shows it. Refuses tasks that the configuration does not offer and subscriptions of others. */
export async function flowOf(tx: Tx, input: { given: Params; customer: Doc; configuration: Doc }): Promise<Params> {
  const { given, customer, configuration } = input;
  const { type } = given;
  const feature = FEATURES[type]!;
  if (configuration.features[feature].enabled !== true) {
    throw invalidRequest(
      `This portal configuration (${configuration.id}) does not have the \`${feature}\` feature enabled, which the flow \`${type}\` needs.`,
      { param: 'flow_data[type]' },
    );
  }
  const details = OF_SUBSCRIPTION.includes(type) ? await subscriptionDetails(tx, { given, customer, configuration }) : null;
  return {
    after_completion: afterCompletion(given.after_completion),
    customer_update: type === 'customer_update' ? {} : null,
    ...Object.fromEntries(OF_SUBSCRIPTION.map((name) => [name, name === type ? details : null])),
    type,
  };
}

function afterCompletion(given: Params | undefined): Params {
  const type = given?.type ?? 'portal_homepage';
  if (type === 'redirect' && httpUrl(given?.redirect?.return_url) === null)
    throw invalidRequest('Not a valid URL', { code: 'url_invalid', param: 'flow_data[after_completion][redirect][return_url]' });
  return {
    hosted_confirmation: type === 'hosted_confirmation' ? { custom_message: given?.hosted_confirmation?.custom_message ?? null } : null,
    redirect: type === 'redirect' ? { return_url: given!.redirect.return_url } : null,
    type,
  };
}

async function subscriptionDetails(tx: Tx, input: { given: Params; customer: Doc; configuration: Doc }): Promise<Params> {
  const { given, customer, configuration } = input;
  const { type } = given;
  const at = `flow_data[${type}]`;
  const details: Params | undefined = given[type];
  if (details === undefined) throw parameterMissing(`${at}[subscription]`);
  const param = `${at}[subscription]`;
  const subscription = await tx.require('subscription', details.subscription, { param });
  if (subscription.customer !== customer.id)
    throw invalidRequest(`The subscription ${subscription.id} does not belong to the customer ${customer.id}.`, { param });
  if (OVER.includes(subscription.status)) throw invalidRequest(`The subscription ${subscription.id} has ended.`, { param });
  if (type === 'subscription_cancel') return cancelDetails(tx, { details, subscription, at });
  if (type !== 'subscription_update_confirm') return { subscription: subscription.id };
  return confirmDetails(tx, { details, subscription, configuration, at });
}

async function cancelDetails(tx: Tx, input: { details: Params; subscription: Doc; at: string }): Promise<Params> {
  const { details, subscription, at } = input;
  if (subscription.cancel_at_period_end || subscription.cancel_at !== null)
    throw invalidRequest(`The subscription ${subscription.id} is already set to be canceled.`, { param: `${at}[subscription]` });
  const coupon: string | undefined = details.retention?.coupon_offer?.coupon;
  if (coupon !== undefined) await tx.require('coupon', coupon, { param: `${at}[retention][coupon_offer][coupon]` });
  return {
    retention: coupon === undefined ? null : { coupon_offer: { coupon }, type: 'coupon_offer' },
    subscription: subscription.id,
  };
}

/** The change that the page will ask to confirm: one item, to a price that exists. */
async function confirmDetails(tx: Tx, input: { details: Params; subscription: Doc; configuration: Doc; at: string }): Promise<Params> {
  const { details, subscription, at } = input;
  const items: Params[] = details.items;
  if (items.length === 0) throw parameterMissing(`${at}[items]`);
  if (items.length > MAX_ITEMS) throw invalidRequest('You can confirm the change of one item only.', { param: `${at}[items]` });
  const discounts: Params[] = details.discounts ?? [];
  if (discounts.length > 1) throw invalidRequest('You can only apply one discount.', { param: `${at}[discounts]` });
  const [item] = items as [Params];
  if (!subscription.items.data.some((one: Doc) => one.id === item.id))
    throw invalidRequest(`No such subscription item: '${item.id}'`, { code: 'resource_missing', param: `${at}[items][0][id]` });
  if (subscription.items.data.length > 1)
    throw notEmulated('Changing a subscription of several items in the portal', `${at}[subscription]`);
  if (item.price !== undefined) await tx.require('price', item.price, { param: `${at}[items][0][price]` });
  for (const { coupon, promotion_code: code } of discounts) {
    if (coupon !== undefined) await tx.require('coupon', coupon, { param: `${at}[discounts][0][coupon]` });
    if (code !== undefined) await tx.require('promotion_code', code, { param: `${at}[discounts][0][promotion_code]` });
  }
  return {
    discounts:
      details.discounts === undefined
        ? null
        : discounts.map((one) => ({ coupon: one.coupon ?? null, promotion_code: one.promotion_code ?? null })),
    items: [{ id: item.id, price: item.price ?? null, ...(item.quantity === undefined ? {} : { quantity: item.quantity }) }],
    subscription: subscription.id,
  };
}
