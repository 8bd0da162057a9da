/** A session comes to its end when its intent does: on the page, after the bank's page, or much later for slow payments. */
import { createSubscription } from '../../billing/subscription/index.ts';
import type { Doc, HookListeners, Params, PaymentOutcome, Tx } from '../../kernel/types.ts';
import { linkCompleted } from '../payment-links/limit.ts';
import type { Buyer } from './buyer.ts';
import { countRedemption } from './discounts.ts';
import { invoicePurchase, wantsInvoice } from './invoice.ts';
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
  if (session.mode === 'payment' && !wantsInvoice(session)) await countRedemption(tx, session);
  const subscription = session._subscription === undefined ? null : await tx.require('subscription', session._subscription);
  const invoice = outcome === 'processing' ? null : await invoiceOf(tx, session, customer);
  Object.assign(session, {
    status: 'complete',
    url: null,
    payment_status: { paid: 'paid', processing: 'unpaid', uncaptured: 'unpaid', free: 'no_payment_required' }[outcome],
    customer: customerId,
    customer_details: customerDetails({ buyer: session._buyer ?? {}, customer }),
    ...answersOf(session),
    payment_intent: session._intent ?? null,
    subscription: subscription?.id ?? null,
    invoice: subscription?.latest_invoice ?? invoice,
    ...(outcome === 'processing' ? { _processing: true } : {}),
  });
  tx.put(session);
  tx.cancelTimers(session.id, 'checkout_expire');
  tx.emit('checkout.session.completed', session);
  await linkCompleted(tx, session);
}

/** Post-purchase invoice of payment mode; null where none is wanted. */
async function invoiceOf(tx: Tx, session: Doc, customer: Doc | null): Promise<string | null> {
  if (session.mode !== 'payment' || !wantsInvoice(session) || customer === null) return null;
  const intent = session._intent === undefined ? null : await tx.require('payment_intent', session._intent);
  return (await invoicePurchase(tx, { session, customer, intent })).id;
}

/** What the buyer answered, where it was asked. */
function answersOf(session: Doc): Params {
  const buyer: Partial<Buyer> = session._buyer ?? {};
  const answers: Params = {
    collected_information: {
      business_name: buyer.business_name ?? null,
      individual_name: buyer.individual_name ?? null,
      shipping_details: buyer.shipping === undefined ? null : { address: buyer.shipping.address, name: buyer.shipping.name },
    },
    custom_fields: (session.custom_fields as Params[]).map((field) => ({
      ...field,
      [field.type]: { ...field[field.type], value: buyer.custom?.[field.key] ?? null },
    })),
  };
  if (session.consent_collection !== null) {
    const { terms_of_service: terms } = session.consent_collection;
    answers.consent = { promotions: buyer.promotions ?? null, terms_of_service: terms === 'required' ? 'accepted' : null };
  }
  return answers;
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
  if (outcome === 'succeeded') {
    session.payment_status = 'paid';
    const customer = session.customer === null ? null : await tx.require('customer', session.customer);
    session.invoice = session.invoice ?? (await invoiceOf(tx, session, customer));
  }
  tx.put(session);
  tx.emit(outcome === 'succeeded' ? 'checkout.session.async_payment_succeeded' : 'checkout.session.async_payment_failed', session);
}

function sessionOf(tx: Tx, intent: Doc): Promise<Doc | undefined> {
  return tx.first({ object: 'checkout.session', where: { ref: intent.id } });
}
