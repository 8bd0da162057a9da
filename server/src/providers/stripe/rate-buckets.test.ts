import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { type Budget, budgetsOf, type Call, LANES, type Level, levelAt, waitMs } from './rate-buckets.ts';

const call = (method: string, path: string, more: Partial<Call> = {}): Call => ({ method, path, lane: 'money', ...more });
const names = (one: Call, livemode = false) => budgetsOf(one, { livemode }).map(({ bucket }) => bucket);

describe('[P6] the budgets of a call', () => {
  const cases: [string, Call, string[]][] = [
    ['a read', call('GET', '/v1/customers/cus_Abc1234567?expand[0]=x'), ['total', 'endpoint GET /v1/customers/{id}']],
    ['a search', call('GET', '/v1/customers/search?query=x'), ['total', 'endpoint GET /v1/customers/search']],
    ['an import', call('GET', '/v1/customers', { lane: 'import' }), ['total', 'import', 'endpoint GET /v1/customers']],
    [
      'a write of a PaymentIntent',
      call('POST', '/v1/payment_intents/pi_3Abcdefgh/confirm'),
      ['total', 'endpoint POST /v1/payment_intents/{id}/confirm', 'payment_intent pi_3Abcdefgh'],
    ],
    ['a read of one', call('GET', '/v1/payment_intents/pi_3Abcdefgh'), ['total', 'endpoint GET /v1/payment_intents/{id}']],
    [
      'an invoice of a subscription',
      call('POST', '/v1/invoices', { params: { subscription: 'sub_1' } }),
      ['total', 'endpoint POST /v1/invoices', 'invoices sub_1 minute', 'invoices sub_1 day'],
    ],
    ['an invoice of nobody', call('POST', '/v1/invoices', { params: { customer: 'cus_1' } }), ['total', 'endpoint POST /v1/invoices']],
    [
      'a quantity',
      call('POST', '/v1/subscriptions/sub_Abc1234567', { params: { items: [{ id: 'si_1', quantity: 2 }] } }),
      ['total', 'endpoint POST /v1/subscriptions/{id}', 'quantity sub_Abc1234567'],
    ],
    [
      'a subscription without a quantity',
      call('POST', '/v1/subscriptions/sub_Abc1234567', { params: { cancel_at_period_end: true } }),
      ['total', 'endpoint POST /v1/subscriptions/{id}'],
    ],
  ];
  for (const [name, one, expected] of cases) test(name, () => expect(names(one)).toEqual(expected));

  test('live has four times the pace of test, an endpoint twenty a second and a search fifteen', () => {
    const of = (one: Call, livemode: boolean) =>
      Object.fromEntries(budgetsOf(one, { livemode }).map((b) => [b.bucket.split(' ')[0], b.perSecond]));
    expect(of(call('GET', '/v1/prices', { lane: 'import' }), true)).toEqual({ total: 80, import: 24, endpoint: 20 });
    expect(of(call('GET', '/v1/prices/search?query=a', { lane: 'import' }), false)).toEqual({ total: 20, import: 6, endpoint: 15 });
  });

  test('each lane leaves something for every lane before it', () => {
    for (const livemode of [false, true]) {
      const floors = LANES.map((lane) => budgetsOf(call('GET', '/v1/prices', { lane }), { livemode })[0]!);
      expect(floors.map(({ floor }) => floor)).toEqual(livemode ? [0, 4, 8, 12, 16] : [0, 1, 2, 3, 4]);
      expect(floors.every(({ floor, most }) => floor + 1 <= most)).toBe(true);
    }
  });
});

/** Written without the code above: the most calls that any span of the length saw. */
function mostWithin(times: readonly number[], spanMs: number): number {
  let most = 0;
  for (let from = 0, to = 0; to < times.length; to++) {
    while (times[to]! - times[from]! >= spanMs) from++;
    most = Math.max(most, to - from + 1);
  }
  return most;
}

/** When calls get through that come at these times and wait for their turn. */
function played(budget: Budget, arrivals: readonly number[]): number[] {
  let level: Level | null = null;
  let nowMs = 0;
  return arrivals.map((arrival) => {
    nowMs = Math.max(nowMs, arrival);
    for (;;) {
      level = levelAt(level, budget, { nowMs, isSlow: false });
      const wait = waitMs(level, budget, { isSlow: false });
      if (wait === 0) break;
      nowMs += Math.ceil(wait);
    }
    level.tokens -= 1;
    return nowMs;
  });
}

const budget = (one: Call, prefix: string, livemode = false) =>
  budgetsOf(one, { livemode }).find(({ bucket }) => bucket.startsWith(prefix)) as Budget;

describe('[P6] whenever calls come, no span of time sees more than Stripe allows', () => {
  const limits: [string, Budget, number, number][] = [
    ['a test account, 25 a second', budget(call('GET', '/v1/prices'), 'total'), 25, 1_000],
    ['a live account, 100 a second', budget(call('GET', '/v1/prices'), 'total', true), 100, 1_000],
    ['an endpoint, 25 a second', budget(call('GET', '/v1/prices'), 'endpoint'), 25, 1_000],
    ['search, 20 a second', budget(call('GET', '/v1/prices/search'), 'endpoint'), 20, 1_000],
    ['a PaymentIntent, 1,000 an hour', budget(call('POST', '/v1/payment_intents/pi_1234567'), 'payment_intent'), 1_000, 3_600_000],
    ['invoices of a subscription, 10 a minute', invoices('minute'), 10, 60_000],
    ['invoices of a subscription, 20 a day', invoices('day'), 20, 86_400_000],
  ];
  for (const [name, one, most, span] of limits) {
    test(name, () => {
      const gaps = fc.array(fc.oneof(fc.constant(0), fc.integer({ min: 0, max: Math.ceil(span / most) * 3 })), { maxLength: most * 3 });
      fc.assert(
        fc.property(gaps, (list) => {
          const arrivals = list.map((_, n) => list.slice(0, n + 1).reduce((sum, gap) => sum + gap, 0));
          expect(mostWithin(played(one, arrivals), span)).toBeLessThanOrEqual(most);
        }),
        { numRuns: most > 500 ? 5 : 60 },
      );
      // And a flood at once gets at least most of what is allowed: half the limit in the first span and a bit.
      const flood = played(
        one,
        Array.from({ length: most * 2 }, () => 0),
      );
      expect(mostWithin(flood, span)).toBeGreaterThanOrEqual(most / 2);
    });
  }

  function invoices(span: string): Budget {
    const all = budgetsOf(call('POST', '/v1/invoices', { params: { subscription: 'sub_1' } }), { livemode: false });
    return all.find(({ bucket }) => bucket.endsWith(span)) as Budget;
  }
});

test('a clock that goes back brings no token and takes none', () => {
  const one = budget(call('GET', '/v1/prices'), 'total');
  const level = levelAt({ tokens: 2, atMs: 10_000 }, one, { nowMs: 4_000, isSlow: false });
  expect(level).toEqual({ tokens: 2, atMs: 10_000 });
});
