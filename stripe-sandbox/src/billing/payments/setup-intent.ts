/** Creating, confirming and cancelling a SetupIntent. */
import type { Doc, Tx } from '../../kernel/types.ts';
import { attemptSetup } from './attempt-setup.ts';
import { usableMethod } from './create-payment-intent.ts';
import { refusedInState, wrongStatus } from './errors.ts';
import { recordMandate, requireMandate } from './mandate.ts';
import { requireAllowedType } from './method-types.ts';
import type { ConfirmSetupIntentInput, CreateSetupIntentInput, SetupResult } from './types.ts';

const SECRET_LENGTH = 31;
const OPEN = ['requires_payment_method', 'requires_confirmation', 'requires_action'] as const;

const MISSING_METHOD =
  "You cannot confirm this SetupIntent because it's missing a payment method. You can either update the SetupIntent with a payment method and then confirm it again, or confirm it again directly with a payment method.";

/** Stores the intent. Emits setup_intent.created. */
export async function createSetupIntent(tx: Tx, input: CreateSetupIntentInput): Promise<Doc> {
  const customer = input.customer ?? null;
  const paymentMethod = await usableMethod(tx, input.paymentMethod ?? null, customer);
  const intent = tx.make(
    'setup_intent',
    'seti',
    {
      automatic_payment_methods: input.automaticPaymentMethods ?? null,
      customer: customer?.id ?? null,
      description: input.description ?? null,
      flow_directions: null,
      metadata: input.metadata ?? {},
      payment_method: paymentMethod?.id ?? null,
      payment_method_options: { card: { mandate_options: null, network: null, request_three_d_secure: 'automatic' } },
      payment_method_types: input.paymentMethodTypes ?? input.fields?.allowed_payment_method_types ?? ['card'],
      status: paymentMethod === null ? 'requires_payment_method' : 'requires_confirmation',
      usage: input.usage ?? 'off_session',
      ...input.fields,
    },
    customer,
  );
  intent.client_secret = `${intent.id}_secret_${tx.secret(SECRET_LENGTH)}`;
  tx.put(intent);
  tx.emit('setup_intent.created', intent);
  return intent;
}

/** Saves the method to the customer, or asks for authentication, or declines (`error`). Throws when the status forbids it. */
export async function confirmSetupIntent(tx: Tx, input: ConfirmSetupIntentInput): Promise<SetupResult> {
  const { intent } = input;
  requireOpen(intent, 'confirm', 'confirmed');
  const customer = intent.customer === null ? null : ((await tx.get(intent.customer, { object: 'customer' })) ?? null);
  const paymentMethod = await usableMethod(tx, input.paymentMethod ?? intent.payment_method, customer);
  if (paymentMethod === null) throw refusedInState(intent, MISSING_METHOD);
  requireAllowedType(intent, paymentMethod);
  const acceptance = input.acceptance ?? null;
  if (paymentMethod.type !== 'card') requireMandate(paymentMethod, acceptance);
  if (acceptance !== null) intent.mandate = recordMandate(tx, { intent, paymentMethod, acceptance }).id;
  return attemptSetup(tx, { intent, paymentMethod, authenticated: false, returnUrl: input.returnUrl ?? null });
}

/** Ends the intent. Emits setup_intent.canceled, announces settled. */
export async function cancelSetupIntent(tx: Tx, input: { intent: Doc; reason?: string | null }): Promise<Doc> {
  const { intent } = input;
  requireOpen(intent, 'cancel', 'canceled');
  Object.assign(intent, { status: 'canceled', cancellation_reason: input.reason ?? null, next_action: null });
  tx.put(intent);
  tx.emit('setup_intent.canceled', intent);
  await tx.announce('setup_intent.settled', { intent, outcome: 'canceled' });
  return intent;
}

/** Refuses an intent that has come to its end. */
export function requireOpen(intent: Doc, verb: string, participle: string): void {
  if (!(OPEN as readonly string[]).includes(intent.status)) throw wrongStatus(intent, verb, participle, OPEN);
}
