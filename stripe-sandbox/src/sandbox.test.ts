import Stripe from 'stripe';
import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest';
import { createSandbox, type Sandbox, seededRandom } from './index.ts';
import { emptyDump } from './store/port.ts';
import { manualClock, openPglite, sdkFor, seconds, startSandbox } from './testing/index.ts';

const open: { close(): Promise<void> }[] = [];
let database: Awaited<ReturnType<typeof openPglite>>;
beforeAll(async () => {
  database = await openPglite();
});
afterAll(() => database.close());
afterEach(async () => {
  for (const thing of open.splice(0).reverse()) await thing.close();
});

async function start(options: Parameters<typeof startSandbox>[0] = {}) {
  const world = await startSandbox(options);
  open.push(world);
  return world;
}

/** The SDK through a socket. */
async function overHttp(sandbox: Sandbox, key: string): Promise<Stripe> {
  const server = await sandbox.listen(0);
  return new Stripe(key, { host: '127.0.0.1', port: server.port, protocol: 'http', telemetry: false, maxNetworkRetries: 0 });
}

/** A life: trial, first payment, a declined renewal, recovery. Answers what a merchant would see. */
async function live(stripe: Stripe, advance: (to: string) => Promise<void>, fail: (customer: string) => Promise<void>) {
  const product = await stripe.products.create({ name: 'Pro' });
  const price = await stripe.prices.create({ product: product.id, currency: 'usd', unit_amount: 2900, recurring: { interval: 'month' } });
  const customer = await stripe.customers.create({
    email: 'max@example.com',
    payment_method: 'pm_card_visa',
    invoice_settings: { default_payment_method: 'pm_card_visa' },
  });
  const subscription = await stripe.subscriptions.create({ customer: customer.id, items: [{ price: price.id }], trial_period_days: 14 });
  const statuses = [subscription.status];
  const look = async () => void statuses.push((await stripe.subscriptions.retrieve(subscription.id)).status);
  await advance('2026-01-15T02:00:00Z');
  await look();
  await fail(customer.id);
  await advance('2026-02-15T02:00:00Z');
  await look();
  await advance('2026-02-17T00:00:00Z');
  await look();
  const invoices = await stripe.invoices.list({ subscription: subscription.id });
  return {
    statuses,
    invoices: invoices.data
      .map((invoice) => ({ status: invoice.status, paid: invoice.amount_paid, attempts: invoice.attempt_count }))
      .reverse(),
  };
}

const EXPECTED = {
  statuses: ['trialing', 'active', 'past_due', 'active'],
  invoices: [
    { status: 'paid', paid: 0, attempts: 0 },
    { status: 'paid', paid: 2900, attempts: 1 },
    { status: 'paid', paid: 2900, attempts: 2 },
  ],
};

describe('trial, payment, declined renewal and recovery', () => {
  it.each(['in process', 'over HTTP'])('through the official SDK %s', async (way) => {
    const { sandbox, account, secretKey, advance, eventTypes } = await start();
    const stripe = way === 'in process' ? sdkFor(sandbox, secretKey) : await overHttp(sandbox, secretKey);
    const fail = (customer: string) =>
      sandbox.control.outcome({
        account,
        customer,
        outcome: { kind: 'decline', code: 'card_declined', decline_code: 'insufficient_funds' },
      });
    expect(await live(stripe, advance, fail)).toEqual(EXPECTED);
    const types = await eventTypes();
    expect(types).toEqual(
      expect.arrayContaining([
        'customer.subscription.trial_will_end',
        'invoice.upcoming',
        'invoice.payment_failed',
        'invoice.paid',
        'charge.failed',
      ]),
    );
  });

  it('leaves the same state in memory and in the database', async () => {
    const hashes: string[] = [];
    for (const kind of ['memory', 'PGlite']) {
      const clock = { ...manualClock('2026-01-01T00:00:00Z'), after: () => () => undefined };
      const { sandbox, account, stripe, advance } = await start({
        clock,
        random: seededRandom(7),
        validateResponses: false,
        ...(kind === 'memory' ? {} : { store: database.store }),
      });
      // The SDK's own random idempotency keys end up in events; fixed ones make two lives comparable.
      let count = 0;
      const keyed = () => {
        count += 1;
        return { idempotencyKey: `key_${count}` };
      };
      const customer = await stripe.customers.create(
        { name: 'Max', payment_method: 'pm_card_visa', invoice_settings: { default_payment_method: 'pm_card_visa' } },
        keyed(),
      );
      const product = await stripe.products.create({ name: 'Pro' }, keyed());
      const price = await stripe.prices.create(
        { product: product.id, currency: 'usd', unit_amount: 2900, recurring: { interval: 'month' } },
        keyed(),
      );
      await stripe.subscriptions.create({ customer: customer.id, items: [{ price: price.id }] }, keyed());
      await sandbox.control.outcome({ account, customer: customer.id, outcome: { kind: 'decline', code: 'card_declined' } });
      await advance('2026-02-10T00:00:00Z');
      hashes.push((await sandbox.control.state(account)).hash);
    }
    expect(hashes[1]).toBe(hashes[0]);
  });

  it('survives a restart of the process on its database', async () => {
    await database.store.replace(undefined, emptyDump());
    const first = await start({ store: database.store });
    const customer = await first.stripe.customers.create({ name: 'Max' }, { idempotencyKey: 'once' });
    await first.close();
    const second = await createSandbox({ store: database.store });
    open.push(second);
    const stripe = sdkFor(second, first.secretKey);
    expect((await stripe.customers.create({ name: 'Max' }, { idempotencyKey: 'once' })).id).toBe(customer.id);
    expect((await stripe.customers.list()).data).toHaveLength(1);
  });
});

describe('a platform acting for a connected account', () => {
  it('needs a grant, and its Connect endpoint hears of the account', async () => {
    const heard: { type: string; account?: string }[] = [];
    const world = await start({
      deliver: async (request) => {
        heard.push(JSON.parse(request.body));
        return { status: 200, body: '' };
      },
    });
    const { control } = world.sandbox;
    const platform = await control.createPlatform({ name: 'Billow' });
    const stripe = sdkFor(world.sandbox, platform.secretKey);
    await expect(stripe.customers.list({}, { stripeAccount: world.account })).rejects.toMatchObject({
      statusCode: 403,
      code: 'account_invalid',
    });
    const created = seconds('2026-01-01T00:00:00Z');
    await control.seed({
      account: platform.account,
      objects: [{ id: `grant_${world.account}`, object: 'sandbox.oauth_grant', created, revoked: false }],
    });
    await control.seed({
      account: world.account,
      objects: [
        { id: `install_${platform.account}`, object: 'sandbox.oauth_install', created, platform: platform.account, revoked: false },
      ],
    });
    await stripe.webhookEndpoints.create({ url: 'http://127.0.0.1:1/connect', enabled_events: ['*'], connect: true });
    const customer = await stripe.customers.create({ name: 'Theirs' }, { stripeAccount: world.account });
    expect((await world.stripe.customers.list()).data.map((found) => found.id)).toEqual([customer.id]);
    await control.idle();
    expect(heard).toMatchObject([{ type: 'customer.created', account: world.account }]);
    await control.world({ account: world.account, kind: 'revoke_grant', platform: platform.account });
    await control.idle();
    expect(heard.at(-1)).toMatchObject({ type: 'account.application.deauthorized', account: world.account });
    await expect(stripe.customers.list({}, { stripeAccount: world.account })).rejects.toMatchObject({ statusCode: 403 });
  });
});
