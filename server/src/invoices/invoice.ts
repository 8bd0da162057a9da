import type { Witness } from '../customers/index.ts';

export type InvoiceStatus = 'generating' | 'draft' | 'finalized' | 'closed' | 'voided';
export type PaymentDetail = 'pending' | 'processing' | 'requires_action' | 'succeeded' | 'failed' | 'partially_paid' | 'unknown';
export type PaymentStatus = 'pending' | 'succeeded' | 'failed';
export type InvoiceKind = 'subscription' | 'subscription_change' | 'one_off' | 'add_on' | 'credit_topup' | 'usage_adjustment' | 'final';

export type Invoice = {
  id: string;
  number: string | null;
  biller: 'stripe' | 'billow';
  origin: 'billow' | 'stripe';
  kind: InvoiceKind;
  customerId: string;
  subscriptionId: string | null;
  currency: string;
  status: InvoiceStatus;
  paymentStatus: PaymentStatus;
  paymentDetail: PaymentDetail;
  billingReason: string;
  collectionMethod: string;
  periodStart: Temporal.Instant | null;
  periodEnd: Temporal.Instant | null;
  issuedAt: Temporal.Instant | null;
  dueAt: Temporal.Instant | null;
  paidAt: Temporal.Instant | null;
  subtotalAmount: bigint;
  discountAmount: bigint;
  taxAmount: bigint;
  totalAmount: bigint;
  paidAmount: bigint;
  creditedAmount: bigint;
  remainingAmount: bigint;
  returnedAmount: bigint;
  outOfBand: boolean;
  hostedUrl: string | null;
  pdfUrl: string | null;
  uncollectibleAt: Temporal.Instant | null;
  attemptCount: number;
  nextAttemptAt: Temporal.Instant | null;
  metadata: Record<string, string>;
  connectionId: string | null;
  stripeId: string | null;
  stripeStatus: string | null;
  createdAt: Temporal.Instant;
  updatedAt: Temporal.Instant;
  rev: bigint;
};

export type InvoiceLine = {
  id: string;
  kind: string;
  description: string | null;
  stripeProductId: string | null;
  stripePriceId: string | null;
  /** Our item the line bills, when it is known. */
  subscriptionItemId: string | null;
  serviceStart: Temporal.Instant | null;
  serviceEnd: Temporal.Instant | null;
  quantity: string | null;
  unitAmountDecimal: string | null;
  amount: bigint;
  discountAmount: bigint;
  taxAmount: bigint;
  stripeLineId: string | null;
  position: number;
};

export type InvoiceWithLines = Invoice & { lines: InvoiceLine[] };

export type InvoiceLineInput = {
  stripeLineId: string;
  /** Of model.md section 9: base, seat, usage, proration_credit, proration_charge, one_off, other … */
  kind: string;
  description: string | null;
  stripeProductId: string | null;
  stripePriceId: string | null;
  stripeItemId: string | null;
  serviceStart: Temporal.Instant | null;
  serviceEnd: Temporal.Instant | null;
  quantity: string | null;
  unitAmountDecimal: string | null;
  amount: bigint;
  discountAmount: bigint;
  taxAmount: bigint;
};

/** An invoice as its provider reports it now: draft→draft, open→finalized, paid→finalized, void→voided, uncollectible→finalized. */
export type InvoiceInput = Witness & {
  connectionId: string;
  stripeId: string;
  customerId: string;
  subscriptionId: string | null;
  number: string | null;
  kind: InvoiceKind;
  stripeStatus: string;
  /** `voided` also for a deleted draft. */
  status: 'draft' | 'finalized' | 'voided';
  /** Stripe's word: subscription_create, subscription_cycle, subscription_update, manual … */
  billingReason: string;
  collectionMethod: 'charge_automatically' | 'send_invoice';
  currency: string;
  periodStart: Temporal.Instant | null;
  periodEnd: Temporal.Instant | null;
  issuedAt: Temporal.Instant | null;
  dueAt: Temporal.Instant | null;
  paidAt: Temporal.Instant | null;
  subtotalAmount: bigint;
  discountAmount: bigint;
  taxAmount: bigint;
  totalAmount: bigint;
  /** What money settled (`amount_paid`). */
  paidAmount: bigint;
  /** What is still due (`amount_remaining`); what neither money settled nor is due was credited (balance, credit notes). */
  remainingAmount: bigint;
  outOfBand: boolean;
  hostedUrl: string | null;
  pdfUrl: string | null;
  /** When it was given up; null unless it is uncollectible now. */
  uncollectibleAt: Temporal.Instant | null;
  attemptCount: number;
  nextAttemptAt: Temporal.Instant | null;
  metadata: Record<string, string>;
  createdAt: Temporal.Instant;
  lines: InvoiceLineInput[];
};
