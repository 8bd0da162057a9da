/** One attempt to pay an intent with a method: asks the card table, then moves intent and charge to where they come to rest. */
import { cardOf, type Decline } from '../../cards/index.ts';
import type { Doc, Tx } from '../../kernel/types.ts';
import { keepForCustomer } from './attach-payment-method.ts';
import { recordCharge } from './charge.ts';
import { ASKED_FOR, decideCharge } from './decide.ts';
import { lastError, paymentDeclined } from './errors.ts';
import { capturesLater, futureUsage } from './method-options.ts';
import { nextAction } from './next-action.ts';
import type { PaymentResult } from './types.ts';

const DAY = 86_400;
/** Card authorizations are given up after seven days. */
const AUTHORIZATION_DAYS = 7;

export type AttemptInput = {
  intent: Doc;
  paymentMethod: Doc;
  offSession: boolean;
  authenticated: boolean;
  errorOnRequiresAction: boolean;
  returnUrl: string | null;
};

/** Emits charge.* and payment_intent.* in Stripe's order [S 3.6] and announces payment_intent.settled. A decline is in the answer, not thrown. */
export async function attemptPayment(tx: Tx, input: AttemptInput): Promise<PaymentResult> {
  const { intent, paymentMethod } = input;
  const order = input.authenticated ? null : await tx.takeOutcome({ customer: intent.customer, paymentMethod: paymentMethod.id });
  const attempt = decideCharge({
    card: cardOf(paymentMethod),
    order,
    offSession: input.offSession,
    authenticated: input.authenticated,
    setUp: paymentMethod._set_up === true,
    requested: ASKED_FOR.includes(intent.payment_method_options?.card?.request_three_d_secure),
    errorOnRequiresAction: input.errorOnRequiresAction,
  });
  intent.payment_method = paymentMethod.id;
  intent.next_action = null;
  if (attempt.kind === 'requires_action') return askForAction(tx, input);
  if (attempt.kind === 'processing') return startProcessing(tx, input, attempt);
  if (attempt.kind === 'decline') return declinePayment(tx, { ...input, ...attempt });
  const refundFails = order?.kind === 'refund_fails' || cardOf(paymentMethod).refund === 'fails';
  return capturesLater(intent, paymentMethod) ? authorize(tx, input) : succeed(tx, input, refundFails);
}

async function askForAction(tx: Tx, { intent, returnUrl }: AttemptInput): Promise<PaymentResult> {
  intent.status = 'requires_action';
  intent.next_action = nextAction(tx, { intent, returnUrl });
  tx.put(intent);
  tx.emit('payment_intent.requires_action', intent);
  return settled(tx, { outcome: 'requires_action', intent, charge: null });
}

/** `decline`: why it will fail; else a generic refusal. */
export type Processing = { seconds: number; ends: 'succeed' | 'fail'; decline?: Decline };

/** The charge is pending until the timer `async_settle`. Emits charge.pending, payment_intent.processing. */
export async function startProcessing(tx: Tx, input: AttemptInput, plan: Processing): Promise<PaymentResult> {
  const { intent, paymentMethod } = input;
  const charge = await recordCharge(tx, { ...input, result: { kind: 'pending' } });
  intent.status = 'processing';
  intent.payment_method = paymentMethod.id;
  intent.next_action = null;
  intent.processing = paymentMethod.type === 'card' ? { card: {}, type: 'card' } : null;
  intent.latest_charge = charge.id;
  tx.put(intent);
  tx.emit('charge.pending', charge);
  tx.emit('payment_intent.processing', intent);
  const dueAt = tx.now(intent) + plan.seconds;
  const data = { ends: plan.ends, ...(plan.decline === undefined ? {} : { decline: plan.decline }) };
  tx.schedule({ kind: 'async_settle', ref: intent.id, dueAt, clock: intent._clock ?? null, data });
  return settled(tx, { outcome: 'processing', intent, charge });
}

/** Also used where no bank was asked (`charged: false`): no charge then. */
export async function declinePayment(tx: Tx, input: AttemptInput & { decline: Decline; charged: boolean }): Promise<PaymentResult> {
  const { intent, paymentMethod, decline } = input;
  const charge = input.charged ? await recordCharge(tx, { ...input, result: { kind: 'failed', decline } }) : null;
  return rejectIntent(tx, { intent, paymentMethod, decline, charge });
}

/** The intent waits for another payment method; events charge.failed and payment_intent.payment_failed. */
export async function rejectIntent(
  tx: Tx,
  input: { intent: Doc; paymentMethod: Doc; decline: Decline; charge: Doc | null },
): Promise<PaymentResult> {
  const { intent, paymentMethod, decline, charge } = input;
  Object.assign(intent, { status: 'requires_payment_method', payment_method: null, next_action: null, processing: null });
  intent.last_payment_error = lastError({ decline, charge, paymentMethod });
  if (charge !== null) intent.latest_charge = charge.id;
  tx.put(intent);
  if (charge !== null) tx.emit('charge.failed', charge);
  tx.emit('payment_intent.payment_failed', intent);
  const result = await settled(tx, { outcome: 'failed', intent, charge });
  return { ...result, error: paymentDeclined({ decline, intent, charge, paymentMethod }) };
}

async function authorize(tx: Tx, input: AttemptInput): Promise<PaymentResult> {
  const { intent } = input;
  const charge = await recordCharge(tx, { ...input, result: { kind: 'authorized' } });
  const captureBefore = tx.now(intent) + AUTHORIZATION_DAYS * DAY;
  charge.payment_method_details.card.capture_before = captureBefore;
  Object.assign(intent, {
    status: 'requires_capture',
    amount_capturable: intent.amount,
    latest_charge: charge.id,
    last_payment_error: null,
  });
  tx.put(charge);
  tx.put(intent);
  tx.emit('charge.succeeded', charge);
  await keepMethod(tx, input);
  tx.emit('payment_intent.amount_capturable_updated', intent);
  tx.schedule({ kind: 'authorization_expire', ref: intent.id, dueAt: captureBefore, clock: intent._clock ?? null });
  return settled(tx, { outcome: 'requires_capture', intent, charge });
}

async function succeed(tx: Tx, input: AttemptInput, refundFails: boolean): Promise<PaymentResult> {
  const { intent } = input;
  const charge = await recordCharge(tx, { ...input, result: { kind: 'paid' } });
  if (refundFails) charge._refund = 'fails';
  return completeIntent(tx, { intent, paymentMethod: input.paymentMethod, charge });
}

/** The money is there: charge.succeeded, then the method is kept, then payment_intent.succeeded. The charge is settled already. */
export async function completeIntent(tx: Tx, input: { intent: Doc; paymentMethod: Doc; charge: Doc }): Promise<PaymentResult> {
  const { intent, charge } = input;
  Object.assign(intent, {
    status: 'succeeded',
    amount_received: charge.amount_captured,
    latest_charge: charge.id,
    last_payment_error: null,
    processing: null,
  });
  tx.put(charge);
  tx.put(intent);
  tx.emit('charge.succeeded', charge);
  await keepMethod(tx, input);
  tx.emit('payment_intent.succeeded', intent);
  return settled(tx, { outcome: 'succeeded', intent, charge });
}

/** With setup_future_usage the method stays with the customer; without, a method nobody owns is used up. */
async function keepMethod(tx: Tx, { intent, paymentMethod }: { intent: Doc; paymentMethod: Doc }): Promise<void> {
  const usage = futureUsage(intent, paymentMethod);
  if (usage === null) {
    if (paymentMethod.customer === null) paymentMethod._used_up = true;
    tx.put(paymentMethod);
    return;
  }
  if (usage === 'off_session') paymentMethod._set_up = true;
  tx.put(paymentMethod);
  if (paymentMethod.customer !== null || intent.customer === null) return;
  const customer = await tx.get(intent.customer, { object: 'customer' });
  if (customer !== undefined) await keepForCustomer(tx, { paymentMethod, customer });
}

async function settled(tx: Tx, result: PaymentResult): Promise<PaymentResult> {
  await tx.announce('payment_intent.settled', { intent: result.intent, outcome: result.outcome, charge: result.charge });
  return result;
}
