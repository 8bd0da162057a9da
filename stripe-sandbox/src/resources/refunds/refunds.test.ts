import fc from 'fast-check';
import type Stripe from 'stripe';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { openWorld, refusal, type World } from '../../billing/payments/test-world.ts';

const HOUR = 3600;

let world: World;
beforeAll(async () => {
  world = await openWorld();
});
afterAll(() => world.close());

async function paid(token = 'pm_card_visa', amount = 2900): Promise<{ intent: string; charge: string; customer: string }> {
  const customer = await world.customer(token);
  const intent = await world.stripe.paymentIntents.create({
    amount,
    currency: 'usd',
    customer: customer.id,
    payment_method: customer.invoice_settings.default_payment_method as string,
    off_session: true,
    confirm: true,
  });
  return { intent: intent.id, charge: intent.latest_charge as string, customer: customer.id };
}

test('[S 3.6] a charge is refunded in two parts and never for more than is left', async () => {
  const { stripe } = world;
  const { charge, intent, customer } = await paid();
  await world.fresh();
  const part = await stripe.refunds.create({ charge, amount: 500, reason: 'requested_by_customer', metadata: { ticket: '12' } });
  expect(part).toMatchObject({
    amount: 500,
    charge,
    payment_intent: intent,
    customer,
    status: 'succeeded',
    reason: 'requested_by_customer',
    metadata: { ticket: '12' },
    destination_details: { type: 'card', card: { type: 'refund' } },
  });
  const movement = await stripe.balanceTransactions.retrieve(part.balance_transaction as string);
  expect(movement).toMatchObject({ amount: -500, fee: 0, net: -500, type: 'refund', source: part.id });
  const partly = await stripe.charges.retrieve(charge, { expand: ['refunds'] });
  expect([partly.amount_refunded, partly.refunded, partly.refunds?.data.map((one) => one.id)]).toEqual([500, false, [part.id]]);
  expect(await world.fresh()).toEqual(['refund.created', 'charge.refunded']);
  const event = (await stripe.events.list({ type: 'charge.refunded', limit: 1 })).data[0];
  expect(event?.data.previous_attributes).toEqual({ amount_refunded: 0 });

  const much = await refusal(stripe.refunds.create({ charge, amount: 2401 }));
  expect([much.statusCode, much.code, much.param]).toEqual([400, 'amount_too_large', 'amount']);
  expect(much.message).toBe('Refund amount ($24.01 usd) is greater than unrefunded amount on charge ($24.00 usd)');
  const rest = await stripe.refunds.create({ payment_intent: intent });
  expect(rest.amount).toBe(2400);
  expect((await stripe.charges.retrieve(charge)).refunded).toBe(true);
  const again = await refusal(stripe.refunds.create({ charge }));
  expect([again.statusCode, again.code, again.message]).toEqual([
    400,
    'charge_already_refunded',
    `Charge ${charge} has already been refunded.`,
  ]);
  expect((await stripe.refunds.list({ charge })).data.map((one) => one.id)).toEqual([rest.id, part.id]);
});

test('a refund to a slow bank is pending for an hour', async () => {
  const { stripe } = world;
  const { charge } = await paid('pm_card_pendingRefund');
  const refund = await stripe.refunds.create({ charge });
  expect([refund.status, refund.pending_reason]).toEqual(['pending', 'processing']);
  await world.fresh();
  await world.advance(HOUR);
  expect((await stripe.refunds.retrieve(refund.id)).status).toBe('succeeded');
  expect(await changes()).toEqual(['charge.refund.updated', 'refund.updated']);
});

test('a refund the bank sends back fails, and the charge may be refunded again', async () => {
  const { stripe } = world;
  const { charge } = await paid('pm_card_refundFail');
  const refund = await stripe.refunds.create({ charge, amount: 900 });
  expect(refund.status).toBe('succeeded');
  await world.fresh();
  await world.advance(HOUR);
  const failed = await stripe.refunds.retrieve(refund.id);
  expect([failed.status, failed.failure_reason]).toEqual(['failed', 'expired_or_canceled_card']);
  const back = await stripe.balanceTransactions.retrieve(failed.failure_balance_transaction as string);
  expect([back.type, back.amount]).toEqual(['refund_failure', 900]);
  expect((await stripe.charges.retrieve(charge)).amount_refunded).toBe(0);
  expect(await changes()).toEqual(['charge.updated', 'charge.refund.updated', 'refund.updated', 'refund.failed']);
});

test('the control API makes the refund of an earlier payment fail', async () => {
  const { charge, customer } = await paid();
  await world.order({ kind: 'refund_fails' }, { customer });
  const refund = await world.stripe.refunds.create({ charge });
  await world.advance(HOUR);
  expect((await world.stripe.refunds.retrieve(refund.id)).status).toBe('failed');
});

test('nothing is refunded that was not paid', async () => {
  const { stripe } = world;
  const none = await refusal(stripe.refunds.create({}));
  expect(none.message).toBe('One of the following params should be provided for this request: payment_intent or charge.');
  const missing = await refusal(stripe.refunds.create({ charge: 'ch_none' }));
  expect([missing.statusCode, missing.code, missing.param]).toEqual([400, 'resource_missing', 'charge']);
  const open = await stripe.paymentIntents.create({ amount: 500, currency: 'usd' });
  const unpaid = await refusal(stripe.refunds.create({ payment_intent: open.id }));
  expect(unpaid.message).toContain('does not have a successful charge to refund');
  const customer = await world.customer('pm_card_chargeCustomerFail');
  const declined = await refusal(
    stripe.paymentIntents.create({
      amount: 500,
      currency: 'usd',
      customer: customer.id,
      payment_method: customer.invoice_settings.default_payment_method as string,
      off_session: true,
      confirm: true,
    }),
  );
  const failed = await refusal(stripe.refunds.create({ charge: declined.charge as string }));
  expect(failed.statusCode).toBe(400);
});

test('only metadata of a refund changes, and card refunds cannot be canceled', async () => {
  const { stripe } = world;
  const { charge } = await paid();
  const refund = await stripe.refunds.create({ charge, amount: 100 });
  await world.fresh();
  const updated: Stripe.Refund = await stripe.refunds.update(refund.id, { metadata: { by: 'ops' } });
  expect(updated.metadata).toEqual({ by: 'ops' });
  expect(await changes()).toEqual(['refund.updated', 'charge.refund.updated']);
  expect((await refusal(stripe.refunds.cancel(refund.id))).statusCode).toBe(400);
});

test('whatever is asked for, a charge never gives back more than it took, and the books agree', async () => {
  const { stripe } = world;
  await fc.assert(
    fc.asyncProperty(fc.array(fc.integer({ min: 1, max: 2000 }), { minLength: 1, maxLength: 6 }), async (wanted) => {
      const { charge } = await paid('pm_card_visa', 2900);
      let left = 2900;
      for (const amount of wanted) {
        const call = stripe.refunds.create({ charge, amount });
        if (amount <= left) left -= (await call).amount;
        else expect((await refusal(call)).code).toBe(left === 0 ? 'charge_already_refunded' : 'amount_too_large');
      }
      const now = await stripe.charges.retrieve(charge, { expand: ['refunds.data.balance_transaction'] });
      const back = now.refunds?.data.reduce((sum, one) => sum + (one.balance_transaction as Stripe.BalanceTransaction).amount, 0);
      expect([now.amount_refunded, back, now.refunded]).toEqual([2900 - left, left - 2900 || 0, left === 0]);
    }),
    { numRuns: 20, seed: 7 },
  );
});

async function changes(): Promise<string[]> {
  return (await world.fresh()).filter((type) => !type.startsWith('test_helpers'));
}
