import type { Address, PaymentMethodSummary } from './customer.ts';

/** A payment method as columns and answers hold it. */
export type PaymentMethodWire = {
  stripe_id: string;
  type: string;
  brand: string | null;
  last4: string | null;
  exp_month: number | null;
  exp_year: number | null;
  funding: string | null;
};

/** To the form of columns and answers; only these seven fields ever leave the provider's own store. */
export function wirePaymentMethod(method: PaymentMethodSummary | null): PaymentMethodWire | null {
  if (method === null) return null;
  const { stripeId, type, brand, last4, expMonth, expYear, funding } = method;
  return { stripe_id: stripeId, type, brand, last4, exp_month: expMonth, exp_year: expYear, funding };
}

/** From the jsonb column. */
export function paymentMethodOf(column: unknown): PaymentMethodSummary | null {
  if (column === null || column === undefined) return null;
  const wire = column as PaymentMethodWire;
  const { stripe_id: stripeId, type, brand, last4, exp_month: expMonth, exp_year: expYear, funding } = wire;
  return { stripeId, type, brand, last4, expMonth, expYear, funding };
}

export type AddressWire = Omit<Address, 'postalCode'> & { postal_code: string | null };

/** To the form of columns and answers. */
export function wireAddress(address: Address | null): AddressWire | null {
  if (address === null) return null;
  const { postalCode, ...rest } = address;
  return { ...rest, postal_code: postalCode };
}

/** From the jsonb column. */
export function addressOf(column: unknown): Address | null {
  if (column === null || column === undefined) return null;
  const { postal_code: postalCode, ...rest } = column as AddressWire;
  return { ...rest, postalCode };
}
