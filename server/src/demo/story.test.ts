import { seconds, startSandbox } from 'stripe-sandbox/testing';
import { expect, test } from 'vitest';
import { openCompany } from './acts.ts';
import { PEOPLE, PLANS, PRODUCTS } from './company.ts';
import { END, instantOf, openingAfter, STORY } from './story.ts';

const iso = (instant: Temporal.Instant) => instant.toString();

/** The story in Stripe alone: what it makes there, whoever listens. */
async function play(now: string) {
  const sandbox = await startSandbox({ now });
  const from = openingAfter(Temporal.Instant.from(now));
  await sandbox.advance(iso(from));
  const cast = await openCompany(sandbox.stripe);
  const diary = STORY.map((entry) => ({ at: instantOf(from, entry), act: entry.act })).sort((a, b) => Temporal.Instant.compare(a.at, b.at));
  for (const { at, act } of diary) {
    await sandbox.advance(iso(at));
    await act(cast);
  }
  await sandbox.advance(iso(instantOf(from, END)));
  const invoices = await sandbox.stripe.invoices.list({ limit: 100 }).autoPagingToArray({ limit: 1000 });
  const subscriptions = await sandbox.stripe.subscriptions.list({ limit: 100, status: 'all' }).autoPagingToArray({ limit: 1000 });
  const refunds = await sandbox.stripe.refunds.list({ limit: 100 });
  const failures = (await sandbox.eventTypes()).filter((type) => type === 'invoice.payment_failed').length;
  await sandbox.close();
  return {
    customers: Object.keys(cast.customers).length,
    statuses: subscriptions.map(({ status }) => status).sort(),
    charged: invoices.filter(({ amount_paid }) => amount_paid > 0).length,
    free: invoices.filter(({ status, amount_paid }) => status === 'paid' && amount_paid === 0).length,
    open: invoices.filter(({ status }) => status !== 'paid').length,
    refunded: refunds.data.map(({ amount, status }) => [amount, status]),
    failures,
  };
}

const PLAYED = {
  customers: 12,
  statuses: [...Array(10).fill('active'), 'canceled', 'canceled'],
  charged: 37,
  free: 4,
  open: 0,
  refunded: [[2000, 'succeeded']],
  failures: 2,
};

test('a believable company: two products, four plans, twelve customers, four months', async () => {
  expect([Object.keys(PRODUCTS).length, Object.keys(PLANS).length, Object.keys(PEOPLE).length]).toEqual([2, 4, 12]);
  expect(await play('2026-01-10T15:42:07Z')).toEqual(PLAYED);
});

test.each(['2026-05-31T23:59:59Z', '2026-10-30T08:00:00Z', '2027-12-31T12:00:00Z'])(
  'played from %s it has the same numbers',
  async (now) => {
    expect(await play(now)).toEqual(PLAYED);
  },
);

test('it opens on the first of a month and nobody joins after the 28th, so no renewal date is ever cut short', () => {
  const from = openingAfter(Temporal.Instant.from('2026-01-31T23:00:00Z'));
  expect(iso(from)).toBe('2026-02-01T09:00:00Z');
  const days = STORY.map((entry) => instantOf(from, entry).toZonedDateTimeISO('UTC').day);
  expect(Math.max(...days)).toBeLessThanOrEqual(28);
  expect(iso(instantOf(from, END))).toBe('2026-06-02T09:00:00Z');
  expect(seconds('2026-02-01T09:00:00Z')).toBe(from.epochMilliseconds / 1000);
});
