import fc from 'fast-check';
import type Stripe from 'stripe';
import { expect, test } from 'vitest';
import { openWorld } from '../subscription/test-world.ts';

const START = Date.UTC(2026, 0, 1) / 1000;
const HOUR = 3600;

type Step =
  | { kind: 'use'; value: number }
  | { kind: 'late'; value: number; hours: number }
  | { kind: 'price'; to: 0 | 1 }
  | { kind: 'anchor' }
  | { kind: 'pause'; hours: number }
  | { kind: 'threshold'; amount: number };

const step: fc.Arbitrary<Step> = fc.oneof(
  { weight: 6, arbitrary: fc.record({ kind: fc.constant('use' as const), value: fc.integer({ min: 1, max: 90 }) }) },
  {
    weight: 2,
    arbitrary: fc.record({
      kind: fc.constant('late' as const),
      value: fc.integer({ min: 1, max: 9 }),
      hours: fc.integer({ min: 1, max: 200 }),
    }),
  },
  { weight: 2, arbitrary: fc.record({ kind: fc.constant('price' as const), to: fc.constantFrom(0 as const, 1 as const) }) },
  { weight: 1, arbitrary: fc.record({ kind: fc.constant('anchor' as const) }) },
  { weight: 1, arbitrary: fc.record({ kind: fc.constant('pause' as const), hours: fc.integer({ min: 1, max: 300 }) }) },
  { weight: 1, arbitrary: fc.record({ kind: fc.constant('threshold' as const), amount: fc.integer({ min: 50, max: 500 }) }) },
);
const life = fc.array(fc.record({ step, wait: fc.integer({ min: 1, max: 300 }) }), { minLength: 4, maxLength: 14 });

/**
 * What a subscription of one metered item has to bill in its life, kept beside the Sandbox in the simplest way: who held which price when, and
 * up to when everything is billed for good.
 */
function newBook() {
  const spans: { from: number; price: number | null }[] = [];
  const owed = [0, 0];
  const priceAt = (at: number) => spans.filter((span) => span.from <= at).at(-1)?.price ?? null;
  return {
    holds: (from: number, price: number | null) => void spans.push({ from, price }),
    /** Usage before `closed` comes too late. */
    used(at: number, value: number, closed: number) {
      const price = priceAt(at);
      if (price !== null && at >= closed) owed[price]! += value;
    },
    owed,
  };
}

test('whatever happens in between, every unit is billed once, at the price that was in force when it was used', async () => {
  await fc.assert(
    fc.asyncProperty(life, async (steps) => {
      const world = await openWorld({ now: '2026-01-01' });
      try {
        const { stripe } = world;
        const customer = await world.customer();
        const meter = await stripe.billing.meters.create({ display_name: 'C', event_name: 'c', default_aggregation: { formula: 'sum' } });
        const prices: Stripe.Price[] = [];
        for (const unit_amount of [3, 7]) {
          const recurring = { interval: 'month' as const, usage_type: 'metered' as const, meter: meter.id };
          prices.push(await stripe.prices.create({ currency: 'usd', unit_amount, recurring, product_data: { name: `P${unit_amount}` } }));
        }
        const { id } = await stripe.subscriptions.create({ customer: customer.id, items: [{ price: prices[0]!.id }] });
        const item = (await stripe.subscriptions.retrieve(id)).items.data[0]!.id;
        const book = newBook();
        let [now, price, settled] = [START, 0, START];
        book.holds(now, price);
        const to = async (seconds: number) => {
          now = seconds;
          await world.sandbox.control.advance({ account: world.account, to: now });
        };
        const invoices = async () => (await stripe.invoices.list({ customer: customer.id, limit: 100 })).data;
        /** The end of the latest usage on an invoice that is no draft any more; a moved anchor bills at once, be it nothing. */
        const closed = async () =>
          Math.max(
            settled,
            ...(await invoices()).flatMap((one) => (one.status === 'draft' ? [] : one.lines.data.map((line) => line.period.end))),
          );
        const report = async (value: number, at: number) => {
          book.used(at, value, await closed());
          const payload = { stripe_customer_id: customer.id, value: String(value) };
          await stripe.billing.meterEvents.create({ event_name: 'c', payload, timestamp: at });
        };
        for (const { step: what, wait } of steps) {
          // Off the hours at which drafts are made and finalized, so that no two things happen in one second.
          await to(START + Math.ceil((now - START) / HOUR) * HOUR + wait * HOUR + 1800);
          if (what.kind === 'use') await report(what.value, now);
          else if (what.kind === 'late') await report(what.value, Math.max(now - what.hours * HOUR, START));
          else if (what.kind === 'price' && what.to !== price) {
            price = what.to;
            await stripe.subscriptions.update(id, { items: [{ id: item, price: prices[price]!.id }] });
            book.holds(now, price);
          } else if (what.kind === 'anchor') {
            await stripe.subscriptions.update(id, { billing_cycle_anchor: { type: 'now' } });
            settled = now;
          } else if (what.kind === 'threshold') await stripe.subscriptions.update(id, { billing_thresholds: { amount_gte: what.amount } });
          else if (what.kind === 'pause') {
            await stripe.subscriptions.pause(id, { type: 'subscription' });
            book.holds(now, null);
            await to(now + what.hours * HOUR);
            await stripe.subscriptions.resume(id, { billing_cycle_anchor: { type: 'unchanged' } });
            book.holds(now, price);
          }
        }
        await to(now + 2 * HOUR);
        await stripe.subscriptions.cancel(id, { invoice_now: true });
        await to(now + 2 * HOUR);
        const lines = (await invoices()).flatMap((invoice) => invoice.lines.data);
        const billed = prices.map((one) =>
          lines.filter((line) => line.pricing!.price_details!.price === one.id).reduce((sum, line) => sum + line.quantity!, 0),
        );
        expect(billed).toEqual(book.owed);
        expect(lines.reduce((sum, line) => sum + line.amount, 0)).toBe(3 * book.owed[0]! + 7 * book.owed[1]!);
      } finally {
        await world.close();
      }
    }),
    { numRuns: 25, seed: 20_260_101 },
  );
});
