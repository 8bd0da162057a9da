/** Saving a payment method to a customer, and releasing it. */
import { cardOf, DECLINES, type Decline } from '../../cards/index.ts';
import { cardError, invalidRequest, type StripeError } from '../../kernel/errors.ts';
import type { Doc, Tx } from '../../kernel/types.ts';
import { resolvePaymentMethod } from './payment-method.ts';

/** Saves the method to the customer. Emits payment_method.attached. A plain decline card refuses with 402 and nothing is kept [S 3.12]. */
export async function attachPaymentMethod(tx: Tx, input: { paymentMethod: string; customer: Doc; status?: number }): Promise<Doc> {
  const { customer } = input;
  const paymentMethod = await resolvePaymentMethod(tx, {
    id: input.paymentMethod,
    of: customer,
    ...(input.status === undefined ? {} : { status: input.status }),
  });
  if (paymentMethod.customer === customer.id) return paymentMethod;
  if (paymentMethod.customer !== null) {
    throw invalidRequest('The payment method you provided has already been attached to a customer.', {
      code: 'payment_method_unexpected_state',
    });
  }
  const refused = paymentMethod.type === 'card' ? cardOf(paymentMethod).attach : undefined;
  if (refused !== undefined) throw attachRefused(DECLINES[refused]);
  await keepForCustomer(tx, { paymentMethod, customer });
  return paymentMethod;
}

/** Writes the attachment without asking the card: after a successful setup or payment. */
export async function keepForCustomer(tx: Tx, input: { paymentMethod: Doc; customer: Doc }): Promise<void> {
  const { paymentMethod, customer } = input;
  paymentMethod.customer = customer.id;
  paymentMethod._clock = customer._clock ?? null;
  tx.put(paymentMethod);
  tx.emit('payment_method.attached', paymentMethod);
  await tx.announce('payment_method.attached', { paymentMethod, customer });
}

/** Releases the method for good: it cannot be used again. Clears it where it was the customer's default. Emits payment_method.detached. */
export async function detachPaymentMethod(tx: Tx, input: { paymentMethod: Doc }): Promise<Doc> {
  const { paymentMethod } = input;
  const customerId: string | null = paymentMethod.customer;
  if (customerId === null) {
    throw invalidRequest('The payment method you provided is not attached to a customer so detachment is impossible.');
  }
  paymentMethod.customer = null;
  paymentMethod._used_up = true;
  tx.put(paymentMethod);
  tx.emit('payment_method.detached', paymentMethod, { previous: { customer: customerId } });
  const customer = await tx.get(customerId, { object: 'customer' });
  if (customer?.invoice_settings?.default_payment_method === paymentMethod.id) {
    customer.invoice_settings = { ...customer.invoice_settings, default_payment_method: null };
    tx.put(customer);
    tx.emit('customer.updated', customer);
  }
  await tx.announce('payment_method.detached', { paymentMethod, customer: customerId });
  return paymentMethod;
}

/** What a customer pays with when nothing more specific is set [S 3.7]. */
export function defaultPaymentMethod(customer: Doc): string | null {
  return customer.invoice_settings?.default_payment_method ?? customer.default_source ?? null;
}

/** `param` is the empty string in Stripe's own answer (recorded 14 times). */
function attachRefused(decline: Decline): StripeError {
  const { code, message, decline_code, advice_code, param } = decline;
  return cardError(
    {
      code,
      message,
      param: param ?? '',
      ...(decline_code === null ? {} : { decline_code }),
      ...(advice_code === null ? {} : { advice_code }),
    },
    { commit: false },
  );
}
