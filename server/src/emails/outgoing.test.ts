import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { type Company, type House, openHouse } from '../../test/support/company.ts';
import { fine, type Sink, smtpSink } from '../../test/support/smtp-sink.ts';
import type { Ctx } from '../kit/context.ts';
import { claimMessages } from './messages/claim.ts';
import { deliverBatch } from './messages/deliver.ts';
import { handOvers } from './messages/hand-over.ts';
import { readOutgoing } from './messages/outgoing.ts';
import { createRoute } from './routing/save-route.ts';
import { saveAllowList } from './senders/allow-list.ts';
import { changeSender, createSender } from './senders/save-sender.ts';
import { publishVersion } from './templates/save-version.ts';
import { checkTransport } from './transports/failing.ts';
import { getTransport } from './transports/queries.ts';
import { createTransport } from './transports/save-transport.ts';

let house: House;
let sink: Sink;
let answer: (command: string) => string | null = fine;
beforeAll(async () => {
  house = await openHouse();
  sink = await smtpSink((command) => answer(command));
});
afterAll(async () => {
  await sink.close();
  await house.close();
});

/** A test environment whose welcome leaves by the sink; `from` is a sender of its own on the same transport. */
async function mailing() {
  answer = fine;
  const company = await house.company({ mode: 'test' });
  const ctx: Ctx = { ...(await company.ctx()), actor: 'user:ada' };
  const config = { host: '127.0.0.1', port: sink.port, tls: 'none' as const };
  const transport = await createTransport(ctx, { name: 'Relay', config, isDefault: true });
  const sender = { from_name: 'Acme', transport_id: transport.id };
  const usual = await createSender(ctx, { ...sender, from_address: 'billing@acme.example', is_default: true });
  const from = await createSender(ctx, { ...sender, from_address: 'hello@acme.example' });
  await saveAllowList(ctx, ['mailed.example']);
  const template = await ctx.db
    .selectFrom('email_templates')
    .select('id')
    .where('environment_id', '=', ctx.environmentId)
    .where('key', '=', 'subscription.created')
    .executeTakeFirstOrThrow();
  const route = (senderId?: string) =>
    createRoute(ctx, { trigger: 'subscription.created', template_id: template.id, ...(senderId ? { sender_id: senderId } : {}) });
  return { company, ctx, transport, usual, from, route, template };
}

const subscribe = async (company: Company, n = 0) => company.subscription(await company.customer({ email: `c${n}@mailed.example` }));
const retryNow = async (company: Company) =>
  void (await house.kit.app.db
    .updateTable('email_messages')
    .set({ next_attempt_wall_at: null })
    .where('environment_id', '=', company.environmentId)
    .execute());
const wake = async (company: Company) => {
  await company.makeReady();
  await deliverBatch(await company.ctx());
};

test('[D2] a wrong password fails no message: the transport is marked, the queue waits, and goes on when the server takes us', async () => {
  const { company, ctx, transport, route } = await mailing();
  await route();
  for (let n = 0; n < 3; n++) await subscribe(company, n);
  answer = (c) => (c === 'MAIL' ? '530 authentication required' : fine(c));
  await wake(company);
  expect((await company.told()).toSorted()).toEqual(Array(3).fill('subscription.created ready paused: 530'));
  expect(await getTransport(ctx, transport.id)).toMatchObject({ status: 'failing', status_reason: '530' });
  // While it fails nothing is tried and no attempt is used up.
  const connections = sink.connections;
  const attempts = (await company.rows()).map((row) => row.attempts);
  await retryNow(company);
  await deliverBatch(ctx);
  expect(sink.connections).toBe(connections);
  expect((await company.rows()).map((row) => [row.status, row.reason, row.attempts])).toEqual(
    attempts.map((count) => ['ready', 'transport_unavailable', count]),
  );
  answer = fine;
  expect(await checkTransport(ctx, await getTransport(ctx, transport.id))).toEqual({ ok: true });
  await deliverBatch(ctx);
  expect((await company.told()).toSorted()).toEqual(Array(3).fill('subscription.created sent'));
});

test('[S1] mail of a sender that is switched off waits for it; no other sender takes its place', async () => {
  const { company, ctx, from, route } = await mailing();
  await expect(route('sender_nobody')).rejects.toMatchObject({ status: 404 });
  await route(from.id);
  await subscribe(company, 1);
  await changeSender(ctx, from.id, { disabled: true });
  const before = sink.mails.length;
  await wake(company);
  expect(sink.mails.length).toBe(before);
  expect(await company.told()).toEqual(['subscription.created ready transport_unavailable']);
  await changeSender(ctx, from.id, { disabled: false });
  await retryNow(company);
  await deliverBatch(ctx);
  expect(sink.mails.at(-1)).toContain('From: Acme <hello@acme.example>');
});

test('[M1] claimed and not handed over: the next life sends it; a frozen process that wakes up afterwards hands nothing over', async () => {
  const { company, ctx, route } = await mailing();
  await route();
  await subscribe(company, 2);
  await company.makeReady();
  const { messages } = await claimMessages(ctx, { limit: 10, outgoing: await readOutgoing(ctx) });
  await house.kit.app.db
    .updateTable('email_messages')
    .set({ lease_until_wall_at: ctx.machineClock.now().subtract({ seconds: 1 }) })
    .where('environment_id', '=', company.environmentId)
    .execute();
  const before = sink.mails.length;
  await company.settle();
  expect(await company.told()).toEqual(['subscription.created sent']);
  expect(sink.mails.length).toBe(before + 1);
  expect(await handOvers(ctx)(messages[0]!)).toBe(false);
  expect(await handOvers(ctx)({ id: 'message_nobody', epoch: 1n })).toBe(false);
});

test('[R3] a route for a plan is refused while there are no plans: it would never be chosen', async () => {
  const { ctx, template } = await mailing();
  const route = { trigger: 'subscription.created', template_id: template.id, plan_id: 'plan_1' };
  await expect(createRoute(ctx, route)).rejects.toMatchObject({ status: 422, code: 'plan_unknown', param: 'plan_id' });
});

test('[V1] in live a text is approved by a person whose role holds emails:approve, and that is written down', async () => {
  const company = await house.company({ mode: 'live' });
  const ctx = await company.ctx();
  const version = await ctx.db
    .selectFrom('email_template_versions')
    .select('id')
    .where('environment_id', '=', ctx.environmentId)
    .where('status', '=', 'draft')
    .limit(1)
    .executeTakeFirstOrThrow();
  const publish = (caller: Partial<Ctx>) =>
    publishVersion({ ...ctx, ...caller }, { versionId: version.id, comment: 'Reads well', previewsSeen: [] });
  await expect(publish({ actor: 'api_key:1', scopes: new Set(['full']) })).rejects.toMatchObject({ code: 'person_required' });
  for (const role of ['support', 'finance', 'viewer'])
    await expect(publish({ actor: 'user:eve', scopes: new Set([role]) })).rejects.toMatchObject({
      code: 'missing_scope',
      param: 'emails:approve',
    });
  expect(await publish({ actor: 'user:ada', scopes: new Set(['admin']) })).toMatchObject({ status: 'approved' });
  const audit = await ctx.db
    .selectFrom('audit_entries')
    .select(['action', 'actor', 'reason'])
    .where('environment_id', '=', ctx.environmentId)
    .where('object_id', '=', version.id)
    .execute();
  expect(audit).toEqual([{ action: 'email_version.approved', actor: 'user:ada', reason: 'Reads well' }]);
});

test('[V7] one file hands mails to a transport, and one more asks it whether it works', () => {
  const files = readdirSync(import.meta.dirname, { recursive: true, encoding: 'utf8' }).filter((name) => /(?<!\.test)\.ts$/.test(name));
  const text = (name: string) => readFileSync(join(import.meta.dirname, name), 'utf8');
  expect(files.filter((name) => /\.open\(ctx, /.test(text(name))).toSorted()).toEqual(['messages/deliver.ts', 'transports/failing.ts']);
  expect(files.filter((name) => /\btransport\.send\(/.test(text(name)))).toEqual(['messages/deliver.ts']);
  expect(text('transports/failing.ts')).not.toContain('.send(');
});
