import { z } from 'zod';
import type { CustomerReport } from '../../../customers/index.ts';
import { amountOrZero, filledText, instant, metadata, text } from './fields.ts';
import { paymentMethodSchema, toPaymentMethod } from './payment-method.ts';
import { read } from './unreadable.ts';

const address = z.object({ line1: text, line2: text, city: text, state: text, postal_code: text, country: text });
/** Expanded or, where Stripe refuses to expand, the bare id of a method we then know nothing else about. */
const method = z.union([z.string(), paymentMethodSchema]).nullish();

const schema = z.object({
  id: z.string(),
  created: instant,
  name: filledText,
  email: filledText,
  phone: filledText,
  preferred_locales: z.array(z.string()).nullish(),
  address: address.nullish(),
  currency: text,
  balance: amountOrZero,
  tax_exempt: z.string().nullish(),
  metadata,
  invoice_settings: z.object({ default_payment_method: method }).nullish(),
  default_source: method,
});

/** A Stripe customer in our words. The default payment method is the one invoices would use. */
export function toCustomer(body: unknown): Omit<CustomerReport, 'connectionId'> {
  const customer = read('customer', schema, body);
  const given = customer.address;
  return {
    deleted: false,
    stripeId: customer.id,
    name: customer.name,
    email: customer.email,
    phone: customer.phone,
    locale: customer.preferred_locales?.[0] ?? null,
    timeZone: null,
    billingAddress: given
      ? {
          line1: given.line1,
          line2: given.line2,
          city: given.city,
          state: given.state,
          postalCode: given.postal_code,
          country: given.country,
        }
      : null,
    currency: customer.currency,
    balanceAmount: customer.balance,
    taxExempt: customer.tax_exempt ?? 'none',
    metadata: customer.metadata,
    paymentMethod: summary(customer.invoice_settings?.default_payment_method) ?? summary(customer.default_source),
    createdAt: customer.created,
  };
}

function summary(value: z.output<typeof method>) {
  if (typeof value === 'string')
    return { stripeId: value, type: 'unknown', brand: null, last4: null, expMonth: null, expYear: null, funding: null };
  return toPaymentMethod(value);
}
