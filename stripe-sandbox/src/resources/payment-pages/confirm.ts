import { resolvePaymentMethod } from '../../billing/payments/index.ts';
import { recordMandate } from '../../billing/payments/mandate.ts';
import { invalidRequest, parameterMissing } from '../../kernel/errors.ts';
import type { ApiRequest, Doc, Tx } from '../../kernel/types.ts';
import type { Buyer } from '../checkout/buyer.ts';
import { paySession, wantsCard } from '../checkout/pay.ts';

/** Whoever pays on the page agrees to be debited. */
const CONSENT = { type: 'online', online: { ip_address: '127.0.0.1', user_agent: 'Stripe Sandbox' } };

/** Presses Pay on the page of an open session. `expected_amount` is what the buyer saw: another total refuses with 400 and nothing is charged. */
export async function confirmPaymentPage(rq: ApiRequest): Promise<Doc> {
  const { tx, params } = rq;
  const session = await tx.require('checkout.session', rq.path.session!);
  if (session.status !== 'open') throw invalidRequest(`This Checkout Session is ${session.status} and can no longer be paid.`);
  const total: number = session.amount_total ?? 0;
  if (params.expected_amount !== total) {
    throw invalidRequest(`The expected amount (${params.expected_amount}) does not match the total of the Checkout Session (${total}).`, {
      code: 'checkout_amount_mismatch',
      param: 'expected_amount',
    });
  }
  const method = await resolvePaymentMethod(tx, { id: params.payment_method });
  requireAllowed(session, method);
  const who = await buyerFrom(tx, session, method);
  if (method.type !== 'card' && method._mandate === undefined)
    recordMandate(tx, { intent: session, paymentMethod: method, acceptance: CONSENT });
  const result = await paySession(tx, { session, who, method: wantsCard(session) ? async () => method : null });
  if (result.error !== undefined) throw result.error;
  return tx.require('checkout.session', session.id);
}

function requireAllowed(session: Doc, method: Doc): void {
  const allowed: string[] | null = session.allowed_payment_method_types ?? null;
  if (allowed === null || allowed.includes(method.type)) return;
  throw invalidRequest(`This Checkout Session takes ${allowed.join(', ')}, not ${method.type}.`, { param: 'payment_method' });
}

/** Name and e-mail stand on the payment method, where the page would have asked for them. */
async function buyerFrom(tx: Tx, session: Doc, method: Doc): Promise<Buyer> {
  const customer = session.customer === null ? undefined : await tx.get(session.customer, { object: 'customer' });
  const { email, name } = method.billing_details;
  const found: string | null = email ?? session.customer_email ?? customer?.email ?? null;
  if (found === null) throw parameterMissing('payment_method_data[billing_details][email]');
  return { email: found, name: name ?? customer?.name ?? found };
}
