import type { Envelope } from './envelope.ts';
import { listenedTo } from './events.ts';
import type { Receiver } from './receiver.ts';

/**
 * Whether an event is ours to act on. Another mode, another account and types nobody listens to are stored and left alone (W12, W14).
 * An event without `livemode` cannot be placed and is treated as the other mode's.
 */
export function judge(receiver: Receiver, event: Envelope): { status: 'received' | 'ignored'; outcome: string | null } {
  if (event.isThin) return { status: 'ignored', outcome: 'thin_event' };
  if (event.livemode !== receiver.livemode) return { status: 'ignored', outcome: 'wrong_mode' };
  if (event.account !== null && event.account !== receiver.accountId) return { status: 'ignored', outcome: 'foreign' };
  const listened = listenedTo(event.type);
  if (listened === undefined) return { status: 'ignored', outcome: 'unknown_type' };
  return { status: 'received', outcome: null };
}
