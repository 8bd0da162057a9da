import type { PaymentMethodSummary, Witness } from '../customers/index.ts';
import type { PaymentDetail } from '../invoices/index.ts';

/** A failed attempt as the provider words it; `message` is for operators and never reaches a customer. */
export type PaymentError = { code: string | null; declineCode: string | null; adviceCode: string | null; message: string | null };

export type Payment = {
  id: string;
  invoiceId: string | null;
  customerId: string | null;
  origin: 'billow' | 'stripe';
  status: PaymentDetail;
  amount: bigint;
  currency: string;
  description: string | null;
  /** Charged by a schedule, without the customer present. */
  automatic: boolean;
  attemptCount: number;
  lastError: PaymentError | null;
  declineCode: string | null;
  paymentMethod: PaymentMethodSummary | null;
  nextRetryAt: Temporal.Instant | null;
  succeededAt: Temporal.Instant | null;
  connectionId: string | null;
  /** PaymentIntent id. */
  stripeId: string | null;
  stripeStatus: string | null;
  latestChargeId: string | null;
  receiptUrl: string | null;
  createdAt: Temporal.Instant;
  updatedAt: Temporal.Instant;
  rev: bigint;
};

/** What the provider reports of paying: with `status` in our words, `succeeded` only for money that arrived. */
type PaymentReport = Witness & {
  connectionId: string;
  /** The PaymentIntent's own status, in Stripe's word. */
  stripeStatus: string | null;
  latestChargeId: string | null;
  error: PaymentError | null;
  paymentMethod: PaymentMethodSummary | null;
  receiptUrl: string | null;
  succeededAt: Temporal.Instant | null;
};

/** How an invoice's payment stands now. Record the invoice first; drafts have no payment yet. */
export type InvoicePaymentInput = PaymentReport & {
  invoiceId: string;
  /** Null when nothing was ever charged: amount zero, credit, out of band, or not yet attempted. */
  stripePaymentIntentId: string | null;
  /** requires_payment_method after a decline is `failed`, before any attempt `pending`; no PaymentIntent is `pending`. */
  status: PaymentDetail;
  /** Attempts of the schedule so far (`attempt_count`); later manual attempts do not count. */
  attemptCount: number;
  nextAttemptAt: Temporal.Instant | null;
  /** Null lets the room decide: charge_automatically, and a new attempt of the schedule. */
  automatic: boolean | null;
};

/** A PaymentIntent that no invoice asks for. */
export type PaymentIntentInput = PaymentReport & {
  stripeId: string;
  customerId: string | null;
  /** `canceled` for a PaymentIntent given up without money. */
  status: PaymentDetail | 'canceled';
  amount: bigint;
  currency: string;
  description: string | null;
  automatic: boolean;
  createdAt: Temporal.Instant;
};

export type RefundStatus = 'planned' | 'pending' | 'requires_action' | 'succeeded' | 'failed' | 'canceled' | 'unknown';

export type Refund = {
  id: string;
  paymentId: string | null;
  invoiceId: string | null;
  customerId: string | null;
  connectionId: string | null;
  stripeId: string | null;
  stripeChargeId: string | null;
  stripePaymentIntentId: string | null;
  amount: bigint;
  /** Of the payment it returns; with `amount` it tells a full refund from a part. */
  paymentAmount: bigint | null;
  currency: string;
  reason: string | null;
  /** Where the money goes back to: card, customer_balance … */
  method: string | null;
  status: RefundStatus;
  origin: 'billow' | 'stripe';
  failureReason: string | null;
  createdAt: Temporal.Instant;
  updatedAt: Temporal.Instant;
  rev: bigint;
};

/** A refund as its provider reports it. Record its payment first: the refund finds it by PaymentIntent or charge. */
export type RefundInput = Witness & {
  connectionId: string;
  stripeId: string;
  stripeChargeId: string | null;
  stripePaymentIntentId: string | null;
  /** Used only while the payment is unknown here; otherwise the payment's customer counts. */
  customerId: string | null;
  amount: bigint;
  currency: string;
  status: RefundStatus;
  reason: string | null;
  method: string | null;
  failureReason: string | null;
  createdAt: Temporal.Instant;
};

export type Dispute = {
  id: string;
  connectionId: string | null;
  stripeId: string;
  invoiceId: string | null;
  chargeId: string;
  amount: bigint;
  currency: string;
  reason: string | null;
  /** Stripe's word: needs_response, under_review, won, lost … */
  status: string;
  dueBy: Temporal.Instant | null;
  createdAt: Temporal.Instant;
  updatedAt: Temporal.Instant;
};

export type DisputeInput = Witness & {
  connectionId: string;
  stripeId: string;
  chargeId: string;
  stripePaymentIntentId: string | null;
  amount: bigint;
  currency: string;
  reason: string | null;
  status: string;
  dueBy: Temporal.Instant | null;
  createdAt: Temporal.Instant;
};
