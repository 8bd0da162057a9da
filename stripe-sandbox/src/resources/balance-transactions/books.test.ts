import fc from 'fast-check';
import { expect, test } from 'vitest';
import { openWorld, type World } from '../../billing/payments/test-world.ts';
import type { WorldChange } from '../../control/world/index.ts';

const DAY = 86_400;
/** On a busy machine; alone it takes two seconds. */
const SLOWEST_MS = 120_000;

type Step =
  | { do: 'pay'; amount: number; currency: 'usd' | 'eur'; token: string }
  | { do: 'refund' | 'dispute' | 'win'; which: number }
  | { do: 'payout'; amount: number }
  | { do: 'wait'; days: number };

const token = fc.constantFrom('pm_card_visa', 'pm_card_bypassPending', 'pm_card_refundFail');
const which = fc.nat({ max: 5 });
const step: fc.Arbitrary<Step> = fc.oneof(
  fc.record({
    do: fc.constant('pay' as const),
    amount: fc.integer({ min: 100, max: 9000 }),
    currency: fc.constantFrom('usd', 'eur'),
    token,
  }),
  fc.record({ do: fc.constantFrom('refund', 'dispute', 'win'), which }),
  fc.record({ do: fc.constant('payout' as const), amount: fc.integer({ min: 1, max: 4000 }) }),
  fc.record({ do: fc.constant('wait' as const), days: fc.integer({ min: 1, max: 9 }) }),
) as fc.Arbitrary<Step>;

/** The oracle: adds up every balance transaction that exists, by its own date. */
async function booked(world: World, now: number): Promise<Record<string, { available: number; pending: number }>> {
  const all = await world.stripe.balanceTransactions.list({ limit: 100 }).autoPagingToArray({ limit: 1000 });
  const sums: Record<string, { available: number; pending: number }> = { usd: { available: 0, pending: 0 } };
  for (const { currency, net, available_on, amount, fee } of all) {
    expect(net).toBe(amount - fee);
    const sum = sums[currency] ?? { available: 0, pending: 0 };
    sums[currency] = sum;
    if (available_on <= now) sum.available += net;
    else sum.pending += net;
  }
  return sums;
}

async function shown(world: World): Promise<Record<string, { available: number; pending: number }>> {
  const { available, pending } = await world.stripe.balance.retrieve();
  const of = (currency: string) => pending.find((line) => line.currency === currency)!.amount;
  return Object.fromEntries(available.map(({ currency, amount }) => [currency, { available: amount, pending: of(currency) }]));
}

async function play(world: World, steps: Step[]): Promise<void> {
  const { stripe, sandbox, account } = world;
  const charges: string[] = [];
  const disputes: string[] = [];
  let now = Date.parse('2026-01-05T09:00:00Z') / 1000;
  /** What the rules refuse changes nothing; that is what the books show. */
  const attempt = (work: Promise<unknown>) => work.catch(() => undefined);
  const happen = (change: object) => sandbox.control.world({ account, ...change } as WorldChange);
  for (const one of steps) {
    if (one.do === 'pay') {
      const intent = await stripe.paymentIntents.create({
        amount: one.amount,
        currency: one.currency,
        payment_method: one.token,
        automatic_payment_methods: { enabled: true, allow_redirects: 'never' },
        confirm: true,
      });
      charges.push(intent.latest_charge as string);
    }
    if (one.do === 'refund') await attempt(stripe.refunds.create({ charge: charges[one.which] ?? 'ch_none', amount: 70 }));
    if (one.do === 'dispute') {
      const dispute = await happen({ kind: 'open_dispute', charge: charges[one.which] ?? 'ch_none' }).catch(() => undefined);
      if (dispute !== undefined) disputes.push(dispute.id);
    }
    if (one.do === 'win') await attempt(happen({ kind: 'close_dispute', dispute: disputes[one.which] ?? 'du_none', as: 'won' }));
    if (one.do === 'payout') await attempt(stripe.payouts.create({ amount: one.amount, currency: 'usd' }));
    if (one.do === 'wait') {
      now += one.days * DAY;
      await sandbox.control.advance({ account, to: now });
    }
  }
  expect(await shown(world)).toEqual(await booked(world, now));
}

test(
  'whatever is paid, refunded, disputed, won and paid out: the balance is the sum of its transactions',
  async () => {
    await fc.assert(
      fc.asyncProperty(fc.array(step, { minLength: 4, maxLength: 14 }), async (steps) => {
        const world = await openWorld('2026-01-05T09:00:00Z', { validateResponses: false });
        try {
          await play(world, steps);
        } finally {
          await world.close();
        }
      }),
      { numRuns: 25, seed: 11 },
    );
  },
  SLOWEST_MS,
);
