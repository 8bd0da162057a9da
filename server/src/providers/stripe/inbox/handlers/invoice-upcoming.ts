import { announce } from '../../../../kit/events.ts';
import { isoSeconds } from '../../../../kit/time.ts';
import { getSubscriptionWithItems } from '../../../../subscriptions/index.ts';
import { load } from '../../pull/load.ts';
import { type Handler, named } from '../handler.ts';
import { upcomingSubscription } from '../upcoming.ts';

/** `invoice.upcoming` has no id to read again: it says only that a subscription renews, which is read and announced. */
export const invoiceUpcoming: Handler = {
  target: () => null,
  load: ({ source, event }) => load(source, named('subscription', upcomingSubscription(event.object))),
  record: async (tx, { event, source }) => {
    const stripeId = upcomingSubscription(event.object);
    const subscription = stripeId === null ? null : await getSubscriptionWithItems(tx, stripeId);
    if (subscription === null || event.createdRemote === null) return 'notify_only';
    await announce(tx, {
      type: 'invoice.upcoming',
      objectType: 'subscription',
      objectId: subscription.id,
      data: {
        subscription_id: subscription.id,
        customer_id: subscription.customerId,
        stripe_object_id: subscription.stripeId,
        witness_at: isoSeconds(event.createdRemote),
        historical: Temporal.Instant.compare(event.createdRemote, source.connection.activatedAt) < 0,
      },
      dedupeKey: `invoice.upcoming:${event.eventId}`,
      cause: event.eventId,
    });
    return 'notify_only';
  },
};
