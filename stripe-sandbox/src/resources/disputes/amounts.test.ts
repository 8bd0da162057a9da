/** What can be disputed, and what it costs: after refunds, partial captures, in other currencies, a second time. */
import type Stripe from 'stripe';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { openWorld, refusal, type World } from '../../billing/payments/test-world.ts';
import type { WorldChange } from '../../control/world/index.ts';

let world: World;
beforeEach(async () => {
  world = await openWorld('2026-01-05T09:00:00Z');
});
afterEach(() => world.close());

async function pay(more: Partial<Stripe.PaymentIntentCreateParams> = {}): Promise<Stripe.PaymentIntent> {
  return world.stripe.paymentIntents.create({
    amount: 10_000,
    currency: 'usd',
    payment_method: 'pm_card_visa',
    automatic_payment_methods: { enabled: true, allow_redirects: 'never' },
    confirm: true,
    ...more,
  });
}

const happen = (change: object) => world.sandbox.control.world({ account: world.account, ...change } as WorldChange);

async function dispute(intent: Stripe.PaymentIntent, more: object = {}): Promise<Stripe.Dispute> {
  const { id } = await happen({ kind: 'open_dispute', charge: intent.latest_charge as string, ...more });
  return world.stripe.disputes.retrieve(id);
}

test('after a refund only the rest can be disputed, and no refund follows', async () => {
  const { stripe } = world;
  const intent = await pay();
  await stripe.refunds.create({ payment_intent: intent.id, amount: 4000 });
  const opened = await dispute(intent);
  expect([opened.amount, opened.balance_transactions[0]?.net]).toEqual([6000, -7500]);
  const refund = await refusal(stripe.refunds.create({ payment_intent: intent.id, amount: 100 }));
  expect([refund.statusCode, refund.code]).toEqual([400, 'charge_disputed']);
  expect((await stripe.charges.retrieve(intent.latest_charge as string)).amount_refunded).toBe(4000);
});

test('of a partial capture only what was captured can be disputed; of an authorization nothing', async () => {
  const { stripe } = world;
  const held = await pay({ capture_method: 'manual' });
  await expect(dispute(held)).rejects.toThrow('holds no money');
  await stripe.paymentIntents.capture(held.id, { amount_to_capture: 2500 });
  expect((await dispute(held)).amount).toBe(2500);
});

test.each([
  ['eur', -12_000],
  ['gbp', -12_000],
  ['jpy', -11_300],
  ['sek', -11_500],
])('a chargeback of 10000 in %s moves %d', async (currency, net) => {
  const opened = await dispute(await pay({ currency }));
  expect([opened.currency, opened.balance_transactions[0]?.currency, opened.balance_transactions[0]?.net]).toEqual([
    currency,
    currency,
    net,
  ]);
});

test('a charge is disputed once, also after it was won', async () => {
  const intent = await pay();
  const opened = await dispute(intent, { reason: 'duplicate' });
  expect(opened.payment_method_details?.card?.network_reason_code).toBe('12.6.1');
  await happen({ kind: 'close_dispute', dispute: opened.id, as: 'won' });
  await expect(dispute(intent)).rejects.toThrow('is disputed already');
  const stats = (await world.stripe.disputes.list({ created: { gte: opened.created } })).data;
  expect(stats.map((one) => one.status)).toEqual(['won']);
});

test('evidence staged twice and submitted without new fields: everything staged goes to the bank', async () => {
  const { stripe } = world;
  const opened = await dispute(await pay());
  const empty = await stripe.disputes.update(opened.id, { submit: true });
  expect([empty.status, empty.evidence_details.submission_count]).toEqual(['needs_response', 0]);
  await stripe.disputes.update(opened.id, { evidence: { customer_name: 'Jenny Rosen' }, submit: false });
  await stripe.disputes.update(opened.id, { evidence: { shipping_carrier: 'DHL', customer_name: '' }, submit: false });
  const sent = await stripe.disputes.update(opened.id, { submit: true });
  expect([sent.status, sent.evidence.shipping_carrier, sent.evidence.customer_name]).toEqual(['under_review', 'DHL', null]);
  const noted = await stripe.disputes.update(opened.id, { metadata: { lawyer: 'yes' } });
  expect([noted.status, noted.metadata]).toEqual(['under_review', { lawyer: 'yes' }]);
  await world.advance(200 * 86_400);
  expect((await stripe.disputes.retrieve(opened.id)).status).toBe('under_review');
});
