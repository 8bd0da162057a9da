import { openPayment } from '../../billing/invoice/paid.ts';
import { settlePaid } from '../../billing/invoice/settle.ts';
import { cancelPaymentOf } from '../../billing/invoice/void.ts';
import { invalidRequest } from '../../kernel/errors.ts';
import type { ApiRequest, Doc } from '../../kernel/types.ts';

/** Ties a PaymentIntent of one's own to an open invoice; a succeeded one of the full amount pays it. Emits invoice_payment.paid then. */
export async function attachPayment(rq: ApiRequest): Promise<Doc> {
  const { tx, params } = rq;
  const invoice = await tx.require('invoice', rq.path.id!);
  if (invoice.status !== 'open') throw invalidRequest('You can only attach payments to open invoices.');
  if (params.payment_intent === undefined)
    throw invalidRequest('Missing required param: payment_intent.', { code: 'parameter_missing', param: 'payment_intent' });
  const intent = await tx.require('payment_intent', params.payment_intent, { param: 'payment_intent' });
  if (intent.currency !== invoice.currency)
    throw invalidRequest('The currency of the payment differs from the invoice.', { param: 'payment_intent' });
  const present = await openPayment(tx, invoice);
  if (present?.payment.payment_intent === intent.id) return invoice;
  const payment = tx.make(
    'invoice_payment',
    'inpay',
    {
      amount_paid: null,
      amount_requested: intent.amount,
      currency: invoice.currency,
      invoice: invoice.id,
      is_default: false,
      payment: { payment_intent: intent.id, type: 'payment_intent' },
      status: 'open',
      status_transitions: { canceled_at: null, paid_at: null },
    },
    invoice,
  );
  tx.put(payment);
  if (intent.status !== 'succeeded') return invoice;
  if (intent.amount_received < invoice.amount_remaining)
    throw invalidRequest('Payments of a part of an invoice are not emulated by the Stripe Sandbox.', {
      code: 'sandbox_not_emulated',
      param: 'payment_intent',
    });
  await settlePaid(tx, { invoice, payment, intent });
  // The payment that was to collect it is not needed any more.
  await cancelPaymentOf(tx, invoice);
  return invoice;
}
