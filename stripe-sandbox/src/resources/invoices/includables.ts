import type { Doc, Includable, Tx } from '../../kernel/types.ts';
import { embeddedList } from '../../kernel/values.ts';

/** Fields of an invoice that exist only when expanded. */
export const invoiceIncludables: Record<string, Includable> = {
  payments: async (tx, invoice) => ({ ...embeddedList(await paymentsOf(tx, invoice), '/v1/invoices/payments') }),
  confirmation_secret: confirmationSecret,
  amount_paid_off_stripe: async (_tx, invoice) => invoice._off_stripe ?? 0,
};

async function paymentsOf(tx: Tx, invoice: Doc): Promise<Doc[]> {
  return tx.query({ object: 'invoice_payment', where: { invoice: invoice.id }, order: 'oldest' });
}

/** The client secret of the PaymentIntent that collects the invoice; null on drafts and where nothing is due. */
async function confirmationSecret(tx: Tx, invoice: Doc): Promise<{ client_secret: string; type: string } | null> {
  const payment = (await paymentsOf(tx, invoice)).find((one) => one.is_default);
  const intent = payment === undefined ? undefined : await tx.get(payment.payment.payment_intent, { object: 'payment_intent' });
  return intent === undefined ? null : { client_secret: intent.client_secret, type: 'payment_intent' };
}
