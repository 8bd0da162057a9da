import { invalidRequest } from '../../kernel/errors.ts';
import type { Doc, Params, Tx } from '../../kernel/types.ts';
import { subscriptionUpdated } from '../subscription/announce.ts';
import { isLive } from '../subscription/status.ts';
import { blankSchedule } from './create.ts';
import { shapeDefaults } from './shape.ts';
import { scheduleTimers } from './timers.ts';

/** All that may stand beside `from_subscription` [DTS]. */
const ALLOWED = new Set(['from_subscription', 'metadata', 'expand']);

/** Puts a running subscription under a schedule: one phase, what it is now, up to the end of its period. Emits .created and customer.subscription.updated. */
export async function fromSubscription(tx: Tx, params: Params): Promise<Doc> {
  const refused = Object.keys(params).find((name) => !ALLOWED.has(name));
  if (refused !== undefined) throw invalidRequest(`You cannot set \`${refused}\` if \`from_subscription\` is set.`, { param: refused });
  const subscription = await tx.require('subscription', params.from_subscription, { param: 'from_subscription' });
  if (subscription.schedule != null)
    throw invalidRequest(`You cannot migrate a subscription that is already attached to a schedule: \`${subscription.schedule}\`.`, {
      param: 'from_subscription',
    });
  if (!isLive(subscription))
    throw invalidRequest(`You cannot migrate a subscription that is in the \`${subscription.status}\` status.`, {
      param: 'from_subscription',
    });
  const customer = await tx.require('customer', subscription.customer);
  const schedule = blankSchedule(tx, { customer, params });
  schedule.billing_mode = { ...subscription.billing_mode };
  schedule.status = 'active';
  schedule.subscription = subscription.id;
  schedule.default_settings = await defaultsOf(tx, subscription);
  schedule.phases = [presentPhase(subscription)];
  schedule.current_phase = { end_date: schedule.phases[0].end_date, start_date: schedule.phases[0].start_date };
  tx.put(schedule);
  scheduleTimers(tx, schedule);
  tx.emit('subscription_schedule.created', schedule);
  subscription.schedule = schedule.id;
  await subscriptionUpdated(tx, subscription);
  return schedule;
}

async function defaultsOf(tx: Tx, subscription: Doc): Promise<Params> {
  const blank = await shapeDefaults(tx, undefined);
  return {
    ...blank,
    collection_method: subscription.collection_method,
    default_payment_method: subscription.default_payment_method,
    description: subscription.description,
    invoice_settings: { ...blank.invoice_settings, days_until_due: subscription.days_until_due },
  };
}

function presentPhase(subscription: Doc): Params {
  const items: Doc[] = subscription.items.data;
  return {
    add_invoice_items: [],
    application_fee_percent: null,
    automatic_tax: { disabled_reason: null, enabled: false, liability: null },
    billing_cycle_anchor: null,
    billing_thresholds: null,
    collection_method: null,
    currency: subscription.currency,
    default_payment_method: null,
    default_tax_rates: subscription.default_tax_rates,
    description: null,
    discounts: subscription.discounts.map(existing),
    end_date: Math.min(...items.map((item) => item.current_period_end)),
    invoice_settings: null,
    items: items.map((item) => ({
      billing_thresholds: null,
      discounts: item.discounts.map(existing),
      metadata: { ...item.metadata },
      plan: item.price.id,
      price: item.price.id,
      ...(item.quantity === undefined ? {} : { quantity: item.quantity }),
      tax_rates: item.tax_rates,
    })),
    metadata: {},
    on_behalf_of: null,
    proration_behavior: 'create_prorations',
    start_date: Math.max(...items.map((item) => item.current_period_start)),
    transfer_data: null,
    trial_end: subscription.status === 'trialing' ? subscription.trial_end : null,
  };
}

function existing(discount: string): Params {
  return { coupon: null, discount, promotion_code: null };
}
