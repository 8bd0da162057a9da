import { z } from 'zod';
import type { PaymentDetail } from '../../../invoices/index.ts';
import type { InvoicePaymentInput } from '../../../payments/index.ts';
import { flag, instant, referenceOrNull } from './fields.ts';
import type { InvoiceFacts } from './invoice.ts';
import type { PaymentIntentFacts } from './payment-intent.ts';

/** One way an invoice is being paid; an invoice has several where attempts were replaced. */
export const invoicePaymentSchema = z.object({
  id: z.string(),
  created: instant,
  status: z.string(),
  is_default: flag,
  payment: z.object({ type: z.string(), payment_intent: referenceOrNull, charge: referenceOrNull }),
});
export type InvoicePaymentBody = z.output<typeof invoicePaymentSchema>;

/** The PaymentIntent that tells how an invoice's payment stands: the one that paid it, else the current one, else none. */
export function decidingIntent(payments: InvoicePaymentBody[]): string | null {
  const byIntent = payments.filter((payment) => payment.payment.payment_intent !== null);
  const newest = [...byIntent].sort((a, b) => Temporal.Instant.compare(b.created, a.created));
  const deciding =
    newest.find((payment) => payment.status === 'paid') ??
    newest.find((payment) => payment.is_default && payment.status !== 'canceled') ??
    newest.find((payment) => payment.status !== 'canceled');
  return deciding?.payment.payment_intent ?? null;
}

type Known = 'cause' | 'witnessAt' | 'silent' | 'connectionId' | 'invoiceId';
export type InvoicePaymentFacts = Omit<InvoicePaymentInput, Known>;

/**
 * How an invoice's payment stands now; null for drafts, which have none. A scan reads no PaymentIntents of paid invoices: `intent` is null
 * then, and the invoice's own status tells enough.
 */
export function toInvoicePayment(invoice: InvoiceFacts, intent: PaymentIntentFacts | null): InvoicePaymentFacts | null {
  if (invoice.status === 'draft') return null;
  const status = statusOf(invoice, intent);
  return {
    stripePaymentIntentId: intent?.stripeId ?? decidingIntent(invoice.payments),
    status,
    stripeStatus: intent?.stripeStatus ?? null,
    latestChargeId: intent?.latestChargeId ?? null,
    error: status === 'succeeded' ? null : (intent?.error ?? null),
    paymentMethod: intent?.paymentMethod ?? null,
    receiptUrl: intent?.receiptUrl ?? null,
    succeededAt: status === 'succeeded' ? (invoice.paidAt ?? intent?.succeededAt ?? invoice.issuedAt) : null,
    attemptCount: invoice.attemptCount,
    nextAttemptAt: invoice.nextAttemptAt,
    automatic: null,
  };
}

function statusOf(invoice: InvoiceFacts, intent: PaymentIntentFacts | null): PaymentDetail {
  if (invoice.stripeStatus === 'paid') return 'succeeded';
  if (invoice.paidAmount > 0n && invoice.remainingAmount > 0n) return 'partially_paid';
  if (!intent || intent.status === 'canceled') return 'pending';
  // The money arrived but the invoice has not noticed yet: the event of its being paid follows and tells.
  if (intent.status === 'succeeded') return 'processing';
  return intent.status;
}
