import type Stripe from 'stripe';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { refusal } from '../subscription/test-world.ts';
import { type MeteredWorld, openMeteredWorld, rows } from './test-world.ts';

let world: MeteredWorld;
let stripe: Stripe;
let customer: Stripe.Customer;
let meter: Stripe.Billing.Meter;
let use: MeteredWorld['use'];
let metered: MeteredWorld['metered'];
let subscribe: MeteredWorld['subscribe'];
let newest: MeteredWorld['newest'];
beforeEach(async () => {
  world = await openMeteredWorld();
  ({ stripe, customer, meter, use, metered, subscribe, newest } = world);
});
afterEach(() => world.close());

describe('a change in mid-period', () => {
  test('[S 3.3 flexible] bills each span at the price that was in force', async () => {
    const [old, dearer] = [await metered(), await metered({ unit_amount_decimal: '2' }, 'Better calls')];
    const subscription = await subscribe([{ price: old.id }]);
    await use(100);
    await world.to('2026-01-11');
    const item = subscription.items.data[0]!.id;
    const preview = await stripe.invoices.createPreview({
      subscription: subscription.id,
      subscription_details: { items: [{ id: item, price: dearer.id }] },
    });
    expect(preview.lines.data.map((line) => line.amount)).toEqual([50, 0]);
    await stripe.subscriptions.update(subscription.id, { items: [{ id: item, price: dearer.id }] });
    expect((await stripe.invoices.list({ customer: customer.id })).data).toEqual([]);
    await use(10);
    // Reported late, but used under the old price.
    await use(1, '2026-01-10');
    await world.to('2026-02-01');
    expect(rows(await newest())).toEqual([
      ['101 × Calls (at $0.005 / month)', '101', 51, '2026-01-01', '2026-01-11'],
      ['10 × Better calls (at $0.02 / month)', '10', 20, '2026-01-11', '2026-02-01'],
    ]);
    await world.to('2026-02-01T01:00:00Z');
    await world.to('2026-03-01');
    expect(rows(await newest()).map((row) => row[0])).toEqual(['0 × Better calls (at $0.02 / month)']);
  });

  test('[S 3.3 classic] bills only what was used since', async () => {
    const [old, dearer] = [await metered(), await metered({ unit_amount_decimal: '2' }, 'Better calls')];
    const subscription = await subscribe([{ price: old.id }], { billing_mode: { type: 'classic' } });
    await use(100);
    await world.to('2026-01-11');
    await stripe.subscriptions.update(subscription.id, { items: [{ id: subscription.items.data[0]!.id, price: dearer.id }] });
    await use(10);
    await world.to('2026-02-01');
    expect(rows(await newest())).toEqual([['10 × Better calls (at $0.02 / month)', '10', 20, '2026-01-11', '2026-02-01']]);
  });

  test('from usage to a plain price and back', async () => {
    const [calls, flat] = [await metered(), await world.price(3100)];
    const subscription = await subscribe([{ price: calls.id }]);
    const item = subscription.items.data[0]!.id;
    await use(1000);
    await world.to('2026-01-17');
    const changed = await stripe.subscriptions.update(subscription.id, { items: [{ id: item, price: flat.id, quantity: 2 }] });
    expect(changed.items.data[0]!.quantity).toBe(2);
    // Half of January at 2 × 31.00 is due, and the usage before it.
    await world.to('2026-01-25');
    const back = await stripe.subscriptions.update(subscription.id, { items: [{ id: item, price: calls.id }] });
    expect(back.items.data[0]!.quantity).toBeUndefined();
    await use(2);
    await world.to('2026-02-01');
    const lines = (await newest()).lines.data.map((line) => [line.description, line.amount]);
    expect(lines).toContainEqual(['1000 × Calls (at $0.005 / month)', 500]);
    expect(lines).toContainEqual(['2 × Calls (at $0.005 / month)', 1]);
  });

  test('[S 3.3 flexible] a metered item that goes leaves its usage to the next invoice', async () => {
    const [base, calls] = [await world.price(2000), await metered()];
    const subscription = await subscribe([{ price: base.id }, { price: calls.id }]);
    await use(30);
    await world.to('2026-01-16');
    await stripe.subscriptionItems.del(subscription.items.data[1]!.id, { clear_usage: true });
    await use(5000);
    const pending = await stripe.invoiceItems.list({ customer: customer.id, pending: true });
    expect(pending.data).toMatchObject([{ amount: 15, quantity: 30, proration: false, description: '30 × Calls (at $0.005 / month)' }]);
    await world.to('2026-02-01');
    expect((await newest()).amount_due).toBe(2015);
  });

  test('[S 3.3 classic] a metered item that goes takes its usage along', async () => {
    const [base, calls] = [await world.price(2000), await metered()];
    const subscription = await subscribe([{ price: base.id }, { price: calls.id }], { billing_mode: { type: 'classic' } });
    await use(30);
    await stripe.subscriptionItems.del(subscription.items.data[1]!.id);
    await world.to('2026-02-01');
    expect((await newest()).amount_due).toBe(2000);
  });

  test('a metered item added later counts from then on', async () => {
    const [base, calls] = [await world.price(2000), await metered()];
    const subscription = await subscribe([{ price: base.id }]);
    await use(1000);
    await world.to('2026-01-16');
    const added = await stripe.subscriptionItems.create({ subscription: subscription.id, price: calls.id });
    expect(added.quantity).toBeUndefined();
    await use(10);
    await world.to('2026-02-01');
    expect(rows(await newest())[0]).toEqual(['10 × Calls (at $0.005 / month)', '10', 5, '2026-01-16', '2026-02-01']);
  });

  test('an anchor moved to now bills the usage so far at once', async () => {
    const [base, calls] = [await world.price(3100), await metered()];
    const subscription = await subscribe([{ price: base.id }, { price: calls.id }]);
    await use(400);
    await world.to('2026-01-11');
    await stripe.subscriptions.update(subscription.id, { billing_cycle_anchor: { type: 'now' }, proration_behavior: 'none' });
    const invoice = await newest();
    expect(invoice).toMatchObject({ billing_reason: 'subscription_update', status: 'paid', total: 3300 });
    expect(invoice.lines.data.map((line) => line.amount).sort()).toEqual([200, 3100]);
    await use(2);
    await world.to('2026-02-11');
    expect(rows(await newest())[0]).toEqual(['2 × Calls (at $0.005 / month)', '2', 1, '2026-01-11', '2026-02-11']);
  });

  test('[S 3.10] a pause bills the usage so far; while paused, usage is taken and not billed', async () => {
    const subscription = await subscribe([{ price: (await metered()).id }]);
    await use(100);
    await world.to('2026-01-11');
    await stripe.subscriptions.pause(subscription.id, { type: 'subscription' });
    const waiting = await stripe.invoiceItems.list({ customer: customer.id, pending: true });
    expect(waiting.data.map((item) => [item.amount, item.description])).toEqual([[50, '100 × Calls (at $0.005 / month)']]);
    await use(1000);
    await world.to('2026-01-21');
    await stripe.subscriptions.resume(subscription.id, { billing_cycle_anchor: { type: 'unchanged' } });
    await use(10);
    await world.to('2026-02-01');
    const invoice = await newest();
    expect(invoice.total).toBe(55);
    expect(rows(invoice)).toEqual([
      ['10 × Calls (at $0.005 / month)', '10', 5, '2026-01-21', '2026-02-01'],
      ['100 × Calls (at $0.005 / month)', '100', 50, '2026-01-01', '2026-01-11'],
    ]);
  });

  test('[DTS pause] with `outstanding_usage_through: none` the usage so far is never billed', async () => {
    const subscription = await subscribe([{ price: (await metered()).id }]);
    await use(100);
    await world.to('2026-01-11');
    await stripe.subscriptions.pause(subscription.id, { type: 'subscription', bill_for: { outstanding_usage_through: { type: 'none' } } });
    await world.to('2026-01-21');
    await stripe.subscriptions.resume(subscription.id, { billing_cycle_anchor: { type: 'unchanged' } });
    await use(10);
    await world.to('2026-02-01');
    expect(rows(await newest())).toEqual([['10 × Calls (at $0.005 / month)', '10', 5, '2026-01-21', '2026-02-01']]);
  });
});

describe('the end', () => {
  test('[DTS cancel] at once: usage is forgotten, with invoice_now it is billed', async () => {
    const calls = await metered();
    const [kept, dropped] = [await subscribe([{ price: calls.id }]), await subscribe([{ price: calls.id }])];
    await use(500);
    await world.to('2026-01-11');
    await stripe.subscriptions.cancel(dropped.id);
    expect((await stripe.invoices.list({ customer: customer.id })).data).toEqual([]);
    await stripe.subscriptions.cancel(kept.id, { invoice_now: true });
    const last = await newest();
    expect(last).toMatchObject({ status: 'paid', total: 250 });
    expect(rows(last)).toEqual([['500 × Calls (at $0.005 / month)', '500', 250, '2026-01-01', '2026-01-11']]);
  });

  test('at once without usage: no invoice of nothing', async () => {
    const subscription = await subscribe([{ price: (await metered()).id }]);
    await stripe.subscriptions.cancel(subscription.id, { invoice_now: true });
    expect((await stripe.invoices.list({ customer: customer.id })).data).toEqual([]);
  });

  test('[S 3.6 (6)] at the period’s end: a last invoice with all of it, late usage included', async () => {
    const subscription = await subscribe([{ price: (await metered()).id }]);
    await stripe.subscriptions.update(subscription.id, { cancel_at_period_end: true });
    await use(500);
    await world.to('2026-02-01T00:30:00Z');
    expect((await stripe.subscriptions.retrieve(subscription.id)).status).toBe('canceled');
    await use(100, '2026-01-31');
    await world.to('2026-02-01T01:00:00Z');
    expect(await newest()).toMatchObject({ status: 'paid', total: 300 });
  });
});

describe('refusals', () => {
  test('a metered price needs an active meter, and a meter a metered price', async () => {
    const price = (recurring: object) =>
      stripe.prices.create({ currency: 'usd', unit_amount: 1, product_data: { name: 'X' }, recurring } as never);
    expect(await refusal(price({ interval: 'month', usage_type: 'metered' }))).toMatchObject({ param: 'recurring[meter]' });
    expect(await refusal(price({ interval: 'month', meter: meter.id }))).toMatchObject({ param: 'recurring[meter]' });
    expect(await refusal(price({ interval: 'month', usage_type: 'metered', meter: 'mtr_none' }))).toMatchObject({
      code: 'resource_missing',
      param: 'recurring[meter]',
      statusCode: 400,
    });
    await stripe.billing.meters.deactivate(meter.id);
    expect(await refusal(price({ interval: 'month', usage_type: 'metered', meter: meter.id }))).toMatchObject({
      param: 'recurring[meter]',
    });
  });

  test('usage has no quantity', async () => {
    const calls = await metered();
    expect(await refusal(subscribe([{ price: calls.id, quantity: 2 }]))).toMatchObject({ statusCode: 400, param: 'items[0][quantity]' });
    const subscription = await subscribe([{ price: calls.id }]);
    const item = subscription.items.data[0]!.id;
    expect((await refusal(stripe.subscriptionItems.update(item, { quantity: 3 }))).message).toBe(
      'You cannot set the quantity for metered plans.',
    );
    await stripe.subscriptionItems.update(item, { metadata: { team: 'a' } });
    const session = (quantity?: number) =>
      stripe.checkout.sessions.create({
        mode: 'subscription',
        success_url: 'http://shop.test/done',
        line_items: [{ price: calls.id, ...(quantity === undefined ? {} : { quantity }) }],
      });
    expect((await refusal(session(1))).message).toBe(
      'Quantity should not be specified where usage_type is `metered`. Remove quantity from `line_items[0]`',
    );
    expect(await session()).toMatchObject({ amount_total: 0 });
  });

  test('clear_usage is for metered items', async () => {
    const [base, calls] = [await world.price(2000), await metered()];
    const subscription = await subscribe([{ price: base.id }, { price: calls.id }]);
    expect(await refusal(stripe.subscriptionItems.del(subscription.items.data[0]!.id, { clear_usage: true }))).toMatchObject({
      statusCode: 400,
    });
  });

  test('prices are found by their meter', async () => {
    const calls = await metered();
    await world.price(100);
    expect((await stripe.prices.list({ recurring: { meter: meter.id } })).data.map((price) => price.id)).toEqual([calls.id]);
    expect((await stripe.prices.list({ recurring: { usage_type: 'licensed' } })).data).toHaveLength(1);
  });
});
