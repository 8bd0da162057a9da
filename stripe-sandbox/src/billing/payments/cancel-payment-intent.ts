/** Cancelling a PaymentIntent. */
import type { Doc, Tx } from '../../kernel/types.ts';
import { wrongStatus } from './errors.ts';
import type { CancellationReason } from './types.ts';

const CANCELABLE = ['requires_payment_method', 'requires_capture', 'requires_confirmation', 'requires_action', 'processing'] as const;

/** Ends the intent; an authorization is released (charge.refunded, or charge.expired when it ran out). Emits payment_intent.canceled, announces settled. */
export async function cancelPaymentIntent(tx: Tx, input: { intent: Doc; reason?: CancellationReason | null }): Promise<Doc> {
  const { intent } = input;
  const reason = input.reason ?? null;
  if (!(CANCELABLE as readonly string[]).includes(intent.status)) throw wrongStatus(intent, 'cancel', 'canceled', CANCELABLE);
  const charge = intent.status === 'requires_capture' ? await release(tx, intent, reason) : null;
  Object.assign(intent, {
    status: 'canceled',
    amount_capturable: 0,
    canceled_at: tx.now(intent),
    cancellation_reason: reason,
    next_action: null,
    processing: null,
  });
  tx.put(intent);
  tx.cancelTimers(intent.id);
  tx.emit('payment_intent.canceled', intent);
  await tx.announce('payment_intent.settled', { intent, outcome: 'canceled', charge });
  return intent;
}

async function release(tx: Tx, intent: Doc, reason: CancellationReason | null): Promise<Doc> {
  const charge = await tx.require('charge', intent.latest_charge);
  charge.amount_refunded = charge.amount;
  charge.refunded = true;
  tx.put(charge);
  tx.emit(reason === 'automatic' ? 'charge.expired' : 'charge.refunded', charge);
  return charge;
}
