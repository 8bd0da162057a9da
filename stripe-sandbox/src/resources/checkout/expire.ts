import { cancelPaymentIntent, cancelSetupIntent } from '../../billing/payments/index.ts';
import { expireUnpaidFirst } from '../../billing/subscription/end.ts';
import { invalidRequest } from '../../kernel/errors.ts';
import type { ApiRequest, Doc, TimerHandler, Tx } from '../../kernel/types.ts';
import { offerRecovery } from './recovery.ts';

const OVER = ['succeeded', 'canceled'];

/** Ends an open session at once. Emits checkout.session.expired. */
export async function expireSession(rq: ApiRequest): Promise<Doc> {
  const session = await rq.tx.require('checkout.session', rq.path.id!);
  if (session.status !== 'open') {
    throw invalidRequest(
      `Only Checkout Sessions with a status in ["open"] can be expired. This Checkout Session has a status of ${session.status}.`,
    );
  }
  return expire(rq.tx, session);
}

/** Timer `checkout_expire`. */
export const expireDue: TimerHandler = async (tx, timer) => {
  const session = await tx.get(timer.ref, { object: 'checkout.session' });
  if (session?.status === 'open') await expire(tx, session);
};

/** The page stops selling; a payment that was begun is called off, and where recovery is on a link opens the same purchase again. */
async function expire(tx: Tx, session: Doc): Promise<Doc> {
  Object.assign(session, { status: 'expired', url: null });
  offerRecovery(tx, session);
  tx.put(session);
  tx.cancelTimers(session.id, 'checkout_expire');
  await callOff(tx, session);
  tx.emit('checkout.session.expired', session);
  return session;
}

/** Whoever still has the bank's page open must not pay for a session that is over. */
async function callOff(tx: Tx, session: Doc): Promise<void> {
  const intent = session._intent === undefined ? undefined : await tx.get(session._intent, { object: 'payment_intent' });
  if (intent !== undefined && !OVER.includes(intent.status)) await cancelPaymentIntent(tx, { intent, reason: 'abandoned' });
  const setup = session._ref === undefined ? undefined : await tx.get(session._ref, { object: 'setup_intent' });
  if (setup !== undefined && !OVER.includes(setup.status)) await cancelSetupIntent(tx, { intent: setup, reason: 'abandoned' });
  const subscription = session._subscription === undefined ? undefined : await tx.get(session._subscription, { object: 'subscription' });
  if (subscription?.status === 'incomplete') await expireUnpaidFirst(tx, subscription);
}
