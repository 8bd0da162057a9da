import type { Ctx } from '../kit/context.ts';
import type { Invoice, PaymentDetail } from './invoice.ts';
import { updateInvoice } from './queries.ts';
import { isSettled, paymentStatusOf } from './status.ts';

/**
 * Shows on a locked invoice how its payment stands. The payments room announces what it means; nothing is announced here.
 * `succeeded` needs nothing left to pay (I3).
 */
export async function setPaymentState(tx: Ctx, a: { invoice: Invoice; detail: PaymentDetail }): Promise<Invoice> {
  const { invoice, detail } = a;
  if (invoice.paymentDetail === detail) return invoice;
  if (isSettled(invoice) !== (detail === 'succeeded')) {
    throw new Error(`${invoice.id}: payment ${detail} with ${invoice.remainingAmount} remaining on a ${invoice.status} invoice`);
  }
  return updateInvoice(tx, invoice, { paymentDetail: detail, paymentStatus: paymentStatusOf(detail) });
}
