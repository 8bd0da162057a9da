import { invalidRequest, notEmulated, type StripeError } from '../../kernel/errors.ts';
import type { Doc, Tx } from '../../kernel/types.ts';
import { settlePaid } from './settle.ts';

const ATTACHABLE = ['requires_payment_method', 'requires_confirmation', 'requires_action', 'processing', 'succeeded'];

/**
 * Ties a PaymentIntent of one's own to an open invoice, for all or a part of it: at once when it has succeeded, else when it does
 * (docs.stripe.com/invoicing/partial-payments). Same currency and customer, at most what remains.
 */
export async function attachPaymentIntent(tx: Tx, input: { invoice: Doc; intent: Doc }): Promise<Doc> {
  const { invoice, intent } = input;
  const [known] = await tx.query({ object: 'invoice_payment', where: { payment_intent: intent.id, status: ['open', 'paid'] } });
  if (known?.invoice === invoice.id) return invoice;
  if (known !== undefined) throw notEmulated('A PaymentIntent of several invoices', 'payment_intent');
  check(invoice, intent);
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
  if (intent.status === 'succeeded') await settlePaid(tx, { invoice, payment, intent });
  return invoice;
}

function check(invoice: Doc, intent: Doc): void {
  if (invoice.status !== 'open') throw invalidRequest('You can only attach payments to open invoices.');
  if (intent.currency !== invoice.currency)
    throw refuse(`The currency of the PaymentIntent (${intent.currency}) differs from the invoice's.`);
  if (intent.customer !== invoice.customer) throw refuse('The customer of the PaymentIntent differs from the customer of the invoice.');
  if (!ATTACHABLE.includes(intent.status)) throw refuse(`A PaymentIntent with status ${intent.status} cannot be attached to an invoice.`);
  const amount = intent.status === 'succeeded' ? intent.amount_received : intent.amount;
  if (amount > invoice.amount_remaining) throw refuse(`The PaymentIntent's amount is greater than the amount remaining on the invoice.`);
  const automatic = invoice.parent?.subscription_details != null && invoice.collection_method === 'charge_automatically';
  if (automatic && amount < invoice.amount_remaining)
    throw refuse('Partial payments are not supported for subscription invoices that are charged automatically.');
}

function refuse(message: string): StripeError {
  return invalidRequest(message, { param: 'payment_intent' });
}
