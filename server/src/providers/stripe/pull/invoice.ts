import { z } from 'zod';
import type { InvoiceInput, InvoiceKind } from '../../../invoices/index.ts';
import {
  amount,
  amountOrZero,
  count,
  currency,
  embedded,
  instant,
  instantOrNull,
  metadata,
  reference,
  referenceOrNull,
  sumOf,
  text,
} from './fields.ts';
import { lineSchema, toLine } from './invoice-line.ts';
import { type InvoicePaymentBody, invoicePaymentSchema } from './invoice-payment.ts';
import { read, requireDistinct } from './unreadable.ts';

const schema = z.object({
  id: z.string(),
  customer: reference,
  created: instant,
  currency,
  number: text,
  status: z.enum(['draft', 'open', 'paid', 'uncollectible', 'void']),
  billing_reason: text,
  collection_method: z.enum(['charge_automatically', 'send_invoice']),
  period_start: instantOrNull,
  period_end: instantOrNull,
  effective_at: instantOrNull,
  due_date: instantOrNull,
  status_transitions: z.object({ finalized_at: instantOrNull, paid_at: instantOrNull, marked_uncollectible_at: instantOrNull }),
  subtotal: amount,
  total: amount,
  total_discount_amounts: z.array(z.object({ amount })).nullish(),
  total_taxes: z.array(z.object({ amount })).nullish(),
  amount_due: amount,
  amount_paid: amount,
  amount_remaining: amountOrZero,
  hosted_invoice_url: text,
  invoice_pdf: text,
  attempt_count: count,
  next_payment_attempt: instantOrNull,
  parent: z.object({ subscription_details: z.object({ subscription: referenceOrNull }).nullish() }).nullish(),
  lines: embedded(lineSchema),
  payments: embedded(invoicePaymentSchema).nullish(),
  metadata,
});
type Body = z.output<typeof schema>;

type Known = 'cause' | 'witnessAt' | 'silent' | 'connectionId' | 'customerId' | 'subscriptionId';
export type InvoiceFacts = Omit<InvoiceInput, Known> & {
  stripeCustomerId: string;
  stripeSubscriptionId: string | null;
  payments: InvoicePaymentBody[];
};

/** A Stripe invoice in our words: draft→draft, open, paid and uncollectible→finalized, void→voided (model.md 9). */
export function toInvoice(body: unknown): InvoiceFacts {
  const invoice = read('invoice', schema, body);
  requireDistinct('invoice.lines', invoice.lines.data);
  const payments = invoice.payments?.data ?? [];
  return {
    stripeId: invoice.id,
    stripeCustomerId: invoice.customer,
    stripeSubscriptionId: invoice.parent?.subscription_details?.subscription ?? null,
    number: invoice.number,
    kind: KIND[invoice.billing_reason ?? ''] ?? 'one_off',
    stripeStatus: invoice.status,
    status: invoice.status === 'draft' ? 'draft' : invoice.status === 'void' ? 'voided' : 'finalized',
    billingReason: invoice.billing_reason ?? 'manual',
    collectionMethod: invoice.collection_method,
    currency: invoice.currency,
    periodStart: invoice.period_start,
    periodEnd: invoice.period_end,
    issuedAt: invoice.effective_at ?? invoice.status_transitions.finalized_at,
    dueAt: invoice.due_date,
    paidAt: invoice.status_transitions.paid_at,
    subtotalAmount: invoice.subtotal,
    discountAmount: sumOf(invoice.total_discount_amounts),
    taxAmount: sumOf(invoice.total_taxes),
    totalAmount: invoice.total,
    paidAmount: invoice.amount_paid,
    remainingAmount: invoice.amount_remaining,
    outOfBand: isOutOfBand(invoice, payments),
    hostedUrl: invoice.hosted_invoice_url,
    pdfUrl: invoice.invoice_pdf,
    uncollectibleAt: invoice.status === 'uncollectible' ? invoice.status_transitions.marked_uncollectible_at : null,
    attemptCount: invoice.attempt_count,
    nextAttemptAt: invoice.next_payment_attempt,
    metadata: invoice.metadata,
    createdAt: invoice.created,
    lines: invoice.lines.data.map(toLine),
    payments,
  };
}

const KIND: Record<string, InvoiceKind> = {
  subscription: 'subscription',
  subscription_create: 'subscription',
  subscription_cycle: 'subscription',
  subscription_threshold: 'subscription',
  subscription_update: 'subscription_change',
};

/** Since basil an invoice does not say so itself: it is paid, money was due, and no payment through Stripe brought it. */
function isOutOfBand(invoice: Body, payments: InvoicePaymentBody[]): boolean {
  if (invoice.status !== 'paid' || invoice.amount_due <= 0n || !invoice.payments) return false;
  return !payments.some((payment) => payment.status === 'paid' && payment.payment.type !== 'payment_record');
}
