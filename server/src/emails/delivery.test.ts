import { afterAll, beforeAll, expect, test } from 'vitest';
import { at, type Company, type House, openHouse, paidInvoice } from '../../test/support/company.ts';
import { transaction } from '../kit/database.ts';
import type { OutgoingMail } from './index.ts';
import { claimMessages } from './messages/claim.ts';
import { deliverBatch } from './messages/deliver.ts';
import { handOvers } from './messages/hand-over.ts';
import { readOutgoing } from './messages/outgoing.ts';
import { recordAnswers } from './messages/record.ts';
import type { MessageRow } from './messages/settle.ts';
import { createRoute, updateRoute } from './routing/save-route.ts';

let house: House;
beforeAll(async () => {
  house = await openHouse();
});
afterAll(() => house.close());

const failedThenPaid = async (company: Company, order: ('fail' | 'pay')[]) => {
  const ada = await company.customer();
  const sub = await company.subscription(ada);
  await company.settle();
  const inv = await company.invoice(ada, sub, { stripeId: 'in_1', number: 'ACME-0001' });
  for (const step of order) {
    if (step === 'fail') await company.pay(inv, { latestChargeId: 'ch_fail' });
    else {
      await company.invoice(ada, sub, { stripeId: 'in_1', number: 'ACME-0001', ...paidInvoice('2026-01-01T09:00:00Z') });
      await company.pay(inv, { status: 'succeeded', latestChargeId: 'ch_ok', error: null, succeededAt: at('2026-01-01T09:00:00Z') });
    }
  }
  return { ada, sub, inv };
};
test('[M5] [T2] a failure that is paid within the hold gives the receipt alone, in both orders', async () => {
  for (const order of [
    ['fail', 'pay'],
    ['pay', 'fail'],
  ] as const) {
    const company = await house.company();
    await failedThenPaid(company, [...order]);
    await company.settle();
    const sent = (await company.told()).filter((line) => line.endsWith('sent'));
    expect(sent, order.join(' then ')).toEqual(['subscription.created sent', 'payment.received sent']);
  }
});

test('[M5] a renewal announced and a decline at once give the decline alone', async () => {
  const company = await house.company();
  company.stripe.nextInvoice = { amount: 4900n, currency: 'usd', at: at('2026-02-01T09:00:00Z'), estimated: false };
  const ada = await company.customer();
  const sub = await company.subscription(ada, { periodStart: at('2026-01-01T09:00:00Z'), periodEnd: at('2026-02-01T09:00:00Z') });
  await company.settle();
  await house.kit.setClock('2026-01-25T09:00:00Z', company.environmentId);
  await company.pay(await company.invoice(ada, sub));
  await company.settle();
  expect((await company.told()).sort()).toEqual([
    'payment.failed sent',
    'subscription.created sent',
    'subscription.renewing canceled superseded',
  ]);
});

test('[P6] paid between rendering and sending: the guard after the claim stops the failure mail', async () => {
  const company = await house.company();
  const { inv } = await failedThenPaid(company, ['fail']);
  await company.makeReady();
  // No event of ours tells it: only reading the row again can.
  await house.kit.app.db
    .updateTable('invoices')
    .set({ payment_detail: 'succeeded', payment_status: 'succeeded', remaining_amount: 0n })
    .where('environment_id', '=', company.environmentId)
    .where('id', '=', inv)
    .execute();
  await company.settle();
  expect((await company.told()).at(-1)).toBe('payment.failed canceled invoice_succeeded');
  expect((await company.mails()).map((m) => m.trigger)).toEqual(['subscription.created']);
});

test('[P7] the same occurrence planned twice is one message', async () => {
  const company = await house.company();
  const ada = await company.customer();
  await company.subscription(ada);
  await company.settle();
  await house.kit.app.db.deleteFrom('email_occurrences').where('environment_id', '=', company.environmentId).execute();
  const ctx = await company.ctx();
  const { writeOccurrence } = await import('./occurrences/write.ts');
  const message = (await company.rows())[0]!;
  await transaction(ctx, (tx) =>
    writeOccurrence(
      tx,
      {
        trigger: 'subscription.created',
        variant: 'default',
        objectType: 'subscription',
        objectId: message.subject_id,
        occurrence: 'created',
      },
      { customerId: ada, eventId: null, witnessEventId: null, witnessAt: null },
    ),
  );
  await company.settle();
  expect(await company.told()).toEqual(['subscription.created sent']);
});

test('[M1] died between sending and writing: captured mail is asked again with the same Message-ID, and holds one mail', async () => {
  const company = await house.company();
  await company.subscription(await company.customer());
  await company.makeReady();
  const ctx = await company.ctx();
  const outgoing = await readOutgoing(ctx);
  const { messages } = await claimMessages(ctx, { limit: 10, outgoing });
  const transport = await sendByHand(company, messages[0]!);
  expect(transport).toBe('accepted');
  await house.kit.app.db
    .updateTable('email_messages')
    .set({ lease_until_wall_at: ctx.machineClock.now().subtract({ seconds: 1 }) })
    .where('environment_id', '=', company.environmentId)
    .execute();
  await company.settle();
  expect(await company.told()).toEqual(['subscription.created sent']);
  expect(await company.mails()).toHaveLength(1);
});

test('[M1] [P9] over plain SMTP such a message is unknown and never resent; the old claim can write nothing', async () => {
  const company = await house.company();
  await company.subscription(await company.customer());
  await company.makeReady();
  const ctx = await company.ctx();
  const { messages } = await claimMessages(ctx, { limit: 10, outgoing: await readOutgoing(ctx) });
  await house.kit.app.db
    .updateTable('email_transports')
    .set({ kind: 'smtp' })
    .where('environment_id', '=', company.environmentId)
    .execute();
  expect(await handOvers(ctx)(messages[0]!)).toBe(true);
  await house.kit.app.db
    .updateTable('email_messages')
    .set({ lease_until_wall_at: ctx.machineClock.now().subtract({ seconds: 1 }) })
    .where('environment_id', '=', company.environmentId)
    .execute();
  await company.settle();
  expect(await company.told()).toEqual(['subscription.created unknown lease_expired']);
  await transaction(ctx, (tx) =>
    recordAnswers(tx, [{ message: messages[0]!, answer: { kind: 'accepted', providerId: 'late' }, transportId: null }]),
  );
  expect(await company.told()).toEqual(['subscription.created unknown lease_expired']);
});

test('[P9] two workers at once claim a message once', async () => {
  const company = await house.company();
  for (let i = 0; i < 5; i++) await company.subscription(await company.customer({ email: `c${i}@example.org` }));
  await company.makeReady();
  const ctx = await company.ctx();
  await Promise.all([deliverBatch(ctx), deliverBatch(ctx), deliverBatch(ctx)]);
  expect((await company.rows()).map((m) => [m.status, m.epoch])).toEqual(Array.from({ length: 5 }, () => ['sent', 1n]));
  expect(await company.mails()).toHaveLength(5);
});

async function sendByHand(company: Company, message: MessageRow): Promise<string> {
  const ctx = await company.ctx();
  const outgoing = await readOutgoing(ctx);
  const { MailTransportsPort } = await import('./transport.ts');
  const mail: OutgoingMail = {
    messageId: message.id,
    mimeMessageId: `${message.id}.${message.generation}@billow.test`,
    from: { name: 'x', address: 'billing@billow.test' },
    replyTo: null,
    to: message.to_address!,
    subject: message.subject!,
    html: message.html!,
    text: message.text!,
    headers: {},
    date: ctx.clock.now(),
  };
  const answer = await ctx.app.ports
    .get(MailTransportsPort)
    .open(ctx, outgoing.inbox())
    .send(mail, { signal: AbortSignal.timeout(5000), idempotencyKey: mail.mimeMessageId });
  return answer.kind;
}
test('[M9] [L6] a missing fact refuses the mail by name; after the fix one click sends it', async () => {
  const company = await house.company();
  company.stripe.productName = null;
  await company.subscription(await company.customer());
  await company.settle();
  expect(await company.told()).toEqual(['subscription.created refused missing: product.name']);
  company.stripe.productName = 'Acme Pro';
  await house.kit.app.db
    .updateTable('email_messages')
    .set({ status: 'planned', send_after: at('2026-01-01T00:00:00Z') })
    .where('environment_id', '=', company.environmentId)
    .execute();
  await company.settle();
  expect((await company.told())[0]).toMatch(/^subscription.created sent/);
});

test('[L7.3] while Stripe cannot be read the message waits, and says why', async () => {
  const company = await house.company();
  company.stripe.unreachable = true;
  await company.subscription(await company.customer());
  await company.settle();
  expect(await company.told()).toEqual(['subscription.created planned stale_facts']);
  company.stripe.unreachable = false;
  await house.kit.app.db
    .updateTable('email_messages')
    .set({ next_attempt_wall_at: null })
    .where('environment_id', '=', company.environmentId)
    .execute();
  await company.settle();
  expect(await company.told()).toEqual(['subscription.created sent']);
});

test('[P12] a message older than its flow allows expires', async () => {
  const company = await house.company();
  company.stripe.unreachable = true;
  await company.subscription(await company.customer());
  await company.settle();
  company.stripe.unreachable = false;
  await house.kit.setClock('2026-01-02T09:00:01Z', company.environmentId);
  await house.kit.app.db
    .updateTable('email_messages')
    .set({ next_attempt_wall_at: null })
    .where('environment_id', '=', company.environmentId)
    .execute();
  await company.settle();
  expect(await company.told()).toEqual(['subscription.created expired max_age']);
});

test('[P8] a text that waited over fifteen minutes unsent is made again from fresh facts', async () => {
  const company = await house.company();
  const ada = await company.customer();
  await company.subscription(ada);
  await company.makeReady();
  await house.kit.app.db
    .updateTable('email_messages')
    .set({ ready_wall_at: house.kit.app.machineClock.now().subtract({ minutes: 16 }) })
    .where('environment_id', '=', company.environmentId)
    .execute();
  company.stripe.productName = 'Acme Pro Max';
  await company.settle();
  expect((await company.mails()).map((m) => m.subject)).toEqual(['Welcome to Acme Pro Max']);
  expect((await company.rows())[0]!.generation).toBe(2);
});

test('[G2] [G3] the story and the sources of a mail can be read afterwards', async () => {
  const company = await house.company();
  await company.subscription(await company.customer(), { cause: 'evt_123', witnessAt: at('2026-01-01T09:00:00Z') });
  await company.settle();
  const [message] = await company.rows();
  const story = await house.kit.app.db
    .selectFrom('email_timeline')
    .select('kind')
    .where('environment_id', '=', company.environmentId)
    .where('message_id', '=', message!.id)
    .orderBy('seq')
    .execute();
  expect(story.map((row) => row.kind)).toEqual([
    'occurrence',
    'route',
    'planned',
    'facts',
    'guards',
    'rendered',
    'ready',
    'attempt',
    'result',
  ]);
  const price = (
    message!.provenance as { part: string; path: string; text: string; object: string; field: string; event_id: string; value: unknown }[]
  ).find((row) => row.path === 'price.amount' && row.part === 'text')!;
  expect(price).toMatchObject({
    text: '$49.00',
    object: 'subscription_item',
    field: 'unit_amount_decimal × quantity',
    event_id: 'evt_123',
    value: { amount: 4900, currency: 'usd' },
  });
  expect(Buffer.from(message!.facts_sealed!).toString()).toMatch(/^v1\./);
});

test('[R1] [R3] [R4] the more specific route wins, off stops the search, and each key has one route', async () => {
  const company = await house.company();
  const ctx = await company.ctx();
  const template = await ctx.db
    .selectFrom('email_templates')
    .select('id')
    .where('environment_id', '=', ctx.environmentId)
    .where('key', '=', 'subscription.created')
    .executeTakeFirstOrThrow();
  const off = await createRoute(ctx, { trigger: 'subscription.created', stripe_product_id: 'prod_pro', off: true });
  await company.subscription(await company.customer());
  await company.settle();
  expect([await company.told(), await company.off()]).toEqual([[], ['subscription.created route_off']]);
  const price = await createRoute(ctx, {
    trigger: 'subscription.created',
    stripe_product_id: 'prod_pro',
    stripe_price_id: 'price_pro',
    template_id: template.id,
  });
  await company.subscription(await company.customer());
  await company.settle();
  expect(await company.told()).toEqual(['subscription.created sent']);
  expect((await company.rows())[0]!.route_id).toBe(price.id);
  await expect(createRoute(ctx, { trigger: 'subscription.created', stripe_product_id: 'prod_pro', off: true })).rejects.toMatchObject({
    code: 'route_exists',
  });
  await updateRoute(ctx, off.id, { off: false, template_id: template.id });
});

test('[K9] [R5] a customer reads the mail in their language, or in English where there is none', async () => {
  const company = await house.company();
  for (const [locale, email] of [
    ['de-AT', 'de@example.org'],
    ['pt-BR', 'pt@example.org'],
    ['ja', 'ja@example.org'],
  ] as const)
    await company.subscription(await company.customer({ locale, email }));
  await company.settle();
  const subjects = Object.fromEntries((await company.mails()).map((m) => [m.to[0], m.subject]));
  expect(subjects).toEqual({
    'de@example.org': 'Willkommen bei Acme Pro',
    'pt@example.org': 'Welcome to Acme Pro',
    'ja@example.org': 'Acme Pro へようこそ',
  });
});
