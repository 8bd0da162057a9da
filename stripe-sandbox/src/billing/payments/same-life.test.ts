/** Payments, disputes, debits, payouts and entitlements on every store: the same requests leave the same rows. */
import { expect, test } from 'vitest';
import { openPglite } from '../../testing/index.ts';
import { openWorld, type World } from './test-world.ts';

const START = Date.parse('2026-01-05T09:00:00Z');
const DAY = 86_400;
/** On a busy machine; alone it takes seconds. */
const SLOWEST_MS = 180_000;
const STILL = { now: () => START, after: () => () => undefined };
const NO_REDIRECTS = { enabled: true, allow_redirects: 'never' } as const;
const CONSENT = { customer_acceptance: { type: 'offline' } } as const;

/** A few weeks of an account; answers everything it holds at the end. */
async function live(world: World) {
  const { stripe, sandbox, account } = world;
  const steps = [0];
  /** The SDK's own keys are random; these make two lives comparable. */
  const key = () => ({ idempotencyKey: `step-${steps.push(0)}` });
  const pay = (token: string, currency = 'usd') =>
    stripe.paymentIntents.create(
      { amount: 4200, currency, payment_method: token, automatic_payment_methods: NO_REDIRECTS, mandate_data: CONSENT, confirm: true },
      key(),
    );
  const settle = () => sandbox.control.idle(account);
  const feature = await stripe.entitlements.features.create({ name: 'API', lookup_key: 'api' }, key());
  const product = await stripe.products.create({ name: 'Team' }, key());
  await stripe.products.createFeature(product.id, { entitlement_feature: feature.id }, key());
  const price = await stripe.prices.create(
    { currency: 'usd', unit_amount: 1000, recurring: { interval: 'month' }, product: product.id },
    key(),
  );
  const customer = await stripe.customers.create(
    { payment_method: 'pm_card_visa', invoice_settings: { default_payment_method: 'pm_card_visa' } },
    key(),
  );
  const subscription = await stripe.subscriptions.create({ customer: customer.id, items: [{ price: price.id }] }, key());
  await settle();
  await pay('pm_card_bypassPending');
  await settle();
  await stripe.payouts.create({ amount: 500, currency: 'usd' }, key());
  await pay('pm_card_createDispute');
  await settle();
  await pay('pm_disputed_de', 'eur');
  await settle();
  const [dispute] = (await stripe.disputes.list({ limit: 1 })).data;
  expect(dispute!.status).toBe('lost');
  await sandbox.control.advance({ account, to: START / 1000 + 33 * DAY });
  await stripe.subscriptions.cancel(subscription.id, {}, key());
  await settle();
  const { available, pending } = await stripe.balance.retrieve();
  const { objects, events, timers } = await sandbox.control.state(account);
  return { available, pending, objects, events, timers };
}

test(
  'memory and the embedded database end with the same balance, objects, events and timers',
  async () => {
    const { store } = await openPglite();
    const lives = [];
    for (const options of [{}, { store }]) {
      const world = await openWorld('2026-01-05T09:00:00Z', { clock: STILL, ...options });
      lives.push(await live(world));
      await world.close();
    }
    const [memory, sql] = lives;
    expect(memory!.objects.length).toBeGreaterThan(40);
    expect(sql!.available).toEqual(memory!.available);
    expect(sql!.pending).toEqual(memory!.pending);
    expect(sql!.objects).toEqual(memory!.objects);
    expect(sql!.events).toEqual(memory!.events);
    expect(sql!.timers).toEqual(memory!.timers);
  },
  SLOWEST_MS,
);
