import { afterEach, expect, test } from 'vitest';
import { at, openWorld, refusal, type World } from './test-world.ts';

let world: World;
afterEach(() => world.close());

/** 50.00 a month since 1 January; on the 16th an upgrade to 100.00 is declined. */
async function declinedUpgrade() {
  world = await openWorld({ now: '2026-01-01' });
  const { stripe } = world;
  const [fifty, hundred] = [await world.price(5000), await world.price(10_000, {}, 'Business')];
  const customer = await world.customer();
  const { id, items } = await stripe.subscriptions.create({ customer: customer.id, items: [{ price: fifty.id }] });
  await world.to('2026-01-16');
  await world.sandbox.control.outcome({
    account: world.account,
    customer: customer.id,
    outcome: { kind: 'decline', code: 'card_declined' },
  });
  const change = { items: [{ id: items.data[0]!.id, price: hundred.id }], proration_behavior: 'always_invoice' as const };
  const pending = await stripe.subscriptions.update(id, { ...change, payment_behavior: 'pending_if_incomplete' });
  return { stripe, customer, id, pending, hundred, change };
}

test('[S 3.2] a declined change waits: the subscription stays as it was', async () => {
  const { stripe, id, pending, hundred } = await declinedUpgrade();
  expect(pending).toMatchObject({ status: 'active', items: { data: [{ price: { unit_amount: 5000 } }] } });
  expect(pending.pending_update).toMatchObject({
    expires_at: at('2026-01-16T23:00:00Z'),
    subscription_items: [{ price: { id: hundred.id } }],
  });
  const invoice = await stripe.invoices.retrieve(pending.latest_invoice as string);
  expect(invoice).toMatchObject({ status: 'open', amount_due: 2580, attempt_count: 1, billing_reason: 'subscription_update' });
  expect((await refusal(stripe.subscriptions.update(id, { description: 'x', payment_behavior: 'pending_if_incomplete' }))).param).toBe(
    'description',
  );
});

test('[S 3.2] paying the invoice applies it', async () => {
  const { stripe, id, pending } = await declinedUpgrade();
  await world.fresh();
  await stripe.invoices.pay(pending.latest_invoice as string);
  const applied = await stripe.subscriptions.retrieve(id);
  expect(applied).toMatchObject({ status: 'active', pending_update: null, items: { data: [{ price: { unit_amount: 10_000 } }] } });
  expect((await world.fresh()).slice(-3)).toEqual([
    'customer.subscription.updated',
    'customer.subscription.pending_update_applied',
    'invoice_payment.paid',
  ]);
  await world.to('2026-02-01T01:00:00Z');
  expect((await stripe.invoices.list({ subscription: id, limit: 1 })).data[0]).toMatchObject({ amount_paid: 10_000 });
});

test('[S 3.2] after 23 hours it expires and its invoice is void', async () => {
  const { stripe, id, pending } = await declinedUpgrade();
  await world.fresh();
  await world.to('2026-01-17');
  expect(await world.fresh()).toEqual([
    'payment_intent.canceled',
    'invoice.voided',
    'customer.subscription.updated',
    'customer.subscription.pending_update_expired',
  ]);
  expect(await stripe.subscriptions.retrieve(id)).toMatchObject({ status: 'active', pending_update: null });
  expect((await stripe.invoices.retrieve(pending.latest_invoice as string)).status).toBe('void');
});
