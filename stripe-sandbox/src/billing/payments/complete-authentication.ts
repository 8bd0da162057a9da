/** The customer comes back from the 3DS page. */
import type { Decline } from '../../cards/index.ts';
import type { Doc, Tx } from '../../kernel/types.ts';
import { attemptPayment, declinePayment } from './attempt-payment.ts';
import { attemptSetup, declineSetup } from './attempt-setup.ts';
import { wrongStatus } from './errors.ts';
import type { PaymentResult, SetupResult } from './types.ts';

const NOT_AUTHENTICATED = 'We are unable to authenticate your payment method. Please choose a different payment method and try again.';

/**
 * Goes on with a PaymentIntent or SetupIntent in `requires_action`: authenticated, the card is charged or saved (it may still be declined);
 * not authenticated, it waits for another method (`…_authentication_failure`). With manual confirmation it waits for its server.
 */
export async function completeAuthentication(tx: Tx, input: { intent: Doc; succeed: boolean }): Promise<PaymentResult | SetupResult> {
  const { intent, succeed } = input;
  if (intent.status !== 'requires_action') throw wrongStatus(intent, 'authenticate', 'authenticated', ['requires_action']);
  const paymentMethod = await tx.require('payment_method', intent.payment_method);
  if (intent.object === 'setup_intent') {
    return succeed
      ? attemptSetup(tx, { intent, paymentMethod, authenticated: true, returnUrl: null })
      : declineSetup(tx, { intent, paymentMethod, decline: authenticationFailure(intent) });
  }
  const attempt = { intent, paymentMethod, offSession: false, authenticated: true, errorOnRequiresAction: false, returnUrl: null };
  if (succeed) return intent.confirmation_method === 'manual' ? awaitServer(tx, intent) : attemptPayment(tx, attempt);
  return declinePayment(tx, { ...attempt, decline: authenticationFailure(intent), charged: false });
}

/** Manual confirmation: the proof is kept and the server confirms once more (docs.stripe.com/payments/build-a-two-step-confirmation). No event. */
function awaitServer(tx: Tx, intent: Doc): PaymentResult {
  Object.assign(intent, { status: 'requires_confirmation', next_action: null, _authenticated: intent.payment_method });
  tx.put(intent);
  return { outcome: 'requires_action', intent, charge: null };
}

function authenticationFailure(intent: Doc): Decline {
  return { code: `${intent.object}_authentication_failure`, decline_code: null, message: NOT_AUTHENTICATED, advice_code: null };
}
