/** A session comes to its end when its intent does: on the page, after the bank's page, or much later for slow payments. */
import { createSubscription } from '../../billing/subscription/index.ts';
import type { Doc, HookListeners, PaymentOutcome, Tx } from '../../kernel/types.ts';
import { countRedemption } from './discounts.ts';
import { customerDetails } from './session-fields.ts';
import { subscriptionParams } from './subscription-params.ts';

/** How the money stands at completion; `free`: nothing was due. */
type Completion = { session: Doc; outcome: 'paid' | 'processing' | 'uncaptured' | 'free'; customer?: Doc | null };

export const checkoutHooks: HookListeners = {
  'payment_intent.settled': async (tx, { intent, outcome }) => {
    const session = await sessionOf(tx, intent);
    if (session?.status === 'open') await completeAfterPayment(tx, { session, outcome });
    else if (session?.status === 'complete' && session._processing === true) await settleLate(tx, { session, outcome });
  },
  'setup_intent.settled': async (tx, { intent, outcome }) => {
    const session = await sessionOf(tx, intent);
    if (session?.status === 'open' && outcome === 'succeeded') await completeSession(tx, { session, outcome: 'free' });
  },
};

/** Open → complete. In subscription mode without a payment the subscription starts now. Emits checkout.session.completed. */
export async function completeSession(tx: Tx, input: Completion): Promise<void> {
  const { session, outcome } = input;
  const customerId: string | null = session.customer ?? session._customer ?? null;
  const customer = customerId === null ? null : await tx.require('customer', customerId);
  if (session.mode === 'subscription' && session._subscription === undefined) await startFree(tx, session, customer!);
  if (session.mode === 'payment') await countRedemption(tx, session);
  const subscription = session._subscription === undefined ? null : await tx.require('subscription', session._subscription);
  Object.assign(session, {
    status: 'complete',
    url: null,
    payment_status: { paid: 'paid', processing: 'unpaid', uncaptured: 'unpaid', free: 'no_payment_required' }[outcome],
    customer: customerId,
    customer_details: customerDetails({
      email: customer?.email ?? session._buyer?.email ?? null,
      name: session._buyer?.name ?? null,
      customer,
    }),
    payment_intent: session._intent ?? null,
    subscription: subscription?.id ?? null,
    invoice: subscription?.latest_invoice ?? null,
    ...(outcome === 'processing' ? { _processing: true } : {}),
  });
  tx.put(session);
  tx.cancelTimers(session.id, 'checkout_expire');
  tx.emit('checkout.session.completed', session);
}

async function startFree(tx: Tx, session: Doc, customer: Doc): Promise<void> {
  const setup = session._ref === undefined ? undefined : await tx.get(session._ref, { object: 'setup_intent' });
  const card = setup?.payment_method == null ? {} : { default_payment_method: setup.payment_method };
  session._subscription = (await createSubscription(tx, { ...subscriptionParams(session, customer), ...card })).id;
}

async function completeAfterPayment(tx: Tx, input: { session: Doc; outcome: PaymentOutcome }): Promise<void> {
  const { session, outcome } = input;
  if (outcome === 'succeeded') await completeSession(tx, { session, outcome: 'paid' });
  if (outcome === 'processing') await completeSession(tx, { session, outcome: 'processing' });
  if (outcome === 'requires_capture') await completeSession(tx, { session, outcome: 'uncaptured' });
}

/** A payment that was under way at completion has ended. */
async function settleLate(tx: Tx, input: { session: Doc; outcome: PaymentOutcome }): Promise<void> {
  const { session, outcome } = input;
  if (outcome !== 'succeeded' && outcome !== 'failed') return;
  delete session._processing;
  if (outcome === 'succeeded') session.payment_status = 'paid';
  tx.put(session);
  tx.emit(outcome === 'succeeded' ? 'checkout.session.async_payment_succeeded' : 'checkout.session.async_payment_failed', session);
}

function sessionOf(tx: Tx, intent: Doc): Promise<Doc | undefined> {
  return tx.first({ object: 'checkout.session', where: { ref: intent.id } });
}
