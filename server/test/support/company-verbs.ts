/** What a test tells the company that Stripe said: customers, subscriptions, invoices, payments and refunds, with ordinary values. */

import { type CustomerReport, recordCustomer } from '../../src/customers/index.ts';
import { type InvoiceInput, recordInvoice } from '../../src/invoices/index.ts';
import type { Ctx } from '../../src/kit/context.ts';
import {
  type InvoicePaymentInput,
  type RefundStatus,
  recordInvoicePayment,
  recordPaymentIntent,
  recordRefund,
} from '../../src/payments/index.ts';
import { recordSubscription, type SubscriptionInput } from '../../src/subscriptions/index.ts';

export const CONNECTION = 'connection_test';
export const VISA = { stripeId: 'pm_1', type: 'card', brand: 'visa', last4: '4242', expMonth: 12, expYear: 2030, funding: 'credit' };

export function storyVerbs(ctx: () => Promise<Ctx>) {
  let n = 0;
  const witness = { cause: null, witnessAt: null, silent: false };
  return {
    customer: async (a: Partial<CustomerReport> & { silent?: boolean } = {}) => {
      n += 1;
      const c = await ctx();
      const report: CustomerReport = {
        deleted: false,
        connectionId: CONNECTION,
        stripeId: `cus_${n}`,
        name: 'Ada Lovelace',
        email: 'ada@example.org',
        phone: null,
        locale: null,
        timeZone: null,
        billingAddress: null,
        currency: 'usd',
        balanceAmount: 0n,
        taxExempt: 'none',
        metadata: {},
        paymentMethod: VISA,
        createdAt: c.clock.now(),
      };
      return (await recordCustomer(c, { ...witness, ...report, ...a })).row!.id;
    },
    subscription: async (customerId: string, a: Partial<SubscriptionInput> = {}) => {
      n += 1;
      const c = await ctx();
      const now = c.clock.now();
      const input: SubscriptionInput = {
        ...witness,
        connectionId: CONNECTION,
        stripeId: `sub_${n}`,
        customerId,
        stripeStatus: 'active',
        status: 'active',
        statusReason: null,
        paymentState: 'ok',
        collectionMethod: 'charge_automatically',
        currency: 'usd',
        interval: 'month',
        intervalCount: 1,
        anchorAt: now,
        periodStart: now,
        periodEnd: now.toZonedDateTimeISO('UTC').add({ months: 1 }).toInstant(),
        startAt: now,
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
        createdAt: now,
        items: [
          {
            itemKey: 'si_1',
            stripePriceId: 'price_pro',
            stripeProductId: 'prod_pro',
            quantity: '1',
            unitAmountDecimal: '4900',
            interval: 'month',
            intervalCount: 1,
            metered: false,
          },
        ],
      };
      return (await recordSubscription(c, { ...input, ...a })).row.id;
    },
    invoice: async (customerId: string, subscriptionId: string | null, a: Partial<InvoiceInput> = {}) => {
      n += 1;
      const c = await ctx();
      const now = c.clock.now();
      const input: InvoiceInput = {
        ...witness,
        connectionId: CONNECTION,
        stripeId: `in_${n}`,
        customerId,
        subscriptionId,
        number: `ACME-${String(n).padStart(4, '0')}`,
        kind: 'subscription',
        stripeStatus: 'open',
        status: 'finalized',
        billingReason: 'subscription_cycle',
        collectionMethod: 'charge_automatically',
        currency: 'usd',
        periodStart: now,
        periodEnd: now,
        issuedAt: now,
        dueAt: null,
        paidAt: null,
        subtotalAmount: 4900n,
        discountAmount: 0n,
        taxAmount: 0n,
        totalAmount: 4900n,
        paidAmount: 0n,
        remainingAmount: 4900n,
        outOfBand: false,
        hostedUrl: 'https://invoice.stripe.test/i/1',
        pdfUrl: null,
        uncollectibleAt: null,
        attemptCount: 0,
        nextAttemptAt: null,
        metadata: {},
        createdAt: now,
        lines: [
          {
            stripeLineId: 'il_1',
            kind: 'base',
            description: '1 × Acme Pro',
            stripeProductId: 'prod_pro',
            stripePriceId: 'price_pro',
            stripeItemId: 'si_1',
            serviceStart: now,
            serviceEnd: now,
            quantity: '1',
            unitAmountDecimal: '4900',
            amount: 4900n,
            discountAmount: 0n,
            taxAmount: 0n,
          },
        ],
      };
      return (await recordInvoice(c, { ...input, ...a })).row.id;
    },
    pay: async (invoiceId: string, a: Partial<InvoicePaymentInput> = {}) => {
      const c = await ctx();
      n += 1;
      const input: InvoicePaymentInput = {
        ...witness,
        connectionId: CONNECTION,
        invoiceId,
        stripePaymentIntentId: `pi_${invoiceId.slice(-6)}`,
        stripeStatus: 'requires_payment_method',
        status: 'failed',
        attemptCount: 1,
        nextAttemptAt: null,
        automatic: null,
        latestChargeId: `ch_${n}`,
        error: { code: 'card_declined', declineCode: 'insufficient_funds', adviceCode: null, message: 'secret text of the bank' },
        paymentMethod: VISA,
        receiptUrl: null,
        succeededAt: null,
      };
      await recordInvoicePayment(c, { ...input, ...a });
    },
    payment: async (
      customerId: string,
      a: { amount?: bigint; description?: string | null; status?: 'succeeded' | 'pending'; stripeId?: string; silent?: boolean } = {},
    ) => {
      const c = await ctx();
      n += 1;
      await recordPaymentIntent(c, {
        ...witness,
        silent: a.silent ?? false,
        connectionId: CONNECTION,
        stripeId: a.stripeId ?? `pi_one_${n}`,
        customerId,
        status: a.status ?? 'succeeded',
        stripeStatus: 'succeeded',
        amount: a.amount ?? 2500n,
        currency: 'usd',
        description: a.description ?? null,
        automatic: false,
        latestChargeId: `ch_${n}`,
        error: null,
        paymentMethod: VISA,
        receiptUrl: null,
        succeededAt: c.clock.now(),
        createdAt: c.clock.now(),
      });
    },
    refund: async (a: {
      stripeId: string;
      paymentIntent: string;
      amount: bigint;
      status: RefundStatus;
      customerId: string;
      silent?: boolean;
    }) => {
      const c = await ctx();
      await recordRefund(c, {
        ...witness,
        silent: a.silent ?? false,
        connectionId: CONNECTION,
        stripeId: a.stripeId,
        stripeChargeId: null,
        stripePaymentIntentId: a.paymentIntent,
        customerId: a.customerId,
        amount: a.amount,
        currency: 'usd',
        status: a.status,
        reason: null,
        method: 'card',
        failureReason: null,
        createdAt: c.clock.now(),
      });
    },
  };
}
