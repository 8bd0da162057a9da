/** Test cards and test accounts whose payments are disputed: a moment after the money arrived. */
import { bankOf, cardOf, type TestCard } from '../../cards/index.ts';
import type { Doc, Hooks, Timer, Tx } from '../../kernel/types.ts';
import { warnOfFraud } from './early-fraud-warning.ts';
import { openDispute } from './open.ts';

/** Hook: a payment that came to its end may be one of them. */
export async function disputeTestPayment(tx: Tx, payload: Hooks['payment_intent.settled']): Promise<void> {
  const { outcome, charge } = payload;
  if (outcome !== 'succeeded' || charge === null) return;
  const paymentMethod = await tx.get(charge.payment_method, { deleted: true });
  const kind = paymentMethod === undefined ? undefined : kindOf(paymentMethod);
  if (kind === undefined) return;
  tx.schedule({ kind: 'dispute_open', ref: charge.id, dueAt: tx.now(charge), clock: charge._clock ?? null, data: { kind } });
}

/** Timer `dispute_open`. */
export async function openTestDispute(tx: Tx, timer: Timer): Promise<void> {
  const charge = await tx.get(timer.ref, { object: 'charge' });
  if (charge === undefined || charge.disputed === true || charge.refunded === true) return;
  if (timer.data!.kind === 'warning') warnOfFraud(tx, charge);
  else await openDispute(tx, { charge, kind: timer.data!.kind });
}

function kindOf(paymentMethod: Doc): TestCard['dispute'] | 'debit' {
  if (paymentMethod.type !== 'card') return bankOf(paymentMethod).disputed === true ? 'debit' : undefined;
  return cardOf(paymentMethod).dispute;
}
