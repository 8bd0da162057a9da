/** The control API's decisions about coming payments, kept as private objects so that they commit with the payment they decided. */
import type { Doc, Outcome, Tx } from './types.ts';

export const OUTCOME = 'sandbox.outcome';

/** Orders the outcome of the next `times` payments of a customer or payment method. */
export function orderOutcome(tx: Tx, order: { who: string; outcome: Outcome; times: number }): Doc {
  const doc = tx.make(OUTCOME, 'outcome', { outcome: order.outcome, left: order.times, _ref: order.who });
  tx.put(doc);
  return doc;
}

/** The oldest order for the payment method or its customer, used up by one. Null when nothing was ordered. */
export async function takeOutcome(tx: Tx, who: { customer?: string | null; paymentMethod?: string | null }): Promise<Outcome | null> {
  const refs = [who.paymentMethod, who.customer].filter((id): id is string => typeof id === 'string');
  if (refs.length === 0) return null;
  const order = await tx.first({ object: OUTCOME, where: { ref: refs }, order: 'oldest' });
  if (order === undefined) return null;
  order.left -= 1;
  if (order.left <= 0) tx.remove(order);
  else tx.put(order);
  return order.outcome as Outcome;
}
