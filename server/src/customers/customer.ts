import type { Witness } from './mirror.ts';

export type CustomerStatus = 'active' | 'archived';

/** What may be known of a saved payment method; nothing else of a card ever enters a column. */
export type PaymentMethodSummary = {
  stripeId: string;
  type: string;
  brand: string | null;
  last4: string | null;
  expMonth: number | null;
  expYear: number | null;
  funding: string | null;
};

export type Address = {
  line1: string | null;
  line2: string | null;
  city: string | null;
  state: string | null;
  postalCode: string | null;
  country: string | null;
};

export type Customer = {
  id: string;
  externalId: string | null;
  name: string | null;
  email: string | null;
  phone: string | null;
  billingAddress: Address | null;
  taxExempt: string;
  locale: string | null;
  timeZone: string | null;
  currency: string | null;
  paymentMethod: PaymentMethodSummary | null;
  /** Minor units of `currency`, with Stripe's sign: negative is credit that the next invoice uses. */
  balanceAmount: bigint;
  metadata: Record<string, string>;
  status: CustomerStatus;
  origin: 'billow' | 'stripe';
  connectionId: string | null;
  stripeId: string | null;
  deletedInStripeAt: Temporal.Instant | null;
  createdAt: Temporal.Instant;
  updatedAt: Temporal.Instant;
  rev: bigint;
};

/** A customer as its provider reports it now. */
export type CustomerReport = {
  deleted: false;
  connectionId: string;
  stripeId: string;
  name: string | null;
  email: string | null;
  phone: string | null;
  locale: string | null;
  timeZone: string | null;
  billingAddress: Address | null;
  currency: string | null;
  balanceAmount: bigint;
  taxExempt: string;
  metadata: Record<string, string>;
  paymentMethod: PaymentMethodSummary | null;
  createdAt: Temporal.Instant;
};

/** A customer of which the provider only says that it is gone. */
export type CustomerGone = { deleted: true; connectionId: string; stripeId: string };

export type CustomerInput = Witness & (CustomerReport | CustomerGone);
