import type Stripe from 'stripe';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { openWorld, refusal, type World } from '../../billing/payments/test-world.ts';

const DAY = 86_400;

let world: World;
beforeEach(async () => {
  world = await openWorld('2026-01-05T09:00:00Z');
});
afterEach(() => world.close());

async function pay(token: string, amount = 4200): Promise<Stripe.PaymentIntent> {
  const intent = await world.stripe.paymentIntents.create({
    amount,
    currency: 'usd',
    payment_method: token,
    automatic_payment_methods: { enabled: true, allow_redirects: 'never' },
    confirm: true,
  });
  await world.sandbox.control.idle(world.account);
  return intent;
}

async function disputed(token: string): Promise<{ intent: Stripe.PaymentIntent; charge: string; dispute: Stripe.Dispute }> {
  const intent = await pay(token);
  const [dispute] = (await world.stripe.disputes.list({ payment_intent: intent.id })).data;
  return { intent, charge: intent.latest_charge as string, dispute: dispute! };
}

/** Types of the events since the last call about disputes. */
async function told(): Promise<string[]> {
  return (await world.fresh()).filter((type) => type.startsWith('charge.dispute') || type.startsWith('radar'));
}

test('[docs testing#disputes] 5 January: a fraudulent payment of 42.00 is charged back and takes 57.00 from the balance', async () => {
  const { stripe } = world;
  const { intent, charge, dispute } = await disputed('pm_card_createDispute');
  expect(dispute).toMatchObject({
    object: 'dispute',
    amount: 4200,
    currency: 'usd',
    charge,
    payment_intent: intent.id,
    reason: 'fraudulent',
    status: 'needs_response',
    is_charge_refundable: false,
    payment_method_details: {
      type: 'card',
      card: { brand: 'visa', case_type: 'chargeback', network: 'visa', network_reason_code: '10.4' },
    },
    evidence_details: { has_evidence: false, past_due: false, submission_count: 0, submission_method: 'not_submitted' },
  });
  expect(new Date(dispute.evidence_details.due_by! * 1000).toISOString()).toBe('2026-01-24T23:59:59.000Z');
  expect(dispute.balance_transactions).toHaveLength(1);
  expect(dispute.balance_transactions[0]).toMatchObject({
    type: 'adjustment',
    reporting_category: 'dispute',
    amount: -4200,
    fee: 1500,
    net: -5700,
    source: dispute.id,
  });
  expect((await stripe.charges.retrieve(charge)).disputed).toBe(true);
  expect(await world.fresh()).toEqual([
    'payment_intent.created',
    'charge.succeeded',
    'payment_intent.succeeded',
    'charge.dispute.created',
    'charge.dispute.funds_withdrawn',
  ]);
  const created = (await stripe.events.list({ type: 'charge.dispute.created' })).data[0]!;
  expect(created.request).toEqual({ id: null, idempotency_key: null });
  expect((created.data.object as Stripe.Dispute).balance_transactions).toEqual([]);

  const refund = await refusal(stripe.refunds.create({ charge }));
  expect([refund.statusCode, refund.code]).toEqual([400, 'charge_disputed']);
  expect(refund.message).toBe(`Charge ${charge} has been charged back; cannot issue a refund.`);
  expect((await stripe.disputes.list({ charge })).data.map((one) => one.id)).toEqual([dispute.id]);
});

test('winning_evidence: under review, then won; amount and fee come back and the charge may be refunded', async () => {
  const { stripe, sandbox, account } = world;
  const { dispute, charge } = await disputed('pm_card_createDispute');
  await told();
  const staged = await stripe.disputes.update(dispute.id, {
    evidence: { product_description: 'A year of the Team plan' },
    submit: false,
  });
  expect([staged.status, staged.evidence_details.has_evidence, staged.evidence_details.submission_count]).toEqual([
    'needs_response',
    true,
    0,
  ]);
  const sent = await stripe.disputes.update(dispute.id, {
    evidence: { uncategorized_text: 'winning_evidence' },
    metadata: { case: '7' },
  });
  expect([sent.status, sent.evidence_details.submission_count, sent.evidence_details.submission_method]).toEqual([
    'under_review',
    1,
    'manual',
  ]);
  expect([sent.evidence.product_description, sent.metadata]).toEqual(['A year of the Team plan', { case: '7' }]);
  await sandbox.control.idle(account);
  const won = await stripe.disputes.retrieve(dispute.id);
  expect([won.status, won.is_charge_refundable, won.balance_transactions.map((one) => one.net)]).toEqual(['won', true, [-5700, 5700]]);
  expect(won.balance_transactions[1]).toMatchObject({ amount: 4200, fee: -1500, reporting_category: 'dispute_reversal' });
  expect(await told()).toEqual([
    'charge.dispute.updated',
    'charge.dispute.updated',
    'charge.dispute.funds_reinstated',
    'charge.dispute.closed',
  ]);
  const again = await refusal(stripe.disputes.update(dispute.id, { evidence: { uncategorized_text: 'more' } }));
  expect([again.statusCode, again.param]).toEqual([400, 'evidence']);
  expect((await stripe.refunds.create({ charge, amount: 100 })).status).toBe('succeeded');
});

test('losing_evidence: lost, nothing comes back, the charge stays charged back', async () => {
  const { stripe, sandbox, account } = world;
  const { dispute, charge } = await disputed('pm_card_createDisputeProductNotReceived');
  expect([dispute.reason, dispute.payment_method_details?.card?.network_reason_code]).toEqual(['product_not_received', '13.1']);
  await told();
  await stripe.disputes.update(dispute.id, { evidence: { uncategorized_text: 'losing_evidence' } });
  await sandbox.control.idle(account);
  const lost = await stripe.disputes.retrieve(dispute.id);
  expect([lost.status, lost.balance_transactions.length]).toEqual(['lost', 1]);
  expect(await told()).toEqual(['charge.dispute.updated', 'charge.dispute.closed']);
  expect((await refusal(stripe.refunds.create({ charge }))).code).toBe('charge_disputed');
});

test('an inquiry moves no money, may be refunded, and closes without a chargeback', async () => {
  const { stripe } = world;
  const { dispute, charge } = await disputed('pm_card_createDisputeInquiry');
  expect(dispute).toMatchObject({
    status: 'warning_needs_response',
    balance_transactions: [],
    is_charge_refundable: true,
    payment_method_details: { card: { case_type: 'inquiry', network_reason_code: '10' } },
  });
  expect(await told()).toEqual(['charge.dispute.created']);
  expect((await stripe.refunds.create({ charge, amount: 1000 })).status).toBe('succeeded');
  const closed = await stripe.disputes.close(dispute.id);
  expect(closed.status).toBe('warning_closed');
  expect(await told()).toEqual(['charge.dispute.closed']);
  const again = await refusal(stripe.disputes.close(dispute.id));
  expect([again.statusCode, again.message]).toEqual([400, 'This dispute is already closed.']);
});

test('escalate_inquiry_evidence: the inquiry becomes a chargeback and takes the money', async () => {
  const { stripe, sandbox, account } = world;
  const { dispute, charge } = await disputed('pm_card_createDisputeInquiry');
  await told();
  await stripe.disputes.update(dispute.id, { evidence: { uncategorized_text: 'escalate_inquiry_evidence' } });
  await sandbox.control.idle(account);
  const escalated = await stripe.disputes.retrieve(dispute.id);
  expect([escalated.status, escalated.payment_method_details?.card?.case_type, escalated.balance_transactions[0]?.net]).toEqual([
    'needs_response',
    'chargeback',
    -5700,
  ]);
  expect(await told()).toEqual(['charge.dispute.updated', 'charge.dispute.updated', 'charge.dispute.funds_withdrawn']);
  expect((await refusal(stripe.refunds.create({ charge }))).code).toBe('charge_disputed');
  expect((await stripe.disputes.close(dispute.id)).status).toBe('lost');
});

test('nobody answers: a chargeback is lost after 19 days, an inquiry is closed after 120', async () => {
  const { stripe } = world;
  const chargeback = await disputed('pm_card_createDispute');
  const inquiry = await disputed('pm_card_createDisputeInquiry');
  await told();
  await world.advance(20 * DAY);
  const lost = await stripe.disputes.retrieve(chargeback.dispute.id);
  expect([lost.status, lost.evidence_details.past_due]).toEqual(['lost', true]);
  const late = await stripe.disputes.retrieve(inquiry.dispute.id);
  expect([late.status, late.evidence_details.past_due]).toEqual(['warning_needs_response', true]);
  expect(await told()).toEqual(['charge.dispute.closed', 'charge.dispute.updated']);
  await world.advance(101 * DAY);
  expect((await stripe.disputes.retrieve(inquiry.dispute.id)).status).toBe('warning_closed');
  expect(await told()).toEqual(['charge.dispute.closed']);
});

test('an early fraud warning is actionable until the payment is refunded', async () => {
  const { stripe } = world;
  const intent = await pay('pm_card_createIssuerFraudRecord');
  const [warning] = (await stripe.radar.earlyFraudWarnings.list({ payment_intent: intent.id })).data;
  expect(warning).toMatchObject({ actionable: true, charge: intent.latest_charge, fraud_type: 'unauthorized_use_of_card' });
  expect(await told()).toEqual(['radar.early_fraud_warning.created']);
  await stripe.refunds.create({ payment_intent: intent.id });
  expect((await stripe.radar.earlyFraudWarnings.retrieve(warning!.id)).actionable).toBe(false);
  expect(await told()).toEqual(['radar.early_fraud_warning.updated']);
  expect((await stripe.disputes.list({ payment_intent: intent.id })).data).toEqual([]);
});

test('refusals: files, special programmes, too much text, unknown disputes', async () => {
  const { stripe } = world;
  const { dispute } = await disputed('pm_card_createDispute');
  const file = await refusal(stripe.disputes.update(dispute.id, { evidence: { receipt: 'file_1' } }));
  expect([file.statusCode, file.code, file.param]).toEqual([400, 'sandbox_not_emulated', 'evidence[receipt]']);
  const long = await refusal(
    stripe.disputes.update(dispute.id, { evidence: { uncategorized_text: 'x'.repeat(100_000), access_activity_log: 'y'.repeat(50_001) } }),
  );
  expect([long.statusCode, long.param]).toEqual([400, 'evidence']);
  expect((await stripe.disputes.retrieve(dispute.id)).evidence.uncategorized_text).toBeNull();
  const unknown = await refusal(stripe.disputes.retrieve('du_none'));
  expect([unknown.statusCode, unknown.code, unknown.message]).toEqual([404, 'resource_missing', "No such dispute: 'du_none'"]);
  const plan = await refusal(stripe.disputes.update(dispute.id, { intended_submission_method: 'manual' }));
  expect(plan.code).toBe('sandbox_not_emulated');
});

test('a disputed renewal on a test clock: its invoice stays paid, its deadline follows that clock, unscoped lists hide it', async () => {
  const { stripe } = world;
  const start = Date.parse('2026-02-01T00:00:00Z') / 1000;
  const clock = await stripe.testHelpers.testClocks.create({ frozen_time: start });
  const customer = await stripe.customers.create({
    test_clock: clock.id,
    payment_method: 'pm_card_createDispute',
    invoice_settings: { default_payment_method: 'pm_card_createDispute' },
  });
  const price = await stripe.prices.create({
    currency: 'usd',
    unit_amount: 1000,
    recurring: { interval: 'month' },
    product_data: { name: 'Team' },
  });
  const subscription = await stripe.subscriptions.create({
    customer: customer.id,
    items: [{ price: price.id }],
    expand: ['latest_invoice'],
  });
  await world.sandbox.control.idle(world.account);
  const invoice = subscription.latest_invoice as Stripe.Invoice;
  const [payment] = (await stripe.invoicePayments.list({ invoice: invoice.id! })).data;
  const intent = payment!.payment.payment_intent as string;
  const [dispute] = (await stripe.disputes.list({ payment_intent: intent })).data;
  expect([dispute!.amount, dispute!.created, invoice.status, subscription.status]).toEqual([1000, start, 'paid', 'active']);
  expect(new Date(dispute!.evidence_details.due_by! * 1000).toISOString()).toBe('2026-02-20T23:59:59.000Z');
  expect((await stripe.disputes.list()).data).toEqual([]);
  const { control } = world.sandbox;
  await control.advance({ account: world.account, to: start + 60 * DAY });
  expect((await stripe.disputes.retrieve(dispute!.id)).status).toBe('needs_response');
  await control.advance({ account: world.account, clock: clock.id, to: start + 20 * DAY });
  expect((await stripe.disputes.retrieve(dispute!.id)).status).toBe('lost');
  expect((await stripe.invoices.retrieve(invoice.id!)).status).toBe('paid');
  expect((await stripe.subscriptions.retrieve(subscription.id)).status).toBe('active');
});
