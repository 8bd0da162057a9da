import type { Room } from '../kit/room.ts';
import { routes } from './routes.ts';

export { hasAccess } from './access.ts';
export { getSubscriptionWithItems, itemIdsByStripeId, stripeIdsOfSubscriptions } from './queries.ts';
export { recordSubscription } from './record-subscription.ts';
export type {
  CancelReason,
  Interval,
  PaymentState,
  Subscription,
  SubscriptionInput,
  SubscriptionItem,
  SubscriptionItemInput,
  SubscriptionStatus,
  SubscriptionWithItems,
} from './subscription.ts';

/** What the room plugs into the server. */
export const room: Room = { name: 'subscriptions', routes };
