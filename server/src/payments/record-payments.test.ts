import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import {
  at,
  customerReport,
  declined,
  disputeReport,
  intentReport,
  invoicePaymentReport,
  invoiceReport,
  issued,
  paid,
  refundReport,
} from '../../test/scenarios/reports.ts';
import { listen, transitionsInCode, transitionsInDatabase } from '../../test/scenarios/told.ts';
import { type Kit, startKit } from '../../test/support/kit.ts';
import { recordCustomer } from '../customers/index.ts';
import { getInvoiceWithLines, type InvoiceInput, recordInvoice } from '../invoices/index.ts';
import type { InvoicePaymentInput, RefundInput } from './payment.ts';
import { paymentOfInvoice } from './queries.ts';
import { recordDispute } from './record-dispute.ts';
import { recordInvoicePayment } from './record-invoice-payment.ts';
import { recordPaymentIntent } from './record-payment-intent.ts';
import { recordRefund } from './record-refund.ts';
import { refundWithPayment } from './refund-queries.ts';
import { PAYMENT_TRANSITIONS, REFUND_TRANSITIONS } from './status.ts';

let kit: Kit;
let told: ReturnType<typeof listen>;
let customerId: string;
beforeAll(async () => {
  kit = await startKit({ now: '2026-02-01T00:00:00Z' });
  told = listen(kit);
  customerId = (await recordCustomer(await kit.ctx(), customerReport())).row.id;
  await told.fresh();
});
afterAll(() => kit?.close());

/** An invoice and how its payment stands, as one reading of Stripe tells them. */
async function on(instant: string, invoice: Partial<InvoiceInput>, payment: Partial<InvoicePaymentInput>) {
  await kit.setClock(at(instant).toString());
  const ctx = await kit.ctx();
  const { row } = await recordInvoice(ctx, invoiceReport(customerId, invoice));
  const recorded = await recordInvoicePayment(ctx, invoicePaymentReport(row.id, payment));
  return { invoice: (await getInvoiceWithLines(ctx, row.id)) ?? row, recorded };
}

const money = {
  status: 'succeeded',
  stripeStatus: 'succeeded',
  latestChargeId: 'ch_2',
  succeededAt: at('2026-02-04'),
  receiptUrl: 'https://pay.stripe.com/r/1',
} as const;

test('[I18] the status tables in code are the ones the database enforces', async () => {
  expect(transitionsInCode(PAYMENT_TRANSITIONS)).toEqual(await transitionsInDatabase(kit, 'payments'));
  expect(transitionsInCode(REFUND_TRANSITIONS)).toEqual(await transitionsInDatabase(kit, 'refunds'));
});

describe('a renewal is declined, recovers, and is refunded in part', () => {
  test('1 February, 00:00: a draft asks nobody for money', async () => {
    const { recorded } = await on('2026-02-01', {}, {});
    expect(recorded).toBeNull();
    expect(await told.types()).toEqual(['invoice.created']);
  });

  test('01:00: the card is declined; one announcement, however often and by whichever way it is read', async () => {
    const failure = declined('ch_1', 1, { nextAttemptAt: at('2026-02-04') });
    const { invoice, recorded } = await on('2026-02-01T01:00:00Z', issued({ attemptCount: 1 }), { ...failure, cause: 'evt_fail' });
    const again = await on('2026-02-01T01:05:00Z', issued({ attemptCount: 1 }), { ...failure, cause: 'evt_other' });
    expect(again.recorded?.changed).toBe(false);
    expect(invoice).toMatchObject({ paymentStatus: 'failed', paymentDetail: 'failed', remainingAmount: 3000n });
    expect(recorded?.row).toMatchObject({
      status: 'failed',
      amount: 3000n,
      automatic: true,
      declineCode: 'insufficient_funds',
      attemptCount: 1,
    });
    const events = await told.fresh();
    expect(events.map(({ type, object_type, cause }) => [type, object_type, cause])).toEqual([
      ['invoice.finalized', 'invoice', null],
      ['invoice.payment_failure', 'invoice', 'evt_fail'],
    ]);
    expect(events[1]?.data).toMatchObject({
      invoice_id: invoice.id,
      customer_id: customerId,
      payment_status: 'failed',
      payment_id: recorded?.row.id,
    });
    expect(events[1]?.dedupe_key).toBe(`invoice.payment_failure:${invoice.id}:ch_1`);
  });

  test('4 February: the retry brings the money', async () => {
    const { invoice, recorded } = await on('2026-02-04', paid({ attemptCount: 2 }), { ...money, attemptCount: 2 });
    expect(invoice).toMatchObject({ paymentStatus: 'succeeded', remainingAmount: 0n, paidAmount: 3000n });
    expect(recorded?.row).toMatchObject({ status: 'succeeded', lastError: null, declineCode: null, succeededAt: at('2026-02-04') });
    const events = await told.fresh();
    expect(events.map(({ type }) => type)).toEqual(['invoice.updated', 'invoice.payment_succeeded']);
    expect(events[1]?.data).toMatchObject({ paid_amount: 3000, recovered: true, payment_status: 'succeeded' });
    expect((await paymentOfInvoice(await kit.ctx(), invoice.id))?.id).toBe(recorded?.row.id);
  });

  test('5 February: 10.00 are on their way back, then arrive; the invoice stays paid', async () => {
    const refund = async (over: Partial<RefundInput>) => recordRefund(await kit.ctx(), refundReport(over));
    const pending = await refund({});
    const invoiceId = pending.row.invoiceId ?? '';
    expect(pending.row).toMatchObject({ status: 'pending', customerId, paymentAmount: 3000n });
    const arrived = await refund({ status: 'succeeded' });
    const again = await refund({ status: 'succeeded' });
    expect([arrived.changed, again.changed]).toEqual([true, false]);
    expect(await getInvoiceWithLines(await kit.ctx(), invoiceId)).toMatchObject({
      returnedAmount: 1000n,
      paymentStatus: 'succeeded',
      remainingAmount: 0n,
    });
    const events = await told.fresh();
    expect(events.map(({ type }) => type)).toEqual(['refund.created', 'refund.succeeded']);
    expect(events[1]?.data).toMatchObject({
      amount: 1000,
      payment_amount: 3000,
      currency: 'usd',
      invoice_id: invoiceId,
      stripe_customer_id: 'cus_ada',
    });
    expect((await refundWithPayment(await kit.ctx(), 're_1'))?.payment?.invoiceId).toBe(invoiceId);
  });

  test('[I3] a second refund adds up, and one that the bank sends back is taken out again', async () => {
    const second = (status: RefundInput['status']) =>
      refundReport({ stripeId: 're_2', amount: 500n, status, failureReason: status === 'failed' ? 'lost_or_stolen_card' : null });
    const { row } = await recordRefund(await kit.ctx(), second('succeeded'));
    expect((await getInvoiceWithLines(await kit.ctx(), row.invoiceId ?? ''))?.returnedAmount).toBe(1500n);
    await recordRefund(await kit.ctx(), second('failed'));
    expect((await getInvoiceWithLines(await kit.ctx(), row.invoiceId ?? ''))?.returnedAmount).toBe(1000n);
    const late = await recordRefund(await kit.ctx(), second('pending'));
    expect([late.changed, late.row.status]).toEqual([false, 'failed']);
    expect(await told.types()).toEqual(['refund.created', 'refund.succeeded', 'refund.failed']);
  });

  test('RF-8 6 February: a dispute is opened and lost: more went back, the payment stays succeeded', async () => {
    const opened = await recordDispute(await kit.ctx(), disputeReport({ amount: 2000n }));
    await recordDispute(await kit.ctx(), disputeReport({ amount: 2000n, status: 'lost' }));
    const late = await recordDispute(await kit.ctx(), disputeReport({ amount: 2000n, status: 'under_review' }));
    expect(late.changed).toBe(false);
    expect(await getInvoiceWithLines(await kit.ctx(), opened.row.invoiceId ?? '')).toMatchObject({
      returnedAmount: 3000n,
      paymentStatus: 'succeeded',
    });
    expect(await told.types()).toEqual(['dispute.created', 'dispute.closed']);
  });
});

test('an invoice of zero is paid when it is issued, and has a payment without PaymentIntent', async () => {
  const zero = paid({ totalAmount: 0n, subtotalAmount: 0n, paidAmount: 0n, attemptCount: 0, billingReason: 'subscription_create' });
  const { recorded } = await on('2026-02-07', { ...zero, stripeId: 'in_zero' }, { stripePaymentIntentId: null, stripeStatus: null });
  expect(recorded?.row).toMatchObject({ status: 'succeeded', amount: 0n, stripeId: null });
  const [, , event] = await told.fresh();
  expect(event).toMatchObject({ type: 'invoice.payment_succeeded', data: { paid_amount: 0, first: true, recovered: false } });
});

test('an invoice voided before it asked anybody has no payment', async () => {
  const { recorded } = await on(
    '2026-02-07',
    { stripeId: 'in_void', status: 'voided', stripeStatus: 'void' },
    { stripePaymentIntentId: null },
  );
  expect(recorded).toBeNull();
  await told.fresh();
});

test('five readings of one decline at once announce it once', async () => {
  const { invoice } = await on('2026-02-08', { ...issued(), stripeId: 'in_race' }, { stripePaymentIntentId: 'pi_race' });
  await told.fresh();
  const ctx = await kit.ctx();
  const report = invoicePaymentReport(invoice.id, { stripePaymentIntentId: 'pi_race', ...declined('ch_race', 1) });
  await Promise.all(Array.from({ length: 5 }, () => recordInvoicePayment(ctx, report)));
  expect(await told.types()).toEqual(['invoice.payment_failure']);
});

describe('a PaymentIntent without invoice', () => {
  const record = async (over: Parameters<typeof intentReport>[0]) =>
    recordPaymentIntent(await kit.ctx(), intentReport({ customerId, ...over }));

  test('E6 is announced when the money arrives, after a decline that was announced too', async () => {
    await record({});
    await record({ ...declined('ch_a', 0), status: 'failed' } as Parameters<typeof intentReport>[0]);
    await record({ status: 'succeeded', stripeStatus: 'succeeded', latestChargeId: 'ch_b' });
    const late = await record({ status: 'pending' });
    expect(late.row.status).toBe('succeeded');
    const events = await told.fresh();
    expect(events.map(({ type }) => type)).toEqual(['payment.failed', 'payment.succeeded']);
    expect(events[1]?.data).toMatchObject({ amount: 5000, currency: 'eur', customer_id: customerId, stripe_object_id: 'pi_alone' });
  });

  test('given up without money is canceled, not failed', async () => {
    await record({ stripeId: 'pi_given_up', status: 'canceled', stripeStatus: 'canceled' });
    await record({ stripeId: 'pi_given_up', status: 'canceled', stripeStatus: 'canceled' });
    expect(await told.types()).toEqual(['payment.canceled']);
  });

  test('one that turns out to pay an invoice becomes its payment, and the same money is announced once', async () => {
    const alone = await record({ stripeId: 'pi_early', status: 'succeeded', amount: 3000n, currency: 'usd' });
    const { recorded } = await on(
      '2026-02-09',
      { ...paid(), stripeId: 'in_late' },
      { stripePaymentIntentId: 'pi_early', status: 'succeeded' },
    );
    expect(recorded?.row).toMatchObject({ id: alone.row.id, status: 'succeeded' });
    expect((await record({ stripeId: 'pi_early', status: 'succeeded' })).changed).toBe(false);
    expect((await told.types()).filter((type) => type.includes('succeeded'))).toEqual(['payment.succeeded']);
  });
});

test('a refund of a payment that is not known here is kept, and finds it once it is', async () => {
  const stray = refundReport({ stripeId: 're_stray', stripePaymentIntentId: 'pi_stray', customerId, status: 'succeeded' });
  const first = await recordRefund(await kit.ctx(), stray);
  expect(first.row).toMatchObject({ paymentId: null, customerId });
  await recordPaymentIntent(await kit.ctx(), intentReport({ stripeId: 'pi_stray', customerId, status: 'succeeded' }));
  const linked = await recordRefund(await kit.ctx(), stray);
  expect(linked.row).toMatchObject({ paymentAmount: 5000n });
  expect((await told.types()).filter((type) => type === 'refund.succeeded')).toHaveLength(1);
});
