import { afterAll, beforeAll, beforeEach, describe, expect, test } from 'vitest';
import { type Connected, PUBLIC_URL, type StripeWorld, startStripeWorld } from '../../../../test/support/stripe-world.ts';
import { advanceClock } from '../../../accounts/index.ts';
import { getConnection } from '../connection/queries.ts';
import { pollConnection } from './poll.ts';

/** Two lives of one subscription, on a machine that may be busy. */
const STORY_MS = 90_000;

let world: StripeWorld;
let environmentId: string;
let connected: Connected;

beforeAll(async () => {
  world = await startStripeWorld({ now: '2026-01-01T00:00:00Z' });
});
beforeEach(async () => {
  world.app.config.publicUrl = PUBLIC_URL;
  environmentId = await world.addEnvironment();
  connected = await world.connect(environmentId);
});
afterAll(() => world.close());

const advance = async (to: string) => advanceClock(await world.ctx(environmentId), { to: Temporal.Instant.from(to) });

/** Told by day and family, the order within a family kept: objects of one instant are read side by side. */
const byFamily = (lines: readonly string[]): string[] =>
  lines.toSorted((a, b) => {
    const [left, right] = [a.slice(0, a.lastIndexOf('.')), b.slice(0, b.lastIndexOf('.'))];
    return left < right ? -1 : Number(left > right);
  });

/** What was announced, with its day. */
async function told(): Promise<string[]> {
  const rows = await world.app.db
    .selectFrom('events')
    .select(['type', 'at'])
    .where('environment_id', '=', environmentId)
    .orderBy('seq')
    .execute();
  return rows.map((row) => `${row.at.toString().slice(0, 10)} ${row.type}`);
}

async function ada(trialDays?: number) {
  const { stripe } = connected;
  const customer = await stripe.customers.create({
    email: 'ada@example.com',
    name: 'Ada',
    payment_method: 'pm_card_visa',
    invoice_settings: { default_payment_method: 'pm_card_visa' },
  });
  const product = await stripe.products.create({ name: 'Acme Basic' });
  const price = await stripe.prices.create({ product: product.id, currency: 'usd', unit_amount: 2_000, recurring: { interval: 'month' } });
  const subscription = await stripe.subscriptions.create({
    customer: customer.id,
    items: [{ price: price.id }],
    ...(trialDays ? { trial_period_days: trialDays } : {}),
  });
  await world.settle(environmentId);
  return { customer, subscription, product, price };
}

describe('a subscription of January', () => {
  test('renews in February, fails in March and recovers the day after', async () => {
    const { customer, subscription } = await ada();
    await advance('2026-02-02T00:00:00Z');
    await world.sandbox.control.outcome({
      account: connected.account,
      customer: customer.id,
      outcome: { kind: 'decline', code: 'card_declined', decline_code: 'insufficient_funds' },
    });
    await advance('2026-03-10T00:00:00Z');
    const events = await told();
    expect(events.filter((line) => line.endsWith('invoice.payment_succeeded'))).toEqual(
      ['2026-01-01', '2026-02-01', '2026-03-02'].map((day) => `${day} invoice.payment_succeeded`),
    );
    expect(events).toContain('2026-03-01 invoice.payment_failure');
    expect(events).toContain('2026-01-25 invoice.upcoming');
    const row = await world.app.db
      .selectFrom('subscriptions')
      .selectAll()
      .where('stripe_id', '=', subscription.id)
      .executeTakeFirstOrThrow();
    expect([row.status, row.payment_state, row.period_end?.toString()]).toEqual(['active', 'ok', '2026-04-01T00:00:00Z']);
    const failure = await world.app.db
      .selectFrom('events')
      .select(['data', 'cause'])
      .where('environment_id', '=', environmentId)
      .where('type', '=', 'invoice.payment_failure')
      .executeTakeFirstOrThrow();
    expect(failure.data).toMatchObject({ decline_code: 'insufficient_funds', automatic: true, attempt: 1, historical: false });
    const witness = (await world.rows(environmentId)).find((one) => one.event_id === failure.cause);
    expect(['invoice.payment_failed', 'payment_intent.payment_failed', 'invoice.updated']).toContain(witness?.type);
  });

  test(
    'all at once or day by day, by webhook or by polling: the same happens on the same days',
    async () => {
      await ada(14);
      await advance('2026-02-17T00:00:00Z');
      const atOnce = await told();

      environmentId = await world.addEnvironment();
      world.app.config.publicUrl = 'http://billow.internal';
      connected = await world.connect(environmentId);
      expect((await getConnection(connected.ctx, connected.connectionId)).transport).toBe('poll');
      await ada(14);
      for (
        let day = Temporal.Instant.from('2026-01-06T00:00:00Z');
        Temporal.Instant.compare(day, Temporal.Instant.from('2026-02-17T00:00:00Z')) <= 0;
        day = day.add({ hours: 10 * 24 })
      )
        await advance(day.toString());
      await advance('2026-02-17T00:00:00Z');
      expect(byFamily(await told())).toEqual(byFamily(atOnce));
      expect(atOnce).toContain('2026-01-15 subscription.activated');
    },
    STORY_MS,
  );

  test('a refund is recorded with its payment and announced when it succeeds', async () => {
    const { subscription } = await ada();
    const invoice = await connected.stripe.invoices.retrieve(String(subscription.latest_invoice), { expand: ['payments'] });
    const intent = invoice.payments?.data[0]?.payment.payment_intent;
    await connected.stripe.refunds.create({ payment_intent: String(intent), amount: 500 });
    await world.settle(environmentId);
    const row = await world.app.db.selectFrom('refunds').selectAll().where('environment_id', '=', environmentId).executeTakeFirstOrThrow();
    expect([row.status, row.amount, row.payment_id === null, row.invoice_id === null]).toEqual(['succeeded', 500n, false, false]);
    expect((await told()).filter((line) => line.endsWith('refund.succeeded'))).toHaveLength(1);
  });
});

describe('an account with a history', () => {
  test('is mirrored without a word; what happens afterwards is told', async () => {
    const first = await ada();
    await world.settle(environmentId);
    const { disconnect } = await import('../connection/disconnect.ts');
    const { connectWithKey } = await import('../connection/connect.ts');
    const { settleConnection } = await import('../connection/settle.ts');
    await disconnect(connected.ctx, connected.connectionId);

    const later = await world.addEnvironment();
    const ctx = await world.ctx(later);
    const connection = await connectWithKey(ctx, { secretKey: connected.secretKey });
    await settleConnection(ctx, connection.id);
    environmentId = later;
    const scan = (await getConnection(ctx, connection.id)).settings.scan;
    expect(scan).toMatchObject({
      status: 'done',
      counts: { customer: 1, subscription: 1, invoice: 1, product: 1, price: 1, payment_intent: 1 },
    });
    const events = await world.app.db
      .selectFrom('events')
      .select(['type', 'data'])
      .where('environment_id', '=', later)
      .where('type', '!=', 'connection.activated')
      .execute();
    expect(events.length).toBeGreaterThan(3);
    expect(events.filter((event) => (event.data as { historical?: boolean }).historical !== true)).toEqual([]);
    const [payment] = await world.app.db
      .selectFrom('payments')
      .select(['invoice_id', 'status'])
      .where('environment_id', '=', later)
      .execute();
    expect([payment?.status, payment?.invoice_id === null]).toEqual(['succeeded', false]);

    await connected.stripe.customers.update(first.customer.id, { name: 'Ada King' });
    await world.settle(later);
    const [news] = await world.app.db
      .selectFrom('events')
      .select('data')
      .where('environment_id', '=', later)
      .where('type', '=', 'customer.updated')
      .execute();
    expect(news?.data).toMatchObject({ historical: false });
    // Events from before the connection that a poll still finds change nothing and are told to nobody.
    await pollConnection(world.app, { connection: await getConnection(ctx, connection.id), overlap: true });
    await world.settle(later);
    expect((await told()).filter((line) => line.endsWith('invoice.payment_succeeded'))).toHaveLength(1);
  });
});
