import { describe, expect, test } from 'vitest';
import { toCustomer } from './customer.ts';
import { toInvoice } from './invoice.ts';
import { toInvoicePayment } from './invoice-payment.ts';
import { toPaymentIntent } from './payment-intent.ts';
import { toRefund } from './refund.ts';
import { toSubscription } from './subscription.ts';
import { Unreadable } from './unreadable.ts';

const at = (iso: string) => Date.parse(iso) / 1000;
const SEEN = Temporal.Instant.from('2026-01-20T00:00:00Z');

function item(id: string, end: string, more: object = {}) {
  return {
    id,
    quantity: 2,
    current_period_start: at('2026-01-01T00:00:00Z'),
    current_period_end: at(end),
    price: {
      id: `price_${id}`,
      product: 'prod_1',
      currency: 'usd',
      active: true,
      unit_amount_decimal: '999.5',
      billing_scheme: 'per_unit',
      recurring: { interval: 'month', interval_count: 1, usage_type: 'licensed' },
      ...more,
    },
  };
}

function subscription(more: object = {}) {
  return {
    id: 'sub_1',
    object: 'subscription',
    customer: { id: 'cus_1', object: 'customer' },
    created: at('2026-01-01T00:00:00Z'),
    status: 'active',
    collection_method: 'charge_automatically',
    currency: 'usd',
    billing_cycle_anchor: at('2026-01-01T00:00:00Z'),
    start_date: at('2026-01-01T00:00:00Z'),
    metadata: {},
    items: { object: 'list', has_more: false, data: [item('si_1', '2026-02-01T00:00:00Z')] },
    ...more,
  };
}

describe('subscriptions', () => {
  test('every status of Stripe has its place in ours (sync.md 7)', () => {
    const table: Record<string, [string, string]> = {
      incomplete: ['payment_pending', 'ok'],
      incomplete_expired: ['expired', 'ok'],
      trialing: ['in_trial', 'ok'],
      active: ['active', 'ok'],
      past_due: ['active', 'past_due'],
      unpaid: ['active', 'unpaid'],
      paused: ['active', 'ok'],
      canceled: ['canceled', 'ok'],
    };
    for (const [status, [ours, payment]] of Object.entries(table)) {
      const facts = toSubscription(subscription({ status }), { pausedSince: SEEN });
      expect([status, facts.status, facts.paymentState, facts.stripeStatus]).toEqual([status, ours, payment, status]);
    }
    expect(() => toSubscription(subscription({ status: 'hibernating' }), { pausedSince: SEEN })).toThrow(Unreadable);
  });

  test('the period is that of the item that ends first', () => {
    const items = { data: [item('si_year', '2027-01-01T00:00:00Z'), item('si_month', '2026-02-01T00:00:00Z')] };
    const facts = toSubscription(subscription({ items }), { pausedSince: SEEN });
    expect(facts.periodEnd?.toString()).toBe('2026-02-01T00:00:00Z');
    expect(facts.items.map((one) => [one.itemKey, one.quantity, one.unitAmountDecimal])).toEqual([
      ['si_year', '2', '999.5'],
      ['si_month', '2', '999.5'],
    ]);
  });

  test('both forms of a cancellation at the end of the period are one instant', () => {
    const classic = toSubscription(subscription({ cancel_at_period_end: true }), { pausedSince: SEEN });
    const flexible = toSubscription(subscription({ cancel_at: at('2026-02-01T00:00:00Z') }), { pausedSince: SEEN });
    expect(classic.cancelAt?.toString()).toBe('2026-02-01T00:00:00Z');
    expect(flexible.cancelAt?.equals(classic.cancelAt!)).toBe(true);
    const reason = (word: string) =>
      toSubscription(subscription({ status: 'canceled', cancellation_details: { reason: word } }), { pausedSince: SEEN }).cancelReason;
    expect(['cancellation_requested', 'payment_failed', 'payment_disputed'].map(reason)).toEqual([
      'requested',
      'payment_failed',
      'disputed',
    ]);
  });

  test('a pause of collection has no date in Stripe: it counts from when it was first seen', () => {
    const facts = toSubscription(subscription({ pause_collection: { behavior: 'void', resumes_at: at('2026-03-01T00:00:00Z') } }), {
      pausedSince: SEEN,
    });
    expect([facts.pausedAt?.toString(), facts.pauseBehavior, facts.resumesAt?.toString()]).toEqual([
      '2026-01-20T00:00:00Z',
      'void',
      '2026-03-01T00:00:00Z',
    ]);
  });

  test('tiered and metered prices have no unit amount of their own and say that they are metered', () => {
    const items = {
      data: [
        item('si_1', '2026-02-01T00:00:00Z', {
          billing_scheme: 'tiered',
          recurring: { interval: 'month', interval_count: 1, usage_type: 'metered' },
        }),
      ],
    };
    const [line] = toSubscription(subscription({ items }), { pausedSince: SEEN }).items;
    expect([line?.unitAmountDecimal, line?.metered]).toEqual([null, true]);
  });
});

function invoice(more: object = {}) {
  return {
    id: 'in_1',
    object: 'invoice',
    customer: 'cus_1',
    created: at('2026-02-01T00:00:00Z'),
    currency: 'usd',
    number: 'A-1',
    status: 'open',
    billing_reason: 'subscription_cycle',
    collection_method: 'charge_automatically',
    status_transitions: { finalized_at: at('2026-02-01T01:00:00Z'), paid_at: null, marked_uncollectible_at: null },
    subtotal: 2000,
    total: 1900,
    total_discount_amounts: [{ amount: 300 }],
    total_taxes: [{ amount: 150 }, { amount: 50 }],
    amount_due: 1900,
    amount_paid: 0,
    amount_remaining: 1900,
    attempt_count: 1,
    next_payment_attempt: at('2026-02-03T00:00:00Z'),
    parent: { subscription_details: { subscription: 'sub_1' } },
    lines: {
      data: [
        {
          id: 'il_1',
          amount: 2000,
          quantity: 2,
          parent: { type: 'subscription_item_details', subscription_item_details: { subscription_item: 'si_1', proration: false } },
          pricing: { unit_amount_decimal: '1000', price_details: { price: 'price_1', product: 'prod_1' } },
        },
      ],
    },
    payments: {
      data: [
        {
          id: 'inpay_1',
          created: at('2026-02-01T01:00:00Z'),
          status: 'open',
          is_default: true,
          payment: { type: 'payment_intent', payment_intent: 'pi_1' },
        },
      ],
    },
    metadata: {},
    ...more,
  };
}

function intent(more: object = {}) {
  return {
    id: 'pi_1',
    object: 'payment_intent',
    created: at('2026-02-01T01:00:00Z'),
    status: 'requires_payment_method',
    amount: 1900,
    currency: 'usd',
    customer: 'cus_1',
    last_payment_error: {
      code: 'card_declined',
      decline_code: 'insufficient_funds',
      advice_code: 'try_again_later',
      message: 'No.',
      payment_method: {
        id: 'pm_1',
        object: 'payment_method',
        type: 'card',
        card: { brand: 'visa', last4: '0341', exp_month: 3, exp_year: 2030, funding: 'credit' },
      },
    },
    latest_charge: 'ch_1',
    payment_method: null,
    ...more,
  };
}

describe('invoices and what pays them', () => {
  test('amounts, dates and lines arrive as Stripe has them', () => {
    const facts = toInvoice(invoice());
    expect(facts).toMatchObject({
      status: 'finalized',
      kind: 'subscription',
      totalAmount: 1900n,
      discountAmount: 300n,
      taxAmount: 200n,
      remainingAmount: 1900n,
      stripeSubscriptionId: 'sub_1',
      attemptCount: 1,
      outOfBand: false,
    });
    expect(facts.issuedAt?.toString()).toBe('2026-02-01T01:00:00Z');
    expect(facts.lines).toMatchObject([{ kind: 'base', stripeItemId: 'si_1', stripeProductId: 'prod_1', quantity: '2', amount: 2000n }]);
  });

  test('prorations are told apart by their sign, one-off lines by having no item', () => {
    const parent = { type: 'subscription_item_details', subscription_item_details: { subscription_item: 'si_1', proration: true } };
    const data = [
      { id: 'a', amount: -500, parent },
      { id: 'b', amount: 900, parent },
      { id: 'c', amount: 100, parent: { type: 'invoice_item_details', invoice_item_details: { proration: false } } },
    ];
    expect(toInvoice(invoice({ lines: { data } })).lines.map((line) => line.kind)).toEqual([
      'proration_credit',
      'proration_charge',
      'one_off',
    ]);
    const twice = { data: [data[0], data[0]] };
    expect(() => toInvoice(invoice({ lines: twice }))).toThrow('two entries with one id');
  });

  test('after a decline the payment is failed, with the reason and the card that was declined', () => {
    const payment = toInvoicePayment(toInvoice(invoice()), toPaymentIntent(intent()));
    expect(payment).toMatchObject({
      status: 'failed',
      stripePaymentIntentId: 'pi_1',
      attemptCount: 1,
      error: { code: 'card_declined', declineCode: 'insufficient_funds', adviceCode: 'try_again_later' },
      paymentMethod: { last4: '0341', brand: 'visa' },
    });
  });

  test('before any attempt it is pending, while a bank works or asks it says so', () => {
    const statusOf = (more: object) =>
      toInvoicePayment(toInvoice(invoice()), toPaymentIntent(intent({ last_payment_error: null, ...more })))?.status;
    expect([
      statusOf({}),
      statusOf({ status: 'processing' }),
      statusOf({ status: 'requires_action' }),
      statusOf({ status: 'canceled' }),
    ]).toEqual(['pending', 'processing', 'requires_action', 'pending']);
    expect(toInvoicePayment(toInvoice(invoice({ status: 'draft' })), null)).toBeNull();
    expect(toInvoicePayment(toInvoice(invoice({ amount_paid: 900, amount_remaining: 1000 })), null)?.status).toBe('partially_paid');
  });

  test('paid outside of Stripe shows in that no payment of Stripe’s brought the money', () => {
    const paid = {
      status: 'paid',
      amount_paid: 1900,
      amount_remaining: 0,
      status_transitions: { finalized_at: 1, paid_at: at('2026-02-02T00:00:00Z'), marked_uncollectible_at: null },
    };
    const canceled = {
      data: [
        { id: 'inpay_1', created: 1, status: 'canceled', is_default: true, payment: { type: 'payment_intent', payment_intent: 'pi_1' } },
      ],
    };
    const brought = {
      data: [{ id: 'inpay_1', created: 1, status: 'paid', is_default: true, payment: { type: 'payment_intent', payment_intent: 'pi_1' } }],
    };
    expect(toInvoice(invoice({ ...paid, payments: canceled })).outOfBand).toBe(true);
    expect(toInvoice(invoice({ ...paid, payments: brought })).outOfBand).toBe(false);
    expect(toInvoicePayment(toInvoice(invoice({ ...paid, payments: canceled })), null)).toMatchObject({
      status: 'succeeded',
      stripePaymentIntentId: null,
    });
    expect(toInvoicePayment(toInvoice(invoice({ ...paid, payments: brought })), null)).toMatchObject({
      status: 'succeeded',
      stripePaymentIntentId: 'pi_1',
    });
  });
});

describe('customers and refunds', () => {
  test('the method an invoice would use is the customer’s; a bare id is kept without inventing a card', () => {
    const base = { id: 'cus_1', created: 1, email: 'ada@example.com', name: '', preferred_locales: ['de', 'en'], metadata: {} };
    const card = {
      id: 'pm_1',
      object: 'payment_method',
      type: 'card',
      card: { brand: 'visa', last4: '4242', exp_month: 1, exp_year: 2031, funding: 'credit' },
    };
    expect(toCustomer({ ...base, invoice_settings: { default_payment_method: card }, default_source: 'card_9' })).toMatchObject({
      name: null,
      locale: 'de',
      paymentMethod: { stripeId: 'pm_1', last4: '4242' },
    });
    expect(
      toCustomer({
        ...base,
        invoice_settings: { default_payment_method: null },
        default_source: { id: 'card_9', object: 'card', brand: 'Visa', last4: '1881', exp_month: 2, exp_year: 2032, funding: 'debit' },
      }).paymentMethod,
    ).toMatchObject({ type: 'card', last4: '1881' });
    expect(toCustomer({ ...base, default_source: 'card_9' }).paymentMethod).toMatchObject({
      stripeId: 'card_9',
      type: 'unknown',
      last4: null,
    });
  });

  test('an unknown refund status is set aside, a missing one had happened', () => {
    const refund = { id: 're_1', created: 1, amount: 500, currency: 'usd', charge: 'ch_1', payment_intent: 'pi_1' };
    expect(toRefund({ ...refund, status: 'pending', destination_details: { type: 'card' } })).toMatchObject({
      status: 'pending',
      method: 'card',
      amount: 500n,
    });
    expect(toRefund(refund).status).toBe('succeeded');
    expect(() => toRefund({ ...refund, status: 'evaporated' })).toThrow(Unreadable);
  });
});
