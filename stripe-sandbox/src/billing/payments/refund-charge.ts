/** Giving money back. */
import { cardOf } from '../../cards/index.ts';
import { invalidRequest } from '../../kernel/errors.ts';
import { OUTCOME } from '../../kernel/outcome.ts';
import type { Doc, Timer, Tx } from '../../kernel/types.ts';
import { spell } from './amounts.ts';
import { recordBalanceTransaction } from './balance-transaction.ts';
import type { RefundChargeInput } from './types.ts';

/** How long a refund that settles late takes. */
const SETTLES_AFTER_SECONDS = 3600;

/**
 * Refunds all or part of a charge, never more than is left. Emits refund.created, charge.refunded; announces charge.refunded.
 * By card or by order of the control API it starts `pending`, or turns `failed` an hour later. Refuses refunded, disputed and unpaid charges.
 */
export async function refundCharge(tx: Tx, input: RefundChargeInput): Promise<Doc> {
  const { charge } = input;
  requireRefundable(charge);
  const left = charge.amount - charge.amount_refunded;
  const amount = input.amount ?? left;
  if (amount < 1) throw invalidRequest('Invalid positive integer', { code: 'parameter_invalid_integer', param: 'amount' });
  if (amount > left) {
    const [wanted, rest] = [spell(amount, charge.currency), spell(left, charge.currency)];
    const what = left === charge.amount ? `charge amount (${rest})` : `unrefunded amount on charge (${rest})`;
    throw invalidRequest(`Refund amount (${wanted}) is greater than ${what}`, { code: 'amount_too_large', param: 'amount' });
  }
  const settlement = await settlementOf(tx, charge);
  const refund = await recordRefund(tx, { ...input, amount, status: settlement === 'pending' ? 'pending' : 'succeeded' });
  charge.amount_refunded += amount;
  charge.refunded = charge.amount_refunded === charge.amount;
  tx.put(charge);
  tx.emit('refund.created', refund);
  tx.emit('charge.refunded', charge, {
    previous: { amount_refunded: charge.amount_refunded - amount, ...(charge.refunded ? { refunded: false } : {}) },
  });
  if (settlement !== 'at_once') {
    const dueAt = tx.now(refund) + SETTLES_AFTER_SECONDS;
    tx.schedule({ kind: 'refund_settle', ref: refund.id, dueAt, clock: refund._clock ?? null, data: { fails: settlement === 'fails' } });
  }
  await tx.announce('charge.refunded', { charge, refund });
  return refund;
}

/** Timer `refund_settle`: a pending refund succeeds, or a refund the bank sent back fails and its money returns to the balance. */
export async function settleRefund(tx: Tx, timer: Timer): Promise<void> {
  const refund = await tx.get(timer.ref, { object: 'refund' });
  if (refund === undefined || refund.status === 'failed' || refund.status === 'canceled') return;
  const charge = await tx.require('charge', refund.charge);
  const failed = timer.data?.fails === true;
  if (failed) await takeBack(tx, refund, charge);
  else refund.status = 'succeeded';
  tx.put(refund);
  tx.emit('charge.refund.updated', refund, { previous: { status: failed ? 'succeeded' : 'pending' } });
  tx.emit('refund.updated', refund, { previous: { status: failed ? 'succeeded' : 'pending' } });
  if (failed) tx.emit('refund.failed', refund);
}

async function takeBack(tx: Tx, refund: Doc, charge: Doc): Promise<void> {
  refund.status = 'failed';
  refund.failure_reason = 'expired_or_canceled_card';
  const returned = await recordBalanceTransaction(tx, {
    type: isCard(charge) ? 'refund_failure' : 'payment_failure_refund',
    source: refund,
    amount: refund.amount,
    description: 'REFUND FAILURE',
  });
  refund.failure_balance_transaction = returned.id;
  charge.amount_refunded -= refund.amount;
  charge.refunded = false;
  tx.put(charge);
  tx.emit('charge.updated', charge);
}

function requireRefundable(charge: Doc): void {
  if (charge.refunded === true) {
    throw invalidRequest(`Charge ${charge.id} has already been refunded.`, { code: 'charge_already_refunded' });
  }
  if (charge._charged_back === true)
    throw invalidRequest(`Charge ${charge.id} has been charged back; cannot issue a refund.`, { code: 'charge_disputed' });
  if (charge.status !== 'succeeded' || charge.captured !== true) {
    throw invalidRequest(`This charge (${charge.id}) has not been captured, so it cannot be refunded.`, { code: 'charge_not_refundable' });
  }
}

async function settlementOf(tx: Tx, charge: Doc): Promise<'at_once' | 'pending' | 'fails'> {
  const paymentMethod = charge.payment_method === null ? undefined : await tx.get(charge.payment_method, { deleted: true });
  if (charge._refund === 'fails' || (await takeRefundFailure(tx, charge))) return 'fails';
  return (paymentMethod?.type === 'card' ? cardOf(paymentMethod).refund : undefined) ?? 'at_once';
}

/** An order of the control API that waits for a refund and not for a payment. */
async function takeRefundFailure(tx: Tx, charge: Doc): Promise<boolean> {
  const ref = [charge.payment_method, charge.customer].filter((id): id is string => typeof id === 'string');
  if (ref.length === 0) return false;
  const order = await tx.first({ object: OUTCOME, where: { ref }, filter: (doc) => doc.outcome.kind === 'refund_fails', order: 'oldest' });
  if (order === undefined) return false;
  order.left -= 1;
  if (order.left <= 0) tx.remove(order);
  else tx.put(order);
  return true;
}

async function recordRefund(tx: Tx, input: RefundChargeInput & { amount: number; status: 'pending' | 'succeeded' }): Promise<Doc> {
  const { charge, amount, status } = input;
  const refund = tx.make(
    'refund',
    isCard(charge) ? 're' : 'pyr',
    {
      amount,
      charge: charge.id,
      currency: charge.currency,
      customer: charge.customer,
      ...(isCard(charge) ? { destination_details: CARD_DESTINATION } : {}),
      metadata: input.metadata ?? {},
      payment_intent: charge.payment_intent,
      payment_method: charge.payment_method,
      ...(status === 'pending' ? { pending_reason: 'processing' } : {}),
      reason: input.reason ?? null,
      status,
    },
    charge,
  );
  const movement = await recordBalanceTransaction(tx, {
    type: isCard(charge) ? 'refund' : 'payment_refund',
    source: refund,
    amount: -amount,
    description: `REFUND FOR ${isCard(charge) ? 'CHARGE' : 'PAYMENT'}${charge.description === null ? '' : ` (${charge.description})`}`,
  });
  refund.balance_transaction = movement.id;
  tx.put(refund);
  return refund;
}

const CARD_DESTINATION = {
  card: { reference_status: 'pending', reference_type: 'acquirer_reference_number', type: 'refund' },
  type: 'card',
} as const;

function isCard(charge: Doc): boolean {
  return charge.payment_method_details.type === 'card';
}
