/** The proration engine against an oracle written apart from it, with exact rational numbers [S 3.3, 3.4]. */
import fc from 'fast-check';
import { expect, test } from 'vitest';
import { anchorFromConfig, boundary, periodAt, wholePeriod } from '../subscription/period.ts';
import { openWorld } from '../subscription/test-world.ts';
import { shareOf, unusedCredit, unusedItemized } from './prorate.ts';
import { calendarDay, dayNumber, nearest, nthBoundary, type OracleChange, type OracleStart, part, prorations } from './test-oracle.ts';

const instants = fc.integer({ min: dayNumber(2024, 1, 1) * 86_400, max: dayNumber(2040, 12, 31) * 86_400 });
/** Days that calendars stumble over. */
const edges = fc.constantFrom(
  ...[
    [2026, 1, 29],
    [2026, 1, 30],
    [2026, 1, 31],
    [2028, 1, 31],
    [2028, 2, 29],
    [2026, 2, 28],
    [2027, 12, 31],
    [2026, 8, 31],
  ].map(([year = 0, month = 0, day = 0]) => dayNumber(year, month, day) * 86_400 + 12 * 3600),
);
const every = fc.record({
  interval: fc.constantFrom('day' as const, 'week' as const, 'month' as const, 'year' as const),
  count: fc.integer({ min: 1, max: 6 }),
});

test('the oracle’s calendar is the calendar', () => {
  fc.assert(
    fc.property(instants, (instant) => {
      const date = new Date(instant * 1000);
      const days = Math.floor(instant / 86_400);
      const own = calendarDay(days);
      expect(own).toEqual({ year: date.getUTCFullYear(), month: date.getUTCMonth() + 1, day: date.getUTCDate() });
      expect(dayNumber(own.year, own.month, own.day)).toBe(days);
    }),
  );
});

test('[S 3.3] every boundary from every anchor, the asked-for day included', () => {
  fc.assert(
    fc.property(fc.oneof(instants, edges), every, fc.integer({ min: -30, max: 30 }), (anchor, cadence, n) => {
      expect(boundary(anchor, cadence, n)).toBe(nthBoundary(anchor, cadence, n));
      expect(boundary({ at: anchor, day: 31 }, cadence, n)).toBe(nthBoundary(anchor, cadence, n, 31));
      const at = boundary(anchor, cadence, n);
      expect(periodAt(anchor, cadence, at)).toEqual({ start: at, end: nthBoundary(anchor, cadence, n + 1) });
    }),
  );
});

test('[S 3.3] billing_cycle_anchor_config: the day asked for, or the last of a shorter month, at most a month away', () => {
  fc.assert(
    fc.property(fc.oneof(instants, edges), fc.integer({ min: 1, max: 31 }), (created, day) => {
      const anchor = anchorFromConfig({ day_of_month: day }, created);
      const { year, month, day: found } = calendarDay(Math.floor(anchor / 86_400));
      const length = new Date(Date.UTC(year, month, 0)).getUTCDate();
      expect(found).toBe(Math.min(day, length));
      expect(anchor).toBeGreaterThanOrEqual(created);
      expect(anchor - created).toBeLessThanOrEqual(31 * 86_400);
    }),
  );
});

test('[S 3.4] shares, credits and itemized credits to the unit, up to the largest amounts', () => {
  const amount = fc.integer({ min: 0, max: 99_999_999 });
  fc.assert(
    fc.property(fc.oneof(instants, edges), every, amount, fc.nat(), fc.nat({ max: 5000 }), (anchor, cadence, whole, offset, percent) => {
      const period = periodAt(anchor, cadence, anchor);
      const length = period.end - period.start;
      const at = period.start + (offset % (length + 1));
      expect(wholePeriod(anchor, cadence, period)).toEqual(period);
      expect(shareOf(whole, { start: at, end: period.end }, period)).toBe(nearest(part(whole, period.end - at, length)));
      const off = nearest(part(whole, percent, 10_000));
      const debit = {
        ...period,
        amount: whole - off,
        discounts: [{ discount: 'di_1', amount: off }],
        invoice: null,
        lines: [],
        invoiceItem: null,
      };
      expect(unusedCredit(debit, at) + 0).toBe(nearest(part(off - whole, period.end - at, length)));
      const itemized = unusedItemized(debit, at);
      expect(itemized.amount + 0).toBe(nearest(part(-whole, period.end - at, length)));
      expect(itemized.discounts[0]!.amount + 0).toBe(nearest(part(-off, period.end - at, length)));
    }),
    { numRuns: 500 },
  );
});

const changes = fc.array(
  fc.record({
    /** Where in what is left of the period, in millionths. */
    place: fc.integer({ min: 0, max: 999_999 }),
    price: fc.integer({ min: 0, max: 2 }),
    quantity: fc.integer({ min: 1, max: 40 }),
    behavior: fc.constantFrom('create_prorations' as const, 'create_prorations' as const, 'none' as const),
  }),
  { minLength: 1, maxLength: 5 },
);
const lives = fc.record({
  start: fc.oneof(instants, edges),
  currency: fc.constantFrom('usd', 'jpy', 'kwd', 'eur'),
  amounts: fc.tuple(...[0, 1, 2].map(() => fc.integer({ min: 100, max: 60_000 }))),
  every: fc.constantFrom(
    { interval: 'month' as const, count: 1 },
    { interval: 'month' as const, count: 1 },
    { interval: 'month' as const, count: 3 },
    { interval: 'week' as const, count: 1 },
    { interval: 'year' as const, count: 1 },
  ),
  quantity: fc.integer({ min: 1, max: 20 }),
  /** How far the anchor is, in thousandths of a period; 0 = no anchor of its own. */
  anchor: fc.oneof(fc.constant(0), fc.integer({ min: 1, max: 1000 })),
  percentHundredths: fc.oneof(fc.constant(0), fc.constantFrom(1000, 3333, 2500, 9999)),
  changes,
});
type Life = typeof lives extends fc.Arbitrary<infer T> ? T : never;

test('[S 3.4] several changes in one period, any currency, calendar, anchor and discount: each proration and the next bill', {
  timeout: 120_000,
}, async () => {
  await fc.assert(fc.asyncProperty(lives, live), { numRuns: 45, seed: 20_260_116 });
});

async function live(life: Life): Promise<void> {
  const { start, every: cadence } = life;
  const anchor = start + Math.floor(((nthBoundary(start, cadence, 1) - start) * life.anchor) / 1000);
  const oracle: OracleStart = {
    start,
    anchor,
    every: cadence,
    amount: life.amounts[0]!,
    quantity: life.quantity,
    percentHundredths: life.percentHundredths,
  };
  const end = anchor > start ? anchor : nthBoundary(anchor, cadence, 1);
  const planned = planChanges(life, start, end);
  const expected = prorations(oracle, planned);

  const world = await openWorld({ now: new Date(start * 1000).toISOString() });
  try {
    const { stripe } = world;
    const recurring = { interval: cadence.interval, interval_count: cadence.count };
    const prices = [];
    for (const [index, amount] of life.amounts.entries())
      prices.push(await world.price(amount!, { currency: life.currency, recurring }, `Plan ${index}`));
    const customer = await world.customer();
    const coupon =
      life.percentHundredths === 0 ? null : await stripe.coupons.create({ percent_off: life.percentHundredths / 100, duration: 'forever' });
    const subscription = await stripe.subscriptions.create({
      customer: customer.id,
      items: [{ price: prices[0]!.id, quantity: life.quantity }],
      ...(coupon === null ? {} : { discounts: [{ coupon: coupon.id }] }),
      ...(anchor === start ? {} : { billing_cycle_anchor: anchor }),
      // Dinars are charged in steps of ten fils only; prorations are not bound to that, so nothing is charged here.
      ...(life.currency === 'kwd' ? { collection_method: 'send_invoice' as const, days_until_due: 30 } : {}),
      expand: ['latest_invoice'],
    });
    expect(subscription.latest_invoice).toMatchObject({ total: expected.first });
    const item = subscription.items.data[0]!.id;
    for (const [index, change] of planned.entries()) {
      await world.to(new Date(change.at * 1000).toISOString());
      const price = prices[life.changes[index]!.price]!.id;
      await stripe.subscriptions.update(subscription.id, {
        items: [{ id: item, price, quantity: change.quantity }],
        proration_behavior: change.behavior,
      });
    }
    const pending = (await stripe.invoiceItems.list({ customer: customer.id, pending: true, limit: 100 })).data.reverse();
    expect(pending.map((entry) => entry.amount)).toEqual(expected.items);
    const preview = await stripe.invoices.createPreview({ subscription: subscription.id });
    const last = planned.at(-1)!;
    const gross = last.amount * last.quantity;
    const net = gross - nearest(part(gross, life.percentHundredths, 10_000));
    expect(preview.total).toBe(net + expected.items.reduce((sum, amount) => sum + amount, 0));
  } finally {
    await world.close();
  }
}

/** The changes at instants to the second, in order, all inside the first period; one that changes nothing gets one unit more. */
function planChanges(life: Life, start: number, end: number): OracleChange[] {
  let [at, amount, quantity] = [start, life.amounts[0]!, life.quantity];
  return life.changes.map((change) => {
    at += Math.floor(((end - 1 - at) * change.place) / 1_000_000);
    const next = life.amounts[change.price]!;
    if (next === amount && change.quantity === quantity) change.quantity += 1;
    amount = next;
    quantity = change.quantity;
    return { at, amount, quantity, behavior: change.behavior };
  });
}
