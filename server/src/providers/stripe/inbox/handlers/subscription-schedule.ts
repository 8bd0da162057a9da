import { load } from '../../pull/load.ts';
import { type Handler, named } from '../handler.ts';

/** A schedule shows in the subscription it manages, or managed until it was released. */
export const subscriptionSchedule: Handler = {
  target: (object) => named('subscription', object.subscription) ?? named('subscription', object.released_subscription),
  load: ({ source, target }) => load(source, target),
};
