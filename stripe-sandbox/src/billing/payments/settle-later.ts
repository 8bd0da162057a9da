/** Timers of payments: a processing payment ends, an authorization runs out. Each looks at the intent's state first. */
import { DECLINES, type Decline } from '../../cards/index.ts';
import type { Timer, Tx } from '../../kernel/types.ts';
import { completeIntent, rejectIntent } from './attempt-payment.ts';
import { cancelPaymentIntent } from './cancel-payment-intent.ts';
import { failCharge, settleCharge } from './charge.ts';

/** Timer `async_settle`: a processing payment succeeds or fails, as was ordered. */
export async function settleProcessingPayment(tx: Tx, timer: Timer): Promise<void> {
  const intent = await tx.get(timer.ref, { object: 'payment_intent' });
  if (intent?.status !== 'processing') return;
  const charge = await tx.require('charge', intent.latest_charge);
  const paymentMethod = await tx.require('payment_method', intent.payment_method);
  if (timer.data?.ends === 'fail') {
    const decline: Decline = timer.data.decline ?? DECLINES.generic_decline;
    failCharge(tx, { charge, decline });
    await rejectIntent(tx, { intent, paymentMethod, decline, charge });
    return;
  }
  await settleCharge(tx, { charge, amount: charge.amount });
  await completeIntent(tx, { intent, paymentMethod, charge });
}

/** Timer `authorization_expire`: what was not captured within seven days is released and the intent canceled. */
export async function expireAuthorization(tx: Tx, timer: Timer): Promise<void> {
  const intent = await tx.get(timer.ref, { object: 'payment_intent' });
  if (intent?.status === 'requires_capture') await cancelPaymentIntent(tx, { intent, reason: 'automatic' });
}
