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
        'suspend' as const,
        'add' as const,
        'remove' as const,
        'let_go' as const,
        'end_schedule' as const,
      ),
    }),
  },
  {
    weight: 2,
    arbitrary: fc.record({
      kind: fc.constant('take_up' as const),
      keep: fc.boolean(),
      behavior: fc.integer({ min: 0, max: 2 }),
      success: fc.boolean(),
    }),
  },
  { weight: 1, arbitrary: fc.record({ kind: fc.constant('trial' as const), days: fc.integer({ min: 1, max: 20 }) }) },
  {
    weight: 2,
    arbitrary: fc.record({
      kind: fc.constant('plan_ahead' as const),
      price: fc.integer({ min: 0, max: 3 }),
      hours: fc.integer({ min: 1, max: 24 * 40 }),
      ends: fc.boolean(),
    }),
  },
);
type Act = typeof acts extends fc.Arbitrary<infer T> ? T : never;

const modes = fc.constantFrom(
  { type: 'flexible' as const },
  { type: 'flexible' as const, flexible: { proration_discounts: 'itemized' as const } },
  { type: 'classic' as const },
);
type Mode = typeof modes extends fc.Arbitrary<infer T> ? T : never;

const BEHAVIORS = ['create_prorations', 'always_invoice', 'none'] as const;

test('months of random changes leave the books in order', { timeout: 120_000 }, async () => {
  await fc.assert(
    fc.asyncProperty(fc.array(acts, { minLength: 5, maxLength: 25 }), fc.boolean(), modes, async (list, trial, mode) => {
      const world = await openWorld({ now: '2026-01-31T12:00:00Z' });
      try {
        await live(world, list, { trial, mode });
      } finally {
        await world.close();
      }
    }),
    { numRuns: 40, seed: 20_260_131 },
  );
});

async function live(world: World, list: Act[], how: { trial: boolean; mode: Mode }): Promise<void> {
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
    ...(how.trial ? { trial_period_days: 10 } : {}),
    billing_mode: how.mode,
  });
  let now = at('2026-01-31T12:00:00Z');
  for (const act of list) {
    if (act.kind === 'wait') now += act.hours * 3600;
    await tolerate(() => perform(world, { act, id, customer: customer.id, prices: prices.map((price) => price.id), now }));
  }
  await checkBooks(world, id, customer.id);
  await checkPreview(world, id);
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
    case 'suspend':
      return stripe.subscriptions.pause(id);
    case 'take_up':
      return stripe.subscriptions.resume(id, {
        billing_cycle_anchor: { type: act.keep ? 'unchanged' : 'now' },
        proration_behavior: BEHAVIORS[act.behavior]!,
        payment_behavior: act.success ? 'resume_on_payment_success' : 'resume_on_payment_attempt',
      });
    case 'trial':
      return stripe.subscriptions.update(id, { trial_end: to.now + act.days * 86_400 });
    case 'add':
      return stripe.subscriptionItems.create({ subscription: id, price: to.prices[1]! });
    case 'remove':
      return stripe.subscriptionItems.del((await stripe.subscriptions.retrieve(id)).items.data.at(-1)!.id);
    case 'plan_ahead':
      return planAhead(world, { id, price: to.prices[act.price]!, at: to.now + act.hours * 3600, ends: act.ends });
    case 'let_go':
      return stripe.subscriptionSchedules.release((await stripe.subscriptions.retrieve(id)).schedule as string);
    case 'end_schedule':
      return stripe.subscriptionSchedules.cancel((await stripe.subscriptions.retrieve(id)).schedule as string);
    case 'cancel':
      return stripe.subscriptions.cancel(id, { prorate: true, invoice_now: true });
  }
}

/** Puts the subscription under a schedule whose next phase begins some day, inside a period or not. */
async function planAhead(world: World, to: { id: string; price: string; at: number; ends: boolean }): Promise<unknown> {
  const { stripe } = world;
  const schedule = await stripe.subscriptionSchedules.create({ from_subscription: to.id });
  const [present] = schedule.phases;
  const items = present!.items.map(({ price, quantity }) => ({ price: price as string, quantity: quantity! }));
  return stripe.subscriptionSchedules.update(schedule.id, {
    end_behavior: to.ends ? 'cancel' : 'release',
    phases: [
      { start_date: present!.start_date, end_date: to.at, items },
      { items: [{ price: to.price }], duration: { interval: 'month' } },
    ],
  });
}

/** What the preview says now is what the renewal then bills, when nobody does anything in between. */
async function checkPreview(world: World, id: string): Promise<void> {
  const { stripe } = world;
  const subscription = await stripe.subscriptions.retrieve(id);
  if (subscription.status !== 'active' || subscription.pause_collection !== null) return;
  let preview: Stripe.Invoice;
  try {
    preview = await stripe.invoices.createPreview({ subscription: id });
  } catch (error) {
    if (error instanceof Stripe.errors.StripeError && (error.statusCode ?? 500) < 500) return;
    throw error;
  }
  await world.to(new Date((preview.created + 1) * 1000).toISOString());
  const after = await stripe.subscriptions.retrieve(id);
  if (after.status !== 'active') return;
  const renewals = await stripe.invoices.list({ subscription: id, limit: 100, created: preview.created });
  const renewal = renewals.data.find((invoice) => invoice.billing_reason === 'subscription_cycle');
  expect([renewal?.total, renewal?.lines.data.map((line) => line.amount)]).toEqual([
    preview.total,
    preview.lines.data.map((line) => line.amount),
  ]);
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
