import { afterEach, expect, test } from 'vitest';
import { openWorld, refusal, type World } from '../../billing/subscription/test-world.ts';

let world: World;
afterEach(() => world.close());

test('[sandbox.md tier 1] items: added, changed, taken off, each with its prorations and one event of the subscription', async () => {
  world = await openWorld({ now: '2026-01-01' });
  const { stripe } = world;
  const [base, seats, customer] = [await world.price(3100), await world.price(310, {}, 'Seat'), await world.customer()];
  const subscription = await stripe.subscriptions.create({ customer: customer.id, items: [{ price: base.id }] });
  await world.to('2026-01-11');
  await world.fresh();

  const item = await stripe.subscriptionItems.create({
    subscription: subscription.id,
    price: seats.id,
    quantity: 10,
    metadata: { team: 'a' },
  });
  expect(item).toMatchObject({ subscription: subscription.id, quantity: 10, metadata: { team: 'a' }, price: { id: seats.id } });
  expect(await world.fresh()).toEqual(['customer.subscription.updated', 'invoiceitem.created']);
  expect((await stripe.subscriptionItems.list({ subscription: subscription.id })).data).toHaveLength(2);

  await world.to('2026-01-21');
  await stripe.subscriptionItems.update(item.id, { quantity: 20, proration_behavior: 'none', metadata: { team: '' } });
  expect(await stripe.subscriptionItems.retrieve(item.id)).toMatchObject({ quantity: 20, metadata: {} });
  expect(await stripe.subscriptionItems.del(item.id)).toEqual(expect.objectContaining({ id: item.id, deleted: true }));
  const pending = await stripe.invoiceItems.list({ customer: customer.id, pending: true });
  // 21 of 31 days of 31.00, and the eleven of them that are left given back.
  expect(pending.data.map((entry) => entry.amount)).toEqual([-1100, 2100]);
  expect(await refusal(stripe.subscriptionItems.retrieve(item.id))).toMatchObject({ statusCode: 404, code: 'resource_missing' });
  expect(await refusal(stripe.subscriptionItems.del(subscription.items.data[0]!.id))).toMatchObject({ statusCode: 400 });
});

test('an item is found by its id among many subscriptions, loaded ones included, without a look at the others', {
  timeout: 60_000,
}, async () => {
  world = await openWorld({ now: '2026-01-01' });
  const { stripe } = world;
  const [base, customer] = [await world.price(3100), await world.customer()];
  const one = await stripe.subscriptions.create({ customer: customer.id, items: [{ price: base.id }] });
  // Decimals as the wire has them, not as the SDK's class.
  const wire = JSON.parse(JSON.stringify(one)) as typeof one;
  const copies = Array.from({ length: 2000 }, (_, index) => {
    const item = { ...wire.items.data[0]!, id: `si_copy${index}`, subscription: `sub_copy${index}` };
    return { ...wire, id: `sub_copy${index}`, items: { ...wire.items, data: [item] } };
  });
  await world.sandbox.control.seed({ account: world.account, objects: copies as never });
  expect((await stripe.subscriptionItems.retrieve('si_copy1234')).subscription).toBe('sub_copy1234');
  expect((await stripe.subscriptionItems.retrieve(one.items.data[0]!.id)).subscription).toBe(one.id);
  expect((await refusal(stripe.subscriptionItems.retrieve('si_none'))).statusCode).toBe(404);
});
