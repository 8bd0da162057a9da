import type { CustomerReport, PaymentMethodSummary, Witness } from '../../src/customers/index.ts';
import type { InvoiceInput, InvoiceLineInput } from '../../src/invoices/index.ts';
import type { DisputeInput, InvoicePaymentInput, PaymentIntentInput, RefundInput } from '../../src/payments/index.ts';
import type { SubscriptionInput, SubscriptionItemInput } from '../../src/subscriptions/index.ts';

/** Reports of a provider, complete and plausible, with what a story wants otherwise. Dates are 2026. */
export const CONNECTION = 'connection_1';

/** `2026-03-01` or a full RFC 3339 instant. */
export function at(text: string): Temporal.Instant {
  return Temporal.Instant.from(text.length === 10 ? `${text}T00:00:00Z` : text);
}

export function witness(over: Partial<Witness> = {}): Witness {
  return { cause: null, witnessAt: null, silent: false, ...over };
}

export const VISA: PaymentMethodSummary = {
  stripeId: 'pm_1',
  type: 'card',
  brand: 'visa',
  last4: '4242',
  expMonth: 12,
  expYear: 2030,
  funding: 'credit',
};

export function customerReport(over: Partial<CustomerReport & Witness> = {}): CustomerReport & Witness {
  return {
    ...witness(),
    deleted: false,
    connectionId: CONNECTION,
    stripeId: 'cus_ada',
    name: 'Ada Lovelace',
    email: 'ada@example.com',
    phone: null,
    locale: 'en',
    timeZone: null,
    billingAddress: { line1: '1 Analytical Way', line2: null, city: 'London', state: null, postalCode: 'N1', country: 'GB' },
    currency: 'usd',
    balanceAmount: 0n,
    taxExempt: 'none',
    metadata: {},
    paymentMethod: VISA,
    createdAt: at('2026-01-01'),
    ...over,
  };
}

export function itemReport(over: Partial<SubscriptionItemInput> = {}): SubscriptionItemInput {
  return {
    itemKey: 'si_base',
    stripePriceId: 'price_pro',
    stripeProductId: 'prod_pro',
    quantity: '1',
    unitAmountDecimal: '3000',
    interval: 'month',
    intervalCount: 1,
    metered: false,
    ...over,
  };
}

export function subscriptionReport(customerId: string, over: Partial<SubscriptionInput> = {}): SubscriptionInput {
  return {
    ...witness(),
    connectionId: CONNECTION,
    stripeId: 'sub_ada',
    customerId,
    stripeStatus: 'active',
    status: 'active',
    statusReason: null,
    paymentState: 'ok',
    collectionMethod: 'charge_automatically',
    currency: 'usd',
    interval: 'month',
    intervalCount: 1,
    anchorAt: at('2026-01-01'),
    periodStart: at('2026-01-01'),
    periodEnd: at('2026-02-01'),
    startAt: at('2026-01-01'),
    trialStart: null,
    trialEnd: null,
    missingPaymentMethod: null,
    cancelAt: null,
    cancelReason: null,
    canceledAt: null,
    endedAt: null,
    pausedAt: null,
    pauseBehavior: null,
    resumesAt: null,
    paymentMethodId: null,
    metadata: {},
    testClockId: null,
    createdAt: at('2026-01-01'),
    items: [itemReport()],
    ...over,
  };
}

export function lineReport(over: Partial<InvoiceLineInput> = {}): InvoiceLineInput {
  return {
    stripeLineId: 'il_1',
    kind: 'base',
    description: '1 × Pro',
    stripeProductId: 'prod_pro',
    stripePriceId: 'price_pro',
    stripeItemId: 'si_base',
    serviceStart: at('2026-01-01'),
    serviceEnd: at('2026-02-01'),
    quantity: '1',
    unitAmountDecimal: '3000',
    amount: 3000n,
    discountAmount: 0n,
    taxAmount: 0n,
    ...over,
  };
}

/** A draft of 30.00 USD; `issued` and `paid` are the next two steps of its life. */
export function invoiceReport(customerId: string, over: Partial<InvoiceInput> = {}): InvoiceInput {
  return {
    ...witness(),
    connectionId: CONNECTION,
    stripeId: 'in_1',
    customerId,
    subscriptionId: null,
    number: null,
    kind: 'subscription',
    stripeStatus: 'draft',
    status: 'draft',
    billingReason: 'subscription_cycle',
    collectionMethod: 'charge_automatically',
    currency: 'usd',
    periodStart: at('2026-01-01'),
    periodEnd: at('2026-02-01'),
    issuedAt: null,
    dueAt: null,
    paidAt: null,
    subtotalAmount: 3000n,
    discountAmount: 0n,
    taxAmount: 0n,
    totalAmount: 3000n,
    paidAmount: 0n,
    remainingAmount: 3000n,
    outOfBand: false,
    hostedUrl: null,
    pdfUrl: null,
    uncollectibleAt: null,
    attemptCount: 0,
    nextAttemptAt: null,
    metadata: {},
    createdAt: at('2026-02-01'),
    lines: [lineReport()],
    ...over,
  };
}

export function issued(over: Partial<InvoiceInput> = {}): Partial<InvoiceInput> {
  return { stripeStatus: 'open', status: 'finalized', number: 'ADA-0001', issuedAt: at('2026-02-01T01:00:00Z'), ...over };
}

export function paid(over: Partial<InvoiceInput> = {}): Partial<InvoiceInput> {
  return issued({
    stripeStatus: 'paid',
    paidAt: at('2026-02-01T01:00:01Z'),
    paidAmount: 3000n,
    remainingAmount: 0n,
    attemptCount: 1,
    ...over,
  });
}

export function invoicePaymentReport(invoiceId: string, over: Partial<InvoicePaymentInput> = {}): InvoicePaymentInput {
  return {
    ...witness(),
    connectionId: CONNECTION,
    invoiceId,
    stripePaymentIntentId: 'pi_1',
    stripeStatus: 'requires_payment_method',
    status: 'pending',
    latestChargeId: null,
    error: null,
    paymentMethod: VISA,
    receiptUrl: null,
    succeededAt: null,
    attemptCount: 0,
    nextAttemptAt: null,
    automatic: null,
    ...over,
  };
}

export function declined(
  charge: string | null,
  attemptCount: number,
  over: Partial<InvoicePaymentInput> = {},
): Partial<InvoicePaymentInput> {
  const error = {
    code: 'card_declined',
    declineCode: 'insufficient_funds',
    adviceCode: 'try_again_later',
    message: 'Your card has insufficient funds.',
  };
  return { status: 'failed', latestChargeId: charge, attemptCount, error, ...over };
}

export function intentReport(over: Partial<PaymentIntentInput> = {}): PaymentIntentInput {
  return {
    ...witness(),
    connectionId: CONNECTION,
    stripeId: 'pi_alone',
    customerId: null,
    stripeStatus: 'requires_payment_method',
    status: 'pending',
    latestChargeId: null,
    error: null,
    paymentMethod: null,
    receiptUrl: null,
    succeededAt: null,
    amount: 5000n,
    currency: 'eur',
    description: 'Workshop',
    automatic: false,
    createdAt: at('2026-02-03'),
    ...over,
  };
}

export function refundReport(over: Partial<RefundInput> = {}): RefundInput {
  return {
    ...witness(),
    connectionId: CONNECTION,
    stripeId: 're_1',
    stripeChargeId: 'ch_1',
    stripePaymentIntentId: 'pi_1',
    customerId: null,
    amount: 1000n,
    currency: 'usd',
    status: 'pending',
    reason: 'requested_by_customer',
    method: 'card',
    failureReason: null,
    createdAt: at('2026-02-05'),
    ...over,
  };
}

export function disputeReport(over: Partial<DisputeInput> = {}): DisputeInput {
  return {
    ...witness(),
    connectionId: CONNECTION,
    stripeId: 'du_1',
    chargeId: 'ch_1',
    stripePaymentIntentId: 'pi_1',
    amount: 3000n,
    currency: 'usd',
    reason: 'fraudulent',
    status: 'needs_response',
    dueBy: at('2026-02-20'),
    createdAt: at('2026-02-06'),
    ...over,
  };
}
