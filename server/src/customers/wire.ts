import { z } from 'zod';
import { amountSchema, instantSchema } from '../kit/http.ts';
import { wireAddress, wirePaymentMethod } from './card.ts';
import type { Customer } from './customer.ts';
import { wireAmount, wireInstant } from './mirror.ts';

export const paymentMethodSchema = z
  .object({
    stripe_id: z.string(),
    type: z.string(),
    brand: z.string().nullable(),
    last4: z.string().nullable(),
    exp_month: z.number().int().nullable(),
    exp_year: z.number().int().nullable(),
    funding: z.string().nullable(),
  })
  .meta({ description: 'What is known of a saved payment method. Card numbers never enter this server.' });

const addressSchema = z.object({
  line1: z.string().nullable(),
  line2: z.string().nullable(),
  city: z.string().nullable(),
  state: z.string().nullable(),
  postal_code: z.string().nullable(),
  country: z.string().nullable(),
});

export const customerSchema = z
  .object({
    id: z.string(),
    object: z.literal('customer'),
    external_id: z.string().nullable(),
    name: z.string().nullable(),
    email: z.string().nullable(),
    phone: z.string().nullable(),
    billing_address: addressSchema.nullable(),
    tax_exempt: z.string(),
    locale: z.string().nullable(),
    time_zone: z.string().nullable(),
    currency: z.string().nullable(),
    balance_amount: amountSchema.describe('Minor units; negative is credit that the next invoice uses.'),
    payment_method: paymentMethodSchema.nullable(),
    metadata: z.record(z.string(), z.string()),
    status: z.enum(['active', 'archived']),
    origin: z.enum(['billow', 'stripe']),
    billing_id: z.string().nullable().describe('Id of the customer in Stripe.'),
    provider_customer_id: z.string().nullable().describe('The same as `billing_id`.'),
    deleted_in_stripe_at: instantSchema.nullable(),
    created_at: instantSchema,
    updated_at: instantSchema,
  })
  .meta({ id: 'Customer' });

/** A customer as the API answers it. */
export function wireCustomer(customer: Customer): z.input<typeof customerSchema> {
  return {
    id: customer.id,
    object: 'customer',
    external_id: customer.externalId,
    name: customer.name,
    email: customer.email,
    phone: customer.phone,
    billing_address: wireAddress(customer.billingAddress),
    tax_exempt: customer.taxExempt,
    locale: customer.locale,
    time_zone: customer.timeZone,
    currency: customer.currency,
    balance_amount: wireAmount(customer.balanceAmount),
    payment_method: wirePaymentMethod(customer.paymentMethod),
    metadata: customer.metadata,
    status: customer.status,
    origin: customer.origin,
    billing_id: customer.stripeId,
    provider_customer_id: customer.stripeId,
    deleted_in_stripe_at: wireInstant(customer.deletedInStripeAt),
    created_at: wireInstant(customer.createdAt),
    updated_at: wireInstant(customer.updatedAt),
  };
}
