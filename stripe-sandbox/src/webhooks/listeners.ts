/** Running `stripe listen` commands: endpoints of a kind of their own, in the store only as long as somebody listens. */
import type { Transaction } from '../kernel/transaction.ts';
import type { Doc } from '../kernel/types.ts';

export const LISTENER = 'sandbox.cli_listener';
export const TAIL = 'sandbox.cli_tail';
export const SESSION_PREFIX = 'cliws';
/** Scheme of a listener's address: delivered down its websocket, not posted. */
export const LISTENER_SCHEME = 'stripe-cli:';
/** Counter of the account: spares the look for listeners where there are none. */
const COUNTER = 'cli_listeners';

/** Nobody waits for a listener that failed: at Stripe too only endpoints hold an invoice back. */
export function isListener(endpoint: string): boolean {
  return endpoint.startsWith(`${SESSION_PREFIX}_`);
}

export function hasListeners(counters: Record<string, number>): boolean {
  return (counters[COUNTER] ?? 0) > 0;
}

/** Listeners of the account that are connected now. */
export async function liveListeners(tx: Transaction): Promise<Doc[]> {
  if (!hasListeners(tx.view.account.counters)) return [];
  return tx.query({ object: LISTENER, where: { status: 'enabled' }, order: 'oldest' });
}

/** Connected or gone; unchanged when it is so already. */
export async function setListening(tx: Transaction, id: string, live: boolean): Promise<void> {
  const session = await tx.get(id);
  const status = live ? 'enabled' : 'disabled';
  if (session === undefined || session.status === status) return;
  session.status = status;
  tx.put(session);
  if (session.object !== LISTENER) return;
  const { account } = tx.view;
  account.counters[COUNTER] = Math.max(0, (account.counters[COUNTER] ?? 0) + (live ? 1 : -1));
  tx.view.accountDirty = true;
}
