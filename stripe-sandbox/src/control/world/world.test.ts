import type Stripe from 'stripe';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { openWorld, refusal, type World } from '../../billing/payments/test-world.ts';
import { sdkFor } from '../../testing/index.ts';
import type { WorldChange } from './index.ts';

const DAY = 86_400;

let world: World;
beforeEach(async () => {
  world = await openWorld('2026-01-15T12:00:00Z');
});
afterEach(() => world.close());

/** One thing that happens in the world. */
const happen = (change: Omit<Extract<WorldChange, { kind: 'change' }>, 'account'> | Record<string, unknown>) =>
  world.sandbox.control.world({ account: world.account, ...change } as WorldChange);

async function saved(token = 'pm_card_visa'): Promise<{ customer: Stripe.Customer; method: string }> {
  const customer = await world.customer(token);
  return { customer, method: customer.invoice_settings.default_payment_method as string };
}

async function pay(customer: string, method: string, amount = 5000): Promise<Stripe.PaymentIntent> {
  return world.stripe.paymentIntents.create({
    amount,
    currency: 'usd',
    customer,
    payment_method: method,
    off_session: true,
    confirm: true,
  });
}

describe('cards', () => {
  it('a card removed in the dashboard is gone, also as the default, and nobody asked', async () => {
    const { customer, method } = await saved();
    await world.fresh();
    await happen({ kind: 'detach_card', payment_method: method });
    expect((await world.stripe.customers.retrieve(customer.id)) as Stripe.Customer).toMatchObject({
      invoice_settings: { default_payment_method: null },
    });
    expect(await world.fresh()).toEqual(['payment_method.detached', 'customer.updated']);
    const [event] = (await world.stripe.events.list({ type: 'payment_method.detached' })).data;
    expect(event!.request?.id).toBeNull();
    expect((await refusal(pay(customer.id, method))).statusCode).toBe(400);
  });

  it('an expired card is declined; the bank’s new one works again and is told of', async () => {
    const { customer, method } = await saved();
    await happen({ kind: 'expire_card', payment_method: method });
    expect((await world.stripe.paymentMethods.retrieve(method)).card).toMatchObject({ exp_month: 12, exp_year: 2025 });
    const declined = await refusal(pay(customer.id, method));
    expect([declined.statusCode, declined.code, declined.param]).toEqual([402, 'expired_card', 'exp_month']);
    await world.fresh();
    await happen({ kind: 'update_card', payment_method: method, exp_month: 1, exp_year: 2030, last4: '1111' });
    expect(await world.fresh()).toEqual(['payment_method.automatically_updated']);
    const [event] = (await world.stripe.events.list({ type: 'payment_method.automatically_updated' })).data;
    expect(event!.data.previous_attributes).toEqual({ card: { exp_month: 12, exp_year: 2025, last4: '4242' } });
    expect((await pay(customer.id, method)).status).toBe('succeeded');
    await expect(happen({ kind: 'update_card', payment_method: method })).rejects.toThrow('Say what the bank changed');
  });
});

describe('banks and networks', () => {
  it('any paid charge can be disputed, with a reason and an amount, and decided', async () => {
    const { stripe } = world;
    const { customer, method } = await saved();
    const intent = await pay(customer.id, method);
    const charge = intent.latest_charge as string;
    await world.fresh();
    await happen({ kind: 'open_dispute', charge, reason: 'subscription_canceled', amount: 2000 });
    const [dispute] = (await stripe.disputes.list({ charge })).data;
    expect(dispute).toMatchObject({
      amount: 2000,
      reason: 'subscription_canceled',
      status: 'needs_response',
      payment_method_details: { card: { network_reason_code: '13.2' } },
    });
    await expect(happen({ kind: 'open_dispute', charge })).rejects.toThrow('disputed already');
    await happen({ kind: 'close_dispute', dispute: dispute!.id, as: 'won' });
    expect((await stripe.disputes.retrieve(dispute!.id)).balance_transactions.map((one) => one.net)).toEqual([-3500, 3500]);
    expect(await world.fresh()).toEqual([
      'charge.dispute.created',
      'charge.dispute.funds_withdrawn',
      'charge.dispute.funds_reinstated',
      'charge.dispute.closed',
    ]);
    await expect(happen({ kind: 'close_dispute', dispute: dispute!.id, as: 'lost' })).rejects.toThrow('already closed');
  });

  it('a fraud warning, a refund in the dashboard, and what cannot be disputed', async () => {
    const { stripe } = world;
    const { customer, method } = await saved();
    const intent = await pay(customer.id, method);
    const charge = intent.latest_charge as string;
    await happen({ kind: 'warn_of_fraud', charge });
    expect((await stripe.radar.earlyFraudWarnings.list({ charge })).data).toHaveLength(1);
    await happen({ kind: 'refund', charge, amount: 1500 });
    const [refund] = (await stripe.refunds.list({ charge })).data;
    expect([refund!.amount, refund!.reason]).toEqual([1500, 'requested_by_customer']);
    await expect(happen({ kind: 'open_dispute', charge, amount: 3501 })).rejects.toThrow('At most 3500');
    await happen({ kind: 'refund', charge });
    expect((await stripe.charges.retrieve(charge)).refunded).toBe(true);
    await expect(happen({ kind: 'refund', charge })).rejects.toThrow('has already been refunded');
    await expect(happen({ kind: 'open_dispute', charge })).rejects.toThrow('holds no money');
    await expect(happen({ kind: 'rain' })).rejects.toThrow("The world has no 'rain'");
  });
});

describe('the dashboard', () => {
  it('a rolled key: the old one ends at once, or after its grace on the account’s clock', async () => {
    const { sandbox, account } = world;
    const { secret } = await sandbox.control.createRestrictedKey({ account, permissions: ['rak_customer_read'] });
    const rolled = await sandbox.control.rollKey({ secret });
    expect(rolled.secret).toMatch(/^rk_test_[A-Za-z0-9]{24}$/);
    const old = await refusal(sdkFor(sandbox, secret).customers.list());
    expect([old.statusCode, old.code]).toEqual([401, undefined]);
    expect((await sdkFor(sandbox, rolled.secret).customers.list()).data).toEqual([]);
    expect((await refusal(sdkFor(sandbox, rolled.secret).customers.create({}))).statusCode).toBe(403);
    const again = await sandbox.control.rollKey({ secret: rolled.secret, graceSeconds: DAY });
    expect((await sdkFor(sandbox, rolled.secret).customers.list()).data).toEqual([]);
    await world.advance(DAY);
    expect((await refusal(sdkFor(sandbox, rolled.secret).customers.list())).code).toBe('api_key_expired');
    expect((await sdkFor(sandbox, again.secret).customers.list()).data).toEqual([]);
    await expect(sandbox.control.rollKey({ secret: 'sk_test_unknown' })).rejects.toThrow('no such key');
  });

  it('a lagging search does not find what is new; lists do', async () => {
    const { stripe } = world;
    const find = async () => (await stripe.customers.search({ query: "email:'late@example.com'" })).data.length;
    await happen({ kind: 'lag_search', seconds: 60 });
    await stripe.customers.create({ email: 'late@example.com' });
    expect([await find(), (await stripe.customers.list({ email: 'late@example.com' })).data.length]).toEqual([0, 1]);
    await world.advance(59);
    expect(await find()).toBe(0);
    await world.advance(1);
    expect(await find()).toBe(1);
    await stripe.customers.create({ email: 'late@example.com' });
    await happen({ kind: 'lag_search', seconds: 0 });
    expect(await find()).toBe(2);
    await expect(happen({ kind: 'lag_search', seconds: -1 })).rejects.toThrow('0 or more');
  });

  it('a customer deleted in the dashboard takes subscriptions and cards along; another object just goes', async () => {
    const { stripe } = world;
    const { customer, method } = await saved();
    const price = await stripe.prices.create({
      currency: 'usd',
      unit_amount: 1000,
      recurring: { interval: 'month' },
      product_data: { name: 'Team' },
    });
    const subscription = await stripe.subscriptions.create({ customer: customer.id, items: [{ price: price.id }] });
    await world.fresh();
    await happen({ kind: 'delete', id: customer.id });
    expect((await stripe.subscriptions.retrieve(subscription.id)).status).toBe('canceled');
    expect((await stripe.paymentMethods.retrieve(method)).customer).toBeNull();
    expect(await world.fresh()).toEqual(['customer.subscription.deleted', 'customer.deleted']);
    const coupon = await stripe.coupons.create({ percent_off: 10 });
    await world.fresh();
    await happen({ kind: 'delete', id: coupon.id, event: 'coupon.deleted' });
    expect((await refusal(stripe.coupons.retrieve(coupon.id))).statusCode).toBe(404);
    expect(await world.fresh()).toEqual(['coupon.deleted']);
    await expect(happen({ kind: 'delete', id: 'cus_none' })).rejects.toThrow("No such object: 'cus_none'");
  });

  it('a removed platform loses its access once', async () => {
    const { stripe } = world;
    const made = await stripe.accounts.create({ type: 'standard' });
    await stripe.customers.list({}, { stripeAccount: made.id });
    await world.sandbox.control.world({ account: made.id, kind: 'revoke_grant', platform: world.account });
    expect((await refusal(stripe.customers.list({}, { stripeAccount: made.id }))).code).toBe('account_invalid');
    await expect(world.sandbox.control.world({ account: made.id, kind: 'revoke_grant', platform: world.account })).rejects.toThrow(
      'has no access',
    );
  });
});
