import { stopSchedule } from '../../billing/schedule/index.ts';
import { cancelSubscription } from '../../billing/subscription/index.ts';
import { invalidRequest } from '../../kernel/errors.ts';
import type { ApiRequest, Doc } from '../../kernel/types.ts';

/**
 * Cancels a schedule and, where it has started, its subscription at once: prorated and with a last invoice unless told otherwise [DTS]. Emits
 * subscription_schedule.canceled and the events of the subscription.
 */
export async function cancel(rq: ApiRequest): Promise<Doc> {
  const { tx, params } = rq;
  const schedule = await tx.require('subscription_schedule', rq.path.id!);
  if (schedule.status !== 'not_started' && schedule.status !== 'active')
    throw invalidRequest(`You cannot cancel a subscription schedule that is currently in the \`${schedule.status}\` status.`);
  stopSchedule(tx, schedule, 'canceled');
  if (schedule.subscription !== null) {
    const { invoice_now = true, prorate = true } = params;
    await cancelSubscription(tx, { id: schedule.subscription, params: { invoice_now, prorate } });
  }
  return tx.require('subscription_schedule', schedule.id);
}
