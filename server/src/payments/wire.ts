import { z } from 'zod';
import { paymentMethodSchema, wireAmount, wireInstant, wirePaymentMethod } from '../customers/index.ts';
import { amountSchema, instantSchema } from '../kit/http.ts';
import type { Payment, Refund } from './payment.ts';

export const paymentStatusSchema = z.enum(['pending', 'processing', 'requires_action', 'succeeded', 'failed', 'partially_paid', 'unknown']);
export const refundStatusSchema = z.enum(['planned', 'pending', 'requires_action', 'succeeded', 'failed', 'canceled', 'unknown']);

export const paymentSchema = z
  .object({
    id: z.string(),
    object: z.literal('payment'),
    invoice_id: z.string().nullable(),
    customer_id: z.string().nullable(),
    status: paymentStatusSchema,
    amount: amountSchema,
    currency: z.string(),
    description: z.string().nullable(),
    automatic: z.boolean().describe('Charged by a schedule, without the customer present.'),
    attempt_count: z.number().int(),
    error: z.object({ code: z.string().nullable(), decline_code: z.string().nullable(), advice_code: z.string().nullable() }).nullable(),
    payment_method: paymentMethodSchema.nullable(),
    next_retry_at: instantSchema.nullable(),
    succeeded_at: instantSchema.nullable(),
    receipt_url: z.string().nullable(),
    billing_id: z.string().nullable().describe('Id of the PaymentIntent in Stripe.'),
    stripe_charge_id: z.string().nullable(),
    created_at: instantSchema,
    updated_at: instantSchema,
  })
  .meta({ id: 'Payment' });

/** A payment as the API answers it. */
export function wirePayment(payment: Payment): z.input<typeof paymentSchema> {
  const error = payment.lastError;
  return {
    id: payment.id,
    object: 'payment',
    invoice_id: payment.invoiceId,
    customer_id: payment.customerId,
    status: payment.status,
    amount: wireAmount(payment.amount),
    currency: payment.currency,
    description: payment.description,
    automatic: payment.automatic,
    attempt_count: payment.attemptCount,
    error: error && { code: error.code, decline_code: error.declineCode, advice_code: error.adviceCode },
    payment_method: wirePaymentMethod(payment.paymentMethod),
    next_retry_at: wireInstant(payment.nextRetryAt),
    succeeded_at: wireInstant(payment.succeededAt),
    receipt_url: payment.receiptUrl,
    billing_id: payment.stripeId,
    stripe_charge_id: payment.latestChargeId,
    created_at: wireInstant(payment.createdAt),
    updated_at: wireInstant(payment.updatedAt),
  };
}

export const refundSchema = z
  .object({
    id: z.string(),
    object: z.literal('refund'),
    payment_id: z.string().nullable(),
    invoice_id: z.string().nullable(),
    customer_id: z.string().nullable(),
    amount: amountSchema,
    payment_amount: amountSchema.nullable().describe('Of the payment it returns.'),
    currency: z.string(),
    reason: z.string().nullable(),
    method: z.string().nullable(),
    status: refundStatusSchema,
    origin: z.enum(['billow', 'stripe']),
    failure_reason: z.string().nullable(),
    billing_id: z.string().nullable().describe('Id of the refund in Stripe.'),
    stripe_charge_id: z.string().nullable(),
    created_at: instantSchema,
    updated_at: instantSchema,
  })
  .meta({ id: 'Refund' });

/** A refund as the API answers it. */
export function wireRefund(refund: Refund): z.input<typeof refundSchema> {
  return {
    id: refund.id,
    object: 'refund',
    payment_id: refund.paymentId,
    invoice_id: refund.invoiceId,
    customer_id: refund.customerId,
    amount: wireAmount(refund.amount),
    payment_amount: refund.paymentAmount === null ? null : wireAmount(refund.paymentAmount),
    currency: refund.currency,
    reason: refund.reason,
    method: refund.method,
    status: refund.status,
    origin: refund.origin,
    failure_reason: refund.failureReason,
    billing_id: refund.stripeId,
    stripe_charge_id: refund.stripeChargeId,
    created_at: wireInstant(refund.createdAt),
    updated_at: wireInstant(refund.updatedAt),
  };
}
