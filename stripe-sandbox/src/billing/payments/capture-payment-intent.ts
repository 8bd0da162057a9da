/** Capturing an authorized payment. */
import { invalidRequest } from '../../kernel/errors.ts';
import type { Doc, Tx } from '../../kernel/types.ts';
import { spell } from './amounts.ts';
import { settleCharge } from './charge.ts';
import { wrongStatus } from './errors.ts';
import type { PaymentResult } from './types.ts';

/** Takes the money (all, or `amount` in smallest units, once). Emits charge.captured, payment_intent.succeeded; announces settled. */
export async function capturePaymentIntent(tx: Tx, input: { intent: Doc; amount?: number }): Promise<PaymentResult> {
  const { intent } = input;
  if (intent.status !== 'requires_capture') throw wrongStatus(intent, 'capture', 'captured', ['requires_capture']);
  const amount = input.amount ?? intent.amount_capturable;
  if (amount < 1 || amount > intent.amount_capturable) {
    throw invalidRequest(
      `The amount to capture (${spell(amount, intent.currency)}) is greater than the amount you are able to capture (${spell(intent.amount_capturable, intent.currency)}) on this PaymentIntent.`,
      { code: 'amount_too_large', param: 'amount_to_capture' },
    );
  }
  const charge = await tx.require('charge', intent.latest_charge);
  await settleCharge(tx, { charge, amount });
  Object.assign(intent, { status: 'succeeded', amount_capturable: 0, amount_received: amount });
  tx.put(intent);
  tx.cancelTimers(intent.id, 'authorization_expire');
  tx.emit('charge.captured', charge);
  tx.emit('payment_intent.succeeded', intent);
  await tx.announce('payment_intent.settled', { intent, outcome: 'succeeded', charge });
  return { outcome: 'succeeded', intent, charge };
}
