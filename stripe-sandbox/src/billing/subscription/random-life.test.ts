import fc from 'fast-check';
import Stripe from 'stripe';
import { expect, test } from 'vitest';
import { at, openWorld, type World } from './test-world.ts';

/** What a merchant may do to a subscription on some day. Refusals are fine; broken books are not. */
const acts = fc.oneof(
  { weight: 6, arbitrary: fc.record({ kind: fc.constant('wait' as const), hours: fc.integer({ min: 1, max: 24 * 40 }) }) },
  {
    weight: 3,
    arbitrary: fc.record({
      kind: fc.constant('quantity' as const),
      quantity: fc.integer({ min: 1, max: 9 }),
      behavior: fc.integer({ min: 0, max: 2 }),
    }),
  },
  {
    weight: 3,
    arbitrary: fc.record({
      kind: fc.constant('price' as const),
      price: fc.integer({ min: 0, max: 3 }),
      behavior: fc.integer({ min: 0, max: 2 }),
    }),
  },
  { weight: 2, arbitrary: fc.record({ kind: fc.constant('decline' as const), times: fc.integer({ min: 1, max: 3 }) }) },
  { weight: 1, arbitrary: fc.record({ kind: fc.constant('item' as const), amount: fc.integer({ min: -3000, max: 9000 }) }) },
  { weight: 1, arbitrary: fc.record({ kind: fc.constant('cancel_at' as const), hours: fc.integer({ min: 1, max: 24 * 50 }) }) },
  { weight: 1, arbitrary: fc.record({ kind: fc.constant('discount' as const), percent: fc.integer({ min: 1, max: 100 }) }) },
  {
    weight: 1,
    arbitrary: fc.record({
      kind: fc.constant('pause' as const),
      behavior: fc.constantFrom('void' as const, 'keep_as_draft' as const, 'mark_uncollectible' as const),
    }),
  },
  {
    weight: 1,
    arbitrary: fc.record({
      kind: fc.constantFrom(
        'resume' as const,
        'anchor' as const,
        'pay' as const,
        'cancel_later' as const,
        'go_on' as const,
        'cancel' as const,
        'void' as const,
      ),
    }),
  },
);
type Act = typeof acts extends fc.Arbitrary<infer T> ? T : never;

const BEHAVIORS = ['create_prorations', 'always_invoice', 'none'] as const;

test('months of random changes leave the books in order', { timeout: 120_000 }, async () => {
  await fc.assert(
    fc.asyncProperty(fc.array(acts, { minLength: 5, maxLength: 25 }), fc.boolean(), async (list, trial) => {
      const world = await openWorld({ now: '2026-01-31T12:00:00Z' });
      try {
        await live(world, list, trial);
      } finally {
        await world.close();
      }
    }),
    { numRuns: 25, seed: 20_260_131 },
  );
});

async function live(world: World, list: Act[], trial: boolean): Promise<void> {
  const { stripe } = world;
  const customer = await world.customer();
  const prices = [
    await world.price(2000),
    await world.price(4999, {}, 'Business'),
    await world.price(0, {}, 'Free'),
    await world.price(30_000, { recurring: { interval: 'year' } }, 'Yearly'),
  ];
  const { id } = await stripe.subscriptions.create({
    customer: customer.id,
    items: [{ price: prices[0]!.id }],
    ...(trial ? { trial_period_days: 10 } : {}),
  });
  let now = at('2026-01-31T12:00:00Z');
  for (const act of list) {
    if (act.kind === 'wait') now += act.hours * 3600;
    await tolerate(() => perform(world, { act, id, customer: customer.id, prices: prices.map((price) => price.id), now }));
  }
  await checkBooks(world, id, customer.id);
}

async function perform(world: World, to: { act: Act; id: string; customer: string; prices: string[]; now: number }): Promise<unknown> {
  const { act, id } = to;
  const { stripe } = world;
  const item = async () => (await stripe.subscriptions.retrieve(id)).items.data[0]!.id;
  const latest = async () => (await stripe.subscriptions.retrieve(id)).latest_invoice as string;
  switch (act.kind) {
    case 'wait':
      return world.to(new Date(to.now * 1000).toISOString());
    case 'quantity':
      return stripe.subscriptionItems.update(await item(), { quantity: act.quantity, proration_behavior: BEHAVIORS[act.behavior]! });
    case 'price':
      return stripe.subscriptions.update(id, {
        items: [{ id: await item(), price: to.prices[act.price]! }],
        proration_behavior: BEHAVIORS[act.behavior]!,
      });
    case 'decline':
      return world.sandbox.control.outcome({
        account: world.account,
        customer: to.customer,
        times: act.times,
        outcome: { kind: 'decline', code: 'card_declined' },
      });
    case 'item':
      return stripe.invoiceItems.create({ customer: to.customer, amount: act.amount, currency: 'usd' });
    case 'discount':
      return stripe.subscriptions.update(id, {
        discounts: [{ coupon: (await stripe.coupons.create({ percent_off: act.percent, duration: 'once' })).id }],
      });
    case 'pause':
      return stripe.subscriptions.update(id, { pause_collection: { behavior: act.behavior } });
    case 'resume':
      return stripe.subscriptions.update(id, { pause_collection: '' });
    case 'anchor':
      return stripe.subscriptions.update(id, { billing_cycle_anchor: { type: 'now' } });
    case 'pay':
      return stripe.invoices.pay(await latest());
    case 'void':
      return stripe.invoices.voidInvoice(await latest());
    case 'cancel_at':
      return stripe.subscriptions.update(id, { cancel_at: to.now + act.hours * 3600 });
    case 'cancel_later':
      return stripe.subscriptions.update(id, { cancel_at_period_end: true });
    case 'go_on':
      return stripe.subscriptions.update(id, { cancel_at_period_end: false });
    case 'cancel':
      return stripe.subscriptions.cancel(id, { prorate: true, invoice_now: true });
  }
}

/** Stripe's refusals are part of life, a fault of the Sandbox (500) is not. */
async function tolerate(run: () => Promise<unknown>): Promise<void> {
  try {
    await run();
  } catch (error) {
    if (error instanceof Stripe.errors.StripeError && (error.statusCode ?? 500) < 500) return;
    throw error;
  }
}

async function checkBooks(world: World, id: string, customerId: string): Promise<void> {
  const { stripe } = world;
  const invoices = await stripe.invoices
    .list({ customer: customerId, limit: 100, expand: ['data.payments'] })
    .autoPagingToArray({ limit: 1000 });
  for (const invoice of invoices) {
    const lines = invoice.lines.data.reduce((sum, line) => sum + line.amount, 0);
    const off = (invoice.total_discount_amounts ?? []).reduce((sum, part) => sum + part.amount, 0);
    expect(invoice.subtotal).toBe(lines);
    expect(invoice.total).toBe(lines - off);
    expect(invoice.amount_due).toBeGreaterThanOrEqual(0);
    expect(invoice.amount_due).toBe(invoice.amount_paid + invoice.amount_remaining);
    const payments = invoice.payments?.data ?? [];
    expect(payments.filter((payment) => payment.status === 'open').length).toBeLessThanOrEqual(1);
    const paid = payments.filter((payment) => payment.status === 'paid').reduce((sum, payment) => sum + (payment.amount_paid ?? 0), 0);
    if (invoice.status === 'paid') expect(paid).toBe(invoice.amount_paid);
    if (invoice.status === 'draft') expect([invoice.number, payments.length]).toEqual([null, 0]);
    else expect(invoice.number).not.toBeNull();
  }
  await checkBalance(world, customerId);
  const subscription = await stripe.subscriptions.retrieve(id);
  if (subscription.status === 'active')
    for (const item of subscription.items.data) expect(item.current_period_end).toBeGreaterThan(item.current_period_start);
  const created = (await world.events()).map((event) => event.created as number);
  expect(created).toEqual([...created].sort((a, b) => a - b));
}

/** The balance is the sum of its transactions. */
async function checkBalance(world: World, customerId: string): Promise<void> {
  const moves = await world.stripe.customers.listBalanceTransactions(customerId, { limit: 100 });
  const customer = (await world.stripe.customers.retrieve(customerId)) as Stripe.Customer;
  expect(moves.data.reduce((sum, move) => sum + move.amount, 0)).toBe(customer.balance);
  if (moves.data.length > 0) expect(moves.data[0]!.ending_balance).toBe(customer.balance);
}
