import fc from 'fast-check';
import { expect, test } from 'vitest';
import { at, declined, invoicePaymentReport, invoiceReport, issued, paid } from '../../test/scenarios/reports.ts';
import type { Invoice, InvoiceInput } from '../invoices/index.ts';
import { decideInvoicePayment } from './decide-invoice-payment.ts';
import type { InvoicePaymentInput, Payment } from './payment.ts';

type State = { invoice: Partial<InvoiceInput>; payment: Partial<InvoicePaymentInput> };

function invoiceOf(over: Partial<InvoiceInput>): Invoice {
  const report = invoiceReport('customer_1', over);
  return {
    ...report,
    id: 'invoice_1',
    creditedAmount: report.totalAmount - report.paidAmount - report.remainingAmount,
  } as unknown as Invoice;
}

function apply(before: Payment | null, { invoice, payment }: State) {
  const { patch, announcements } = decideInvoicePayment(before, invoiceOf(invoice), invoicePaymentReport('invoice_1', payment));
  if (before && Object.keys(patch).length === 0) return { row: before, told: [] };
  const row = { id: 'payment_1', ...before, ...patch, rev: (before?.rev ?? 0n) + 1n } as Payment;
  return { row, told: announcements };
}

function tell(...states: State[]): string[] {
  const told: string[] = [];
  let row: Payment | null = null;
  for (const state of states) {
    const result: ReturnType<typeof apply> = apply(row, state);
    row = result.row;
    told.push(...result.told.map(({ type, key }) => `${type.replace('invoice.', '')} ${key}`.trim()));
  }
  return told;
}

const waiting: State = { invoice: issued(), payment: {} };
const failedOnce: State = { invoice: issued({ attemptCount: 1 }), payment: declined('ch_1', 1) };
const failedTwice: State = { invoice: issued({ attemptCount: 2 }), payment: declined('ch_2', 2) };
const succeeded: State = {
  invoice: paid(),
  payment: { status: 'succeeded', stripeStatus: 'succeeded', latestChargeId: 'ch_9', attemptCount: 1 },
};
const recovered: State = { invoice: paid({ attemptCount: 3 }), payment: { ...succeeded.payment, attemptCount: 3 } };
const needsAction: State = {
  invoice: issued({ attemptCount: 1 }),
  payment: { status: 'requires_action', latestChargeId: null, attemptCount: 1 },
};

test.each<[string, State[], string[]]>([
  ['E6 paid at the first attempt', [waiting, succeeded], ['payment_succeeded']],
  ['E6 first seen when paid', [succeeded], ['payment_succeeded']],
  ['E3 declined', [waiting, failedOnce], ['payment_failure ch_1']],
  ['E3 declined, and declined again by the schedule', [waiting, failedOnce, failedTwice], ['payment_failure ch_1', 'payment_failure ch_2']],
  ['E3 declined, recovered', [waiting, failedOnce, recovered], ['payment_failure ch_1', 'payment_succeeded']],
  ['the first decline was never seen', [waiting, failedTwice], ['payment_failure ch_2']],
  ['a decline and its recovery both missed', [waiting, recovered], ['payment_succeeded']],
  [
    'a person tries another card, and that is declined too',
    [failedOnce, { ...failedOnce, payment: declined('ch_x', 1) }],
    ['payment_failure ch_1', 'payment_failure ch_x'],
  ],
  ['declined before any charge was made', [waiting, { ...failedOnce, payment: declined(null, 1) }], ['payment_failure attempt-1']],
  [
    'the charge of a known decline is told later',
    [{ ...failedOnce, payment: declined(null, 1) }, failedOnce],
    ['payment_failure attempt-1'],
  ],
  ['the customer has to confirm', [waiting, needsAction], ['payment_action_required pi_1:attempt-1']],
  ['confirmed by the customer', [needsAction, succeeded], ['payment_action_required pi_1:attempt-1', 'payment_succeeded']],
  ['a bank debit is on its way', [waiting, { ...waiting, payment: { status: 'processing' } }], ['payment_status_updated 2']],
  [
    'nothing due',
    [{ invoice: paid({ totalAmount: 0n, paidAmount: 0n }), payment: { stripePaymentIntentId: null } }],
    ['payment_succeeded'],
  ],
  [
    'money for a part',
    [waiting, { invoice: issued({ paidAmount: 1000n, remainingAmount: 2000n }), payment: { status: 'succeeded' } }],
    ['payment_status_updated 2'],
  ],
  [
    'voided while declined: nothing more to tell',
    [failedOnce, { invoice: issued({ status: 'voided' }), payment: { status: 'pending' } }],
    ['payment_failure ch_1'],
  ],
])('%s', (_title, states, expected) => {
  expect(tell(...states)).toEqual(expected);
});

function dataOf(...states: State[]) {
  let row: Payment | null = null;
  let data: Record<string, unknown> | undefined;
  for (const state of states) {
    const result: ReturnType<typeof apply> = apply(row, state);
    row = result.row;
    data = result.told.at(-1)?.data;
  }
  return data;
}

test('[RT-8] success after a failure is a recovery, success at once is none', () => {
  expect(dataOf(waiting, failedOnce, recovered)).toMatchObject({ recovered: true, paid_amount: 3000, out_of_band: false });
  expect(dataOf(waiting, succeeded)).toMatchObject({ recovered: false });
});

test('[RT-2] a failure says code, advice, attempt and when the next one comes', () => {
  const next = at('2026-02-04');
  const data = dataOf(waiting, { ...failedOnce, payment: declined('ch_1', 1, { nextAttemptAt: next }) });
  expect(data).toMatchObject({ attempt: 1, error_code: 'card_declined', decline_code: 'insufficient_funds', advice: 'try_again_later' });
  expect(data).toMatchObject({ next_attempt_at: '2026-02-04T00:00:00Z', automatic: true, provider: 'stripe', stripe_charge_id: 'ch_1' });
});

test('E3 an attempt of the schedule is automatic; a later one of a person is not, nor is one on an invoice that is sent', () => {
  expect(dataOf(waiting, failedOnce)).toMatchObject({ automatic: true });
  expect(dataOf(waiting, failedOnce, failedTwice)).toMatchObject({ automatic: true });
  expect(dataOf(failedOnce, { ...failedOnce, payment: declined('ch_x', 1) })).toMatchObject({ automatic: false });
  const sent: State = { invoice: issued({ collectionMethod: 'send_invoice' }), payment: declined('ch_1', 1) };
  expect(dataOf(sent)).toMatchObject({ automatic: false });
  expect(dataOf({ invoice: issued({ billingReason: 'subscription_create' }), payment: declined('ch_1', 1) })).toMatchObject({
    first_invoice: true,
  });
});

test('E6 money that came outside Stripe says so', () => {
  const data = dataOf(waiting, { invoice: paid({ outOfBand: true }), payment: { stripePaymentIntentId: null } });
  expect(data).toMatchObject({ out_of_band: true, automatic: false });
});

const step = fc.constantFrom(waiting, failedOnce, failedTwice, needsAction, { ...waiting, payment: { status: 'processing' as const } });
const life = fc
  .tuple(fc.array(step, { maxLength: 6 }), fc.constantFrom(succeeded, recovered, failedTwice))
  .map(([steps, last]) => [...steps, last]);

test('T15 each state twice in a row is announced once, and no announcement has the key of another', () => {
  fc.assert(
    fc.property(life, (states) => {
      expect(tell(...states.flatMap((state) => [state, state]))).toEqual(tell(...states));
    }),
  );
});

test('[I18] success is announced once and absorbs every later report', () => {
  fc.assert(
    fc.property(life, fc.array(step, { minLength: 1, maxLength: 4 }), (states, late) => {
      const told = tell(...states, succeeded, ...late);
      expect(told.filter((one) => one === 'payment_succeeded')).toHaveLength(1);
      expect(told.at(-1)).toBe('payment_succeeded');
    }),
  );
});
