import type { EventObject } from './envelope.ts';

/** The subscription an upcoming invoice is for: in `parent` since basil, in `subscription` before. */
export function upcomingSubscription(object: EventObject | null): string | null {
  const parent = object?.parent as { subscription_details?: { subscription?: unknown } | null } | null | undefined;
  const subscription = parent?.subscription_details?.subscription ?? object?.subscription;
  if (typeof subscription === 'string') return subscription;
  const expanded = (subscription as { id?: unknown } | null | undefined)?.id;
  return typeof expanded === 'string' ? expanded : null;
}
