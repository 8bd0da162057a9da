import { z } from 'zod';
import { wireAmount, wireInstant } from '../customers/index.ts';
import { amountSchema, instantSchema } from '../kit/http.ts';
import type { Invoice, InvoiceLine } from './invoice.ts';

const lineSchema = z.object({
  id: z.string(),
  kind: z.string(),
  description: z.string().nullable(),
  stripe_product_id: z.string().nullable(),
  stripe_price_id: z.string().nullable(),
  subscription_item_id: z.string().nullable(),
  service_start: instantSchema.nullable(),
  service_end: instantSchema.nullable(),
  quantity: z.string().nullable(),
  unit_amount_decimal: z.string().nullable(),
  amount: amountSchema,
  discount_amount: amountSchema,
  tax_amount: amountSchema,
});

export const statusSchema = z.enum(['generating', 'draft', 'finalized', 'closed', 'voided']);
export const paymentStatusSchema = z.enum(['pending', 'succeeded', 'failed']);

export const invoiceSchema = z
  .object({
    id: z.string(),
    object: z.literal('invoice'),
    number: z.string().nullable(),
    biller: z.enum(['stripe', 'billow']),
    kind: z.string(),
    customer_id: z.string(),
    subscription_id: z.string().nullable(),
    currency: z.string(),
    status: statusSchema,
    payment_status: paymentStatusSchema,
    payment_detail: z.enum(['pending', 'processing', 'requires_action', 'succeeded', 'failed', 'partially_paid', 'unknown']),
    billing_reason: z.string(),
    collection_method: z.string(),
    period_start: instantSchema.nullable(),
    period_end: instantSchema.nullable(),
    issued_at: instantSchema.nullable(),
    due_at: instantSchema.nullable(),
    paid_at: instantSchema.nullable(),
    subtotal_amount: amountSchema,
    discount_amount: amountSchema,
    tax_amount: amountSchema,
    total_amount: amountSchema,
    paid_amount: amountSchema,
    credited_amount: amountSchema,
    remaining_amount: amountSchema,
    returned_amount: amountSchema,
    out_of_band: z.boolean().describe('Marked as paid by other means than Stripe.'),
    hosted_url: z.string().nullable(),
    pdf_url: z.string().nullable(),
    uncollectible_at: instantSchema.nullable(),
    attempt_count: z.number().int(),
    next_attempt_at: instantSchema.nullable(),
    metadata: z.record(z.string(), z.string()),
    billing_id: z.string().nullable().describe('Id of the invoice in Stripe.'),
    created_at: instantSchema,
    updated_at: instantSchema,
  })
  .meta({ id: 'Invoice' });

export const invoiceWithLinesSchema = invoiceSchema.extend({ lines: z.array(lineSchema) }).meta({ id: 'InvoiceWithLines' });

/** An invoice as the API answers it, without its lines. */
export function wireInvoice(invoice: Invoice): z.input<typeof invoiceSchema> {
  return {
    id: invoice.id,
    object: 'invoice',
    number: invoice.number,
    biller: invoice.biller,
    kind: invoice.kind,
    customer_id: invoice.customerId,
    subscription_id: invoice.subscriptionId,
    currency: invoice.currency,
    status: invoice.status,
    payment_status: invoice.paymentStatus,
    payment_detail: invoice.paymentDetail,
    billing_reason: invoice.billingReason,
    collection_method: invoice.collectionMethod,
    period_start: wireInstant(invoice.periodStart),
    period_end: wireInstant(invoice.periodEnd),
    issued_at: wireInstant(invoice.issuedAt),
    due_at: wireInstant(invoice.dueAt),
    paid_at: wireInstant(invoice.paidAt),
    subtotal_amount: wireAmount(invoice.subtotalAmount),
    discount_amount: wireAmount(invoice.discountAmount),
    tax_amount: wireAmount(invoice.taxAmount),
    total_amount: wireAmount(invoice.totalAmount),
    paid_amount: wireAmount(invoice.paidAmount),
    credited_amount: wireAmount(invoice.creditedAmount),
    remaining_amount: wireAmount(invoice.remainingAmount),
    returned_amount: wireAmount(invoice.returnedAmount),
    out_of_band: invoice.outOfBand,
    hosted_url: invoice.hostedUrl,
    pdf_url: invoice.pdfUrl,
    uncollectible_at: wireInstant(invoice.uncollectibleAt),
    attempt_count: invoice.attemptCount,
    next_attempt_at: wireInstant(invoice.nextAttemptAt),
    metadata: invoice.metadata,
    billing_id: invoice.stripeId,
    created_at: wireInstant(invoice.createdAt),
    updated_at: wireInstant(invoice.updatedAt),
  };
}

/** A line of an invoice as the API answers it. */
export function wireLine(line: InvoiceLine): z.input<typeof lineSchema> {
  return {
    id: line.id,
    kind: line.kind,
    description: line.description,
    stripe_product_id: line.stripeProductId,
    stripe_price_id: line.stripePriceId,
    subscription_item_id: line.subscriptionItemId,
    service_start: wireInstant(line.serviceStart),
    service_end: wireInstant(line.serviceEnd),
    quantity: line.quantity,
    unit_amount_decimal: line.unitAmountDecimal,
    amount: wireAmount(line.amount),
    discount_amount: wireAmount(line.discountAmount),
    tax_amount: wireAmount(line.taxAmount),
  };
}
