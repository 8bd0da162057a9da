/** One attempt to set a payment method up for later use. */
import { cardOf, type Decline } from '../../cards/index.ts';
import type { Doc, Params, Tx } from '../../kernel/types.ts';
import { keepForCustomer } from './attach-payment-method.ts';
import { ASKED_FOR, decideDebitSetup, decideSetup } from './decide.ts';
import { lastError, setupDeclined } from './errors.ts';
import { nextAction } from './next-action.ts';
import type { SetupResult } from './types.ts';

export type SetupAttemptInput = { intent: Doc; paymentMethod: Doc; authenticated: boolean; returnUrl: string | null };

/** Emits setup_intent.requires_action, .succeeded (after payment_method.attached) or .setup_failed, and announces setup_intent.settled. */
export async function attemptSetup(tx: Tx, input: SetupAttemptInput): Promise<SetupResult> {
  const { intent, paymentMethod } = input;
  const order = input.authenticated ? null : await tx.takeOutcome({ customer: intent.customer, paymentMethod: paymentMethod.id });
  intent.payment_method = paymentMethod.id;
  intent.next_action = null;
  const requested = ASKED_FOR.includes(intent.payment_method_options?.card?.request_three_d_secure);
  const attempt =
    paymentMethod.type === 'card'
      ? decideSetup({ card: cardOf(paymentMethod), order, authenticated: input.authenticated, requested })
      : decideDebitSetup(order);
  if (attempt.kind === 'requires_action') return askForAction(tx, input);
  if (attempt.kind === 'decline') return declineSetup(tx, { ...input, decline: attempt.decline });
  return succeed(tx, input);
}

/** The intent waits for another method. */
export async function declineSetup(tx: Tx, input: { intent: Doc; paymentMethod: Doc; decline: Decline }): Promise<SetupResult> {
  const { intent, paymentMethod, decline } = input;
  const error = lastError({ decline, charge: null, paymentMethod });
  recordAttempt(tx, { ...input, authenticated: false, status: 'failed', error });
  Object.assign(intent, { status: 'requires_payment_method', payment_method: null, next_action: null, last_setup_error: error });
  tx.put(intent);
  tx.emit('setup_intent.setup_failed', intent);
  const result = await settled(tx, { outcome: 'failed', intent });
  return { ...result, error: setupDeclined({ decline, intent, paymentMethod }) };
}

async function askForAction(tx: Tx, input: SetupAttemptInput): Promise<SetupResult> {
  const { intent, returnUrl } = input;
  recordAttempt(tx, { ...input, status: 'requires_action', error: null });
  intent.status = 'requires_action';
  intent.next_action = nextAction(tx, { intent, returnUrl });
  tx.put(intent);
  tx.emit('setup_intent.requires_action', intent);
  return settled(tx, { outcome: 'requires_action', intent });
}

async function succeed(tx: Tx, input: SetupAttemptInput): Promise<SetupResult> {
  const { intent, paymentMethod } = input;
  recordAttempt(tx, { ...input, status: 'succeeded', error: null });
  Object.assign(intent, { status: 'succeeded', last_setup_error: null });
  if (intent.usage === 'off_session') paymentMethod._set_up = true;
  tx.put(paymentMethod);
  tx.put(intent);
  const customer = intent.customer === null ? undefined : await tx.get(intent.customer, { object: 'customer' });
  if (customer !== undefined && paymentMethod.customer === null) await keepForCustomer(tx, { paymentMethod, customer });
  tx.emit('setup_intent.succeeded', intent);
  return settled(tx, { outcome: 'succeeded', intent });
}

type AttemptRecord = { intent: Doc; paymentMethod: Doc; authenticated: boolean; status: string; error: Params | null };

/** A confirmation and the return from its authentication are one attempt. */
function recordAttempt(tx: Tx, record: AttemptRecord): void {
  const { intent, paymentMethod } = record;
  const attempt = tx.make(
    'setup_attempt',
    'setatt',
    {
      customer: intent.customer,
      payment_method: paymentMethod.id,
      payment_method_details: paymentMethod.type === 'card' ? cardDetails(record) : { sepa_debit: {}, type: 'sepa_debit' },
      setup_error: record.error,
      setup_intent: intent.id,
      status: record.status,
      usage: intent.usage,
      _ref: intent.id,
    },
    intent,
  );
  tx.put(attempt);
  intent.latest_attempt = attempt.id;
}

function cardDetails({ paymentMethod, authenticated }: AttemptRecord): Params {
  const { brand, checks, country, exp_month, exp_year, fingerprint, funding, last4 } = paymentMethod.card;
  const card = {
    brand,
    checks,
    country,
    exp_month,
    exp_year,
    fingerprint,
    funding,
    last4,
    network: brand,
    three_d_secure: authenticated ? authenticatedDetails() : null,
    wallet: null,
  };
  return { card, type: 'card' };
}

function authenticatedDetails(): Params {
  return {
    authentication_flow: 'challenge',
    electronic_commerce_indicator: '05',
    result: 'authenticated',
    result_reason: null,
    transaction_id: null,
    version: '2.2.0',
  };
}

async function settled(tx: Tx, result: SetupResult): Promise<SetupResult> {
  const { intent, outcome } = result;
  if (outcome !== 'processing') await tx.announce('setup_intent.settled', { intent, outcome });
  return result;
}
