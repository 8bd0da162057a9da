import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { type Connected, type StripeWorld, startStripeWorld } from '../../../test/support/stripe-world.ts';
import { advanceClock } from '../../accounts/index.ts';
import { connectWithKey } from './connection/connect.ts';
import { settleConnection } from './connection/settle.ts';
import { type Receiver, validSecrets } from './inbox/receiver.ts';
import { stripeMirror } from './mirror.ts';

let world: StripeWorld;
let connected: Connected;

beforeAll(async () => {
  world = await startStripeWorld({ now: '2026-01-01T00:00:00Z' });
  connected = await world.connect();
});
afterAll(() => world.close());

async function subscribed() {
  const { stripe } = connected;
  const customer = await stripe.customers.create({
    email: 'ada@example.com',
    payment_method: 'pm_card_visa',
    invoice_settings: { default_payment_method: 'pm_card_visa' },
  });
  const product = await stripe.products.create({ name: 'Acme Basic' });
  const price = await stripe.prices.create({
    product: product.id,
    currency: 'usd',
    unit_amount: 2_000,
    nickname: 'monthly',
    recurring: { interval: 'month' },
  });
  const subscription = await stripe.subscriptions.create({ customer: customer.id, items: [{ price: price.id }] });
  return { customer, product, price, subscription };
}

describe('what mails ask of Stripe', () => {
  test('names of products and prices come from our copy, with the instant it was read', async () => {
    const { product, price } = await subscribed();
    await world.settle();
    expect(await stripeMirror.product(connected.ctx, product.id)).toMatchObject({ id: product.id, name: 'Acme Basic' });
    expect(await stripeMirror.price(connected.ctx, price.id)).toMatchObject({ id: price.id, nickname: 'monthly' });
    expect(await stripeMirror.product(connected.ctx, 'prod_nobody')).toBeNull();
    expect(await stripeMirror.deepLink(connected.ctx, 'product', product.id)).toBe(
      `http://127.0.0.1:12111/${connected.account}/products/${product.id}`,
    );
  });

  test('the next invoice is Stripe’s preview, the hosted page is read at that moment', async () => {
    const { subscription } = await subscribed();
    await world.settle();
    const next = await stripeMirror.nextInvoice(connected.ctx, subscription.id);
    expect([next?.amount, next?.currency, next?.at.toString(), next?.estimated]).toEqual([2_000n, 'usd', '2026-02-01T00:00:00Z', false]);
    expect(await stripeMirror.invoiceUrl(connected.ctx, String(subscription.latest_invoice))).toMatch(/^http:\/\/127\.0\.0\.1:12111\/i\//);
    await connected.stripe.subscriptions.cancel(subscription.id);
    expect(await stripeMirror.nextInvoice(connected.ctx, subscription.id)).toBeNull();
  });

  test('an old copy is read again, a fresh one is not', async () => {
    const customer = await connected.stripe.customers.create({ name: 'Ada' });
    await world.settle();
    world.reachable = false;
    await connected.stripe.customers.update(customer.id, { name: 'Ada King' });
    const name = async () =>
      (await world.app.db.selectFrom('customers').select('name').where('stripe_id', '=', customer.id).executeTakeFirstOrThrow()).name;
    await stripeMirror.refresh(connected.ctx, { type: 'customer', stripeId: customer.id });
    expect(await name()).toBe('Ada');
    const old = world.app.machineClock.now().subtract({ minutes: 16 });
    await world.app.db.updateTable('remote_objects').set({ fetched_wall_at: old }).where('id', '=', customer.id).execute();
    await stripeMirror.refresh(connected.ctx, { type: 'customer', stripeId: customer.id });
    expect(await name()).toBe('Ada King');
    world.reachable = true;
  });
});

describe('secrets and shared accounts', () => {
  test('[W9] a rolled secret is valid at 23:59 and not at 24:01', () => {
    const rolledAt = Temporal.Instant.from('2026-01-01T00:00:00Z');
    const receiver: Receiver = {
      connectionId: 'connection_1',
      environmentId: 'environment_1',
      accountId: 'acct_1',
      livemode: false,
      secrets: [
        { value: 'whsec_new', until: null },
        { value: 'whsec_old', until: rolledAt.add({ hours: 24 }) },
      ],
    };
    expect(validSecrets(receiver, rolledAt.add({ hours: 23, minutes: 59 }))).toEqual(['whsec_new', 'whsec_old']);
    expect(validSecrets(receiver, rolledAt.add({ hours: 24, minutes: 1 }))).toEqual(['whsec_new']);
  });

  test('[W15] in an account shared with other software only what is ours is mirrored', async () => {
    const { secretKey } = await world.newAccount();
    const environmentId = await world.addEnvironment();
    const ctx = await world.ctx(environmentId);
    const connection = await connectWithKey(ctx, { secretKey, mirror: 'managed' });
    await settleConnection(ctx, connection.id);
    const stripe = world.sdk(secretKey);
    for (let n = 0; n < 5; n++) await stripe.customers.create({ email: `theirs${n}@example.com` });
    const ours = await stripe.customers.create({ email: 'ours@example.com', metadata: { billowEnvironmentId: environmentId } });
    await stripe.customers.create({ email: 'another@example.com', metadata: { billowEnvironmentId: 'environment_elsewhere' } });
    await world.settle(environmentId);
    const rows = await world.app.db.selectFrom('customers').select('stripe_id').where('environment_id', '=', environmentId).execute();
    expect(rows.map((row) => row.stripe_id)).toEqual([ours.id]);
    expect((await world.rows(environmentId)).filter((row) => row.outcome === 'foreign')).toHaveLength(6);
  });
});

describe('a Sandbox in another process', () => {
  test('is reached by its address; its clock is moved from due instant to due instant, and ours after it', async () => {
    const listening = await world.sandbox.listen(0);
    const environmentId = await world.addEnvironment();
    const ctx = await world.ctx(environmentId);
    const { account, secretKey } = await world.newAccount();
    world.app.config.publicUrl = 'http://billow.internal';
    const connection = await connectWithKey(ctx, { secretKey, apiBase: listening.url });
    await settleConnection(ctx, connection.id);
    world.sandbox.setFollower(null);
    const stripe = world.sdk(secretKey);
    const customer = await stripe.customers.create({
      payment_method: 'pm_card_visa',
      invoice_settings: { default_payment_method: 'pm_card_visa' },
    });
    const price = await stripe.prices.create({
      currency: 'usd',
      unit_amount: 700,
      recurring: { interval: 'month' },
      product_data: { name: 'Far away' },
    });
    await stripe.subscriptions.create({ customer: customer.id, items: [{ price: price.id }] });
    await advanceClock(await world.ctx(environmentId), { to: Temporal.Instant.from('2026-03-02T00:00:00Z') });
    expect((await world.sandbox.control.clock(account)).now).toBe(Date.parse('2026-03-02T00:00:00Z') / 1000);
    const paid = await world.app.db
      .selectFrom('events')
      .select('at')
      .where('environment_id', '=', environmentId)
      .where('type', '=', 'invoice.payment_succeeded')
      .orderBy('seq')
      .execute();
    expect(paid.map((row) => row.at.toString())).toEqual(['2026-01-01T00:00:00Z', '2026-02-01T01:00:00Z', '2026-03-01T01:00:00Z']);
  });
});
