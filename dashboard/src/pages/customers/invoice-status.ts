import type { Invoice } from '../../api/types.ts';

/** What people call an invoice's state: the payment decides once it is finalized. */
export function invoiceStatus({ status, payment_status: payment }: Pick<Invoice, 'status' | 'payment_status'>): string {
  if (status !== 'finalized' && status !== 'closed') return status;
  if (payment === 'succeeded') return 'paid';
  return status === 'finalized' && payment === 'failed' ? 'payment_failed' : status;
}
