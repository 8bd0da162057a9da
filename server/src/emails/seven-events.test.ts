import { afterAll, beforeAll, expect, test } from 'vitest';
import { at, type Company, type House, openHouse, paidInvoice } from '../../test/support/company.ts';

let house: House;
beforeAll(async () => {
  house = await openHouse();
});
afterAll(() => house.close());

const trial = (end: string) => ({
  status: 'in_trial' as const,
  stripeStatus: 'trialing',
  trialStart: at('2026-01-01T09:00:00Z'),
  trialEnd: at(end),
  periodEnd: at(end),
});
const month = { periodStart: at('2026-01-01T09:00:00Z'), periodEnd: at('2026-02-01T09:00:00Z') };
const upcoming = (end: string) => ({ amount: 4900n, currency: 'usd', at: at(end), estimated: false });

async function adaSubscribes(company: Company, a: Parameters<Company['subscription']>[1] = {}): Promise<{ ada: string; sub: string }> {
  const ada = await company.customer();
  return { ada, sub: await company.subscription(ada, a) };
}

test('[E1] a subscription made on 1 January welcomes its customer once, grounded and captured', async () => {
  const company = await house.company();
  await adaSubscribes(company);
  await company.settle();
  const mails = await company.mails();
  expect(await company.told()).toEqual(['subscription.created sent']);
  expect(mails.map((m) => [m.subject, m.trigger, m.to])).toEqual([['Welcome to Acme Pro', 'subscription.created', ['ada@example.org']]]);
  expect(mails[0]!.text).toContain('Hello Ada Lovelace,');
  expect(mails[0]!.text).toContain('Price: $49.00');
  expect(mails[0]!.html).toContain('$49.00');
});

test('[E1] waits for the first payment: nothing at payment_pending, one mail when it becomes active', async () => {
  const company = await house.company();
  const ada = await company.customer();
  await company.subscription(ada, { stripeId: 'sub_wait', status: 'payment_pending', stripeStatus: 'incomplete' });
  await company.settle();
  expect(await company.told()).toEqual([]);
  await company.subscription(ada, { stripeId: 'sub_wait' });
  await company.subscription(ada, { stripeId: 'sub_wait' });
  await company.settle();
  expect(await company.told()).toEqual(['subscription.created sent']);
});

test('[E1] a trial is welcomed at its start and not again when it converts', async () => {
  const company = await house.company();
  const ada = await company.customer();
  await company.subscription(ada, { stripeId: 'sub_trial', ...trial('2026-01-15T09:00:00Z'), paymentMethodId: 'pm_1' });
  await company.settle();
  await company.advance('2026-01-11T09:00:00Z');
  await company.subscription(ada, {
    stripeId: 'sub_trial',
    trialStart: at('2026-01-01T09:00:00Z'),
    trialEnd: at('2026-01-15T09:00:00Z'),
  });
  await company.settle();
  expect((await company.told()).filter((line) => line.startsWith('subscription.created'))).toEqual(['subscription.created sent']);
  expect((await company.mails())[0]!.text).toContain('January 15, 2026');
});

test('[P13] [M11] what an import or a first connect records mails nobody', async () => {
  const company = await house.company();
  const ada = await company.customer({ silent: true });
  const sub = await company.subscription(ada, { silent: true });
  const inv = await company.invoice(ada, sub, { silent: true, ...paidInvoice('2026-01-01T09:00:00Z') });
  await company.pay(inv, { silent: true, status: 'succeeded' });
  await company.payment(ada, { silent: true, stripeId: 'pi_import' });
  await company.refund({
    stripeId: 're_import',
    paymentIntent: 'pi_import',
    amount: 2500n,
    status: 'succeeded',
    customerId: ada,
    silent: true,
  });
  await company.settle();
  expect(await company.told()).toEqual([]);
});

test('[P13] an event older than its route starts nothing', async () => {
  const company = await house.company();
  const ada = await company.customer();
  await company.subscription(ada, { cause: 'evt_old', witnessAt: at('2025-12-31T23:59:00Z') });
  await company.settle();
  expect(await company.told()).toEqual([]);
  expect(await company.off()).toEqual(['subscription.created before_route']);
});

const ended = {
  status: 'canceled' as const,
  stripeStatus: 'canceled',
  endedAt: at('2026-01-01T09:00:00Z'),
  canceledAt: at('2026-01-01T09:00:00Z'),
};

test('[E2] ends are told once, in the words of their reason', async () => {
  const company = await house.company();
  const ada = await company.customer();
  await company.subscription(ada, { stripeId: 'sub_end' });
  await company.settle();
  await company.subscription(ada, { stripeId: 'sub_end', ...ended, cancelReason: 'payment_failed' });
  await company.subscription(ada, { stripeId: 'sub_end', ...ended, cancelReason: 'payment_failed' });
  await company.settle();
  expect(await company.told()).toEqual(['subscription.created sent', 'subscription.canceled sent']);
  expect((await company.mails())[1]!.text).toContain('because its payment could not be collected');
});

test('[E2] a cancellation that is only scheduled, and an expiry, say nothing', async () => {
  const company = await house.company();
  const ada = await company.customer();
  await company.subscription(ada, { stripeId: 'sub_sched' });
  await company.subscription(ada, { stripeId: 'sub_sched', cancelAt: at('2026-02-01T09:00:00Z') });
  await company.subscription(ada, { stripeId: 'sub_inc', status: 'payment_pending', stripeStatus: 'incomplete' });
  await company.subscription(ada, { stripeId: 'sub_inc', status: 'expired', stripeStatus: 'incomplete_expired' });
  await company.settle();
  expect(await company.told()).toEqual(['subscription.created sent']);
});

test('[P6] a welcome that has not left is called off by the end of its subscription', async () => {
  const company = await house.company();
  const ada = await company.customer();
  await company.subscription(ada, { stripeId: 'sub_short' });
  await house.kit.app.queues.drainAll(company.environmentId);
  await company.subscription(ada, { stripeId: 'sub_short', ...ended, cancelReason: 'requested' });
  await company.settle();
  expect(await company.told()).toEqual(['subscription.created canceled subscription_canceled', 'subscription.canceled sent']);
});

test('[E3] [F5] an automatic failure on a renewal is told once, with the reason in plain words and never the bank’s text', async () => {
  const company = await house.company();
  const { ada, sub } = await adaSubscribes(company);
  const inv = await company.invoice(ada, sub, { attemptCount: 1, nextAttemptAt: at('2026-01-04T09:00:00Z') });
  await company.pay(inv, { nextAttemptAt: at('2026-01-04T09:00:00Z') });
  await company.settle();
  await company.pay(inv, { attemptCount: 2 });
  await company.settle();
  expect(await company.told()).toEqual(['subscription.created sent', 'payment.failed sent']);
  const mail = (await company.mails())[1]!;
  expect(mail.subject).toBe('Your payment of $49.00 did not go through');
  expect(mail.text).toContain('The account does not have enough funds.');
  expect(mail.text).toContain('January 4, 2026 (UTC)');
  expect(mail.text).toMatch(/\/l\/p[0-9a-z]{52}[\w-]{22}/);
  expect(mail.raw).not.toContain('secret text of the bank');
});

test('[E3] [C7] the first invoice, manual attempts, send_invoice, processing, unknown and requires_action say nothing', async () => {
  const company = await house.company();
  const { ada, sub } = await adaSubscribes(company);
  await company.settle();
  await company.pay(await company.invoice(ada, sub, { billingReason: 'subscription_create' }));
  await company.pay(await company.invoice(ada, sub), { automatic: false });
  await company.pay(await company.invoice(ada, sub, { collectionMethod: 'send_invoice' }));
  for (const status of ['processing', 'unknown', 'requires_action'] as const)
    await company.pay(await company.invoice(ada, sub), { status, error: null });
  await company.settle();
  expect(await company.told()).toEqual(['subscription.created sent']);
});

test('[E4] seven days before the period ends, once', async () => {
  const company = await house.company();
  company.stripe.nextInvoice = upcoming('2026-02-01T09:00:00Z');
  await adaSubscribes(company, month);
  await company.advance('2026-01-25T08:59:59Z');
  expect(await company.told()).toEqual(['subscription.created sent']);
  await company.advance('2026-01-25T09:00:00Z');
  expect(await company.told()).toEqual(['subscription.created sent', 'subscription.renewing sent']);
  expect((await company.mails())[1]!.subject).toBe('Acme Pro renews on February 1, 2026 (UTC)');
});

test('[E4] not for a weekly plan, not when set to cancel, not when the trial ends at that date, not without a next amount', async () => {
  const company = await house.company();
  company.stripe.nextInvoice = upcoming('2026-02-01T09:00:00Z');
  const ada = await company.customer();
  await company.subscription(ada, { ...month, periodEnd: at('2026-01-08T09:00:00Z') });
  await company.subscription(ada, { ...month, cancelAt: at('2026-02-01T09:00:00Z') });
  await company.subscription(ada, { ...trial('2026-02-01T09:00:00Z'), paymentMethodId: 'pm_1' });
  await company.advance('2026-01-28T09:00:00Z');
  expect((await company.told()).filter((line) => line.includes('renewing'))).toEqual([]);
  const other = await house.company();
  await adaSubscribes(other, month);
  await other.advance('2026-01-26T09:00:00Z');
  expect(await other.told()).toEqual(['subscription.created sent', 'subscription.renewing refused missing: next_invoice.amount']);
});

test('[T1] a moved period moves the mail; a date moved by less than a day is not told twice', async () => {
  const company = await house.company();
  company.stripe.nextInvoice = upcoming('2026-03-01T09:00:00Z');
  const ada = await company.customer();
  await company.subscription(ada, { stripeId: 'sub_move', ...month });
  await company.advance('2026-01-20T09:00:00Z');
  await company.subscription(ada, { stripeId: 'sub_move', ...month, periodEnd: at('2026-03-01T09:00:00Z') });
  await company.advance('2026-02-21T09:00:00Z');
  expect(await company.told()).toEqual(['subscription.created sent']);
  await company.advance('2026-02-22T09:00:00Z');
  await company.subscription(ada, { stripeId: 'sub_move', ...month, periodEnd: at('2026-03-02T08:00:00Z') });
  await company.advance('2026-02-27T09:00:00Z');
  expect(await company.told()).toEqual(['subscription.created sent', 'subscription.renewing sent']);
});

test('[M-07] the lead time is the flow’s setting', async () => {
  const company = await house.company();
  company.stripe.nextInvoice = upcoming('2026-02-01T09:00:00Z');
  await adaSubscribes(company, month);
  const { saveFlowSettings } = await import('./flows/save-settings.ts');
  const ctx = await company.ctx();
  const flow = await ctx.db
    .selectFrom('email_flows')
    .select('id')
    .where('environment_id', '=', ctx.environmentId)
    .where('key', '=', 'subscription.renewing')
    .executeTakeFirstOrThrow();
  await saveFlowSettings(ctx, { flowId: flow.id, settings: { lead_days: 14 } });
  await company.advance('2026-01-18T09:00:00Z');
  expect(await company.told()).toEqual(['subscription.created sent', 'subscription.renewing sent']);
  await expect(saveFlowSettings(ctx, { flowId: flow.id, settings: { lead_days: 61 } })).rejects.toMatchObject({
    code: 'lead_days_out_of_range',
  });
});

test('[E5] three days before the trial ends, in the variant of the payment method', async () => {
  const company = await house.company();
  const ada = await company.customer({ paymentMethod: null });
  await company.subscription(ada, trial('2026-01-15T09:00:00Z'));
  const bob = await company.customer({ email: 'bob@example.org' });
  await company.subscription(bob, trial('2026-01-15T09:00:00Z'));
  await company.advance('2026-01-12T09:00:00Z');
  const mails = (await company.mails()).filter((m) => m.trigger === 'trial.ending');
  // Both are due at the same instant and go side by side.
  expect(new Map(mails.map((m) => [m.to[0], m.text.includes('no payment method')]))).toEqual(
    new Map([
      ['ada@example.org', true],
      ['bob@example.org', false],
    ]),
  );
  const messages = (await company.messages()).filter((m) => m.trigger === 'trial.ending');
  expect(messages.map((m) => m.variant).sort()).toEqual(['has_payment_method', 'no_payment_method']);
});

test('[E5] not for a trial that ends within twelve hours, nor one set to cancel', async () => {
  const company = await house.company();
  const ada = await company.customer();
  await company.subscription(ada, trial('2026-01-01T20:00:00Z'));
  await company.subscription(ada, { ...trial('2026-01-15T09:00:00Z'), cancelAt: at('2026-01-15T09:00:00Z') });
  await company.advance('2026-01-14T09:00:00Z');
  expect((await company.told()).filter((line) => line.startsWith('trial'))).toEqual([]);
});

test('[E6] a paid invoice gets one receipt with its lines, whatever how often it is reported', async () => {
  const company = await house.company();
  const { ada, sub } = await adaSubscribes(company);
  const paid = paidInvoice('2026-01-01T09:00:00Z');
  const inv = await company.invoice(ada, sub, { stripeId: 'in_paid', number: 'ACME-0001', ...paid });
  await company.pay(inv, { status: 'succeeded', succeededAt: at('2026-01-01T09:00:00Z'), error: null });
  await company.pay(inv, { status: 'succeeded', succeededAt: at('2026-01-01T09:00:00Z'), error: null });
  await company.settle();
  expect((await company.told()).sort()).toEqual(['payment.received sent', 'subscription.created sent']);
  const mail = (await company.mails()).find((m) => m.trigger === 'payment.received')!;
  expect(mail.subject).toBe('Receipt for invoice ACME-0001');
  expect(mail.text).toContain('1 × Acme Pro   $49.00');
  expect(mail.text).toContain('Paid with Visa 4242');
});

test('[E6] zero amounts and money recorded by hand get none; a payment without invoice gets its own', async () => {
  const company = await house.company();
  const ada = await company.customer();
  const zero = await company.invoice(ada, null, {
    ...paidInvoice('2026-01-01T09:00:00Z'),
    totalAmount: 0n,
    subtotalAmount: 0n,
    paidAmount: 0n,
    lines: [],
  });
  await company.pay(zero, { status: 'succeeded', stripePaymentIntentId: null, error: null });
  const cash = await company.invoice(ada, null, { ...paidInvoice('2026-01-01T09:00:00Z'), outOfBand: true });
  await company.pay(cash, { status: 'succeeded', stripePaymentIntentId: null, error: null });
  await company.payment(ada, { amount: 2500n, description: 'Workshop ticket' });
  await company.settle();
  expect(await company.told()).toEqual(['payment.received sent']);
  expect(await company.off()).toEqual(['payment.received manual_payment']);
  expect((await company.mails())[0]!.subject).toBe('Receipt for your payment of $25.00');
  expect((await company.mails())[0]!.text).toContain('For: Workshop ticket');
});

test('[E7] once per refund, when it has succeeded; pending and failed say nothing', async () => {
  const company = await house.company();
  const ada = await company.customer();
  await company.payment(ada, { amount: 2500n, stripeId: 'pi_back' });
  await company.settle();
  const refund = { paymentIntent: 'pi_back', customerId: ada };
  await company.refund({ ...refund, stripeId: 're_1', amount: 1000n, status: 'pending' });
  await company.refund({ ...refund, stripeId: 're_2', amount: 200n, status: 'failed' });
  await company.settle();
  expect(await company.told()).toEqual(['payment.received sent']);
  await company.refund({ ...refund, stripeId: 're_1', amount: 1000n, status: 'succeeded' });
  await company.refund({ ...refund, stripeId: 're_1', amount: 1000n, status: 'succeeded' });
  await company.settle();
  expect(await company.told()).toEqual(['payment.received sent', 'refund.completed sent']);
  expect((await company.mails())[1]!.text).toContain('$10.00 of your payment of $25.00');
});
