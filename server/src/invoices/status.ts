import type { Transitions } from '../customers/index.ts';
import type { InvoiceStatus, PaymentDetail, PaymentStatus } from './invoice.ts';

/** The life of an invoice (billing.md section 6); equals the rows of `status_transitions`. */
export const INVOICE_TRANSITIONS: Transitions<InvoiceStatus> = {
  generating: ['draft', 'finalized', 'closed'],
  draft: ['finalized', 'voided'],
  finalized: ['voided'],
  closed: [],
  voided: [],
};

const PAYMENT_STATUS: Record<PaymentDetail, PaymentStatus> = {
  pending: 'pending',
  processing: 'pending',
  requires_action: 'pending',
  partially_paid: 'pending',
  unknown: 'pending',
  succeeded: 'succeeded',
  failed: 'failed',
};

/** The coarse word of three that lists and filters show. */
export function paymentStatusOf(detail: PaymentDetail): PaymentStatus {
  return PAYMENT_STATUS[detail];
}

/** I3: an invoice is paid exactly when it is issued and nothing is due any more. */
export function isSettled(invoice: { status: InvoiceStatus; remainingAmount: bigint }): boolean {
  return (invoice.status === 'finalized' || invoice.status === 'closed') && invoice.remainingAmount === 0n;
}
