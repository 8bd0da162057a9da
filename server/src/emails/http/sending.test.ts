import { afterAll, afterEach, beforeAll, expect, test } from 'vitest';
import { type RunningServer, startHttp } from '../../../test/support/http.ts';
import { type Person, signInOwner } from '../../../test/support/person.ts';
import { fine, type Sink, smtpSink } from '../../../test/support/smtp-sink.ts';
import { DomainRecordsPort } from '../senders/check-dns.ts';
import type { DnsRecord } from '../senders/sender.ts';

let s: RunningServer;
let ada: Person;
let testing: { id: string; apiKey: string };
let live: { id: string; apiKey: string };
let sink: Sink;
let answer = fine as (command: string) => string | null;

beforeAll(async () => {
  s = await startHttp();
  ada = await signInOwner(s);
  testing = await ada.addEnvironment({ mode: 'test' });
  live = await ada.addEnvironment({ mode: 'live' });
  sink = await smtpSink((command) => answer(command));
});
afterAll(async () => {
  await sink?.close();
  await s?.close();
});
afterEach(() => {
  answer = fine;
});

const inTest = (method: string, path: string, body?: unknown) => ada.call(method, path, body, { environment: testing.id });
const inLive = (method: string, path: string, body?: unknown) => ada.call(method, path, body, { environment: live.id });
const smtp = (fields: object = {}) => ({ kind: 'smtp', name: 'Our relay', host: '127.0.0.1', port: sink.port, tls: 'none', ...fields });
const codeIn = (mail: string | undefined) => /Its code is ([a-z0-9]{8})\./.exec(mail ?? '')?.[1] ?? '';

test('[V6] a sandbox has captured mail and takes nothing else', async () => {
  const list = await s.call('GET', '/v1/emails/transports');
  expect(list.body.data).toMatchObject([{ object: 'email_transport', kind: 'inbox', is_default: true, host: null, has_password: false }]);
  const refused = await s.call('POST', '/v1/emails/transports', smtp());
  expect([refused.status, refused.body.error.code]).toEqual([409, 'sandbox_captures_all_mail']);
  const inbox = list.body.data[0].id;
  expect((await s.call('PATCH', `/v1/emails/transports/${inbox}`, { status: 'paused' })).body.error.code).toBe('captured_mail_is_fixed');
  expect((await s.call('DELETE', `/v1/emails/transports/${inbox}`)).body.error.code).toBe('captured_mail_is_fixed');
  expect((await s.call('PUT', '/v1/emails/allow_list', { entries: ['x.example'] })).body.error.code).toBe('not_a_test_environment');
});

test('[S6] credentials go in, are sealed, and never come out again: not in answers, not in the row, not in the audit', async () => {
  const made = await inTest('POST', '/v1/emails/transports', smtp({ user: 'relay-user', password: 'hunter2-canary', name: 'Sealed' }));
  expect(made.status).toBe(201);
  expect(made.body).toMatchObject({
    host: '127.0.0.1',
    port: sink.port,
    tls: 'none',
    user: 'relay-user',
    has_password: true,
    status: 'active',
  });
  const { db } = s.server.app;
  const row = await db.selectFrom('email_transports').selectAll().where('id', '=', made.body.id).executeTakeFirstOrThrow();
  const audits = await db.selectFrom('audit_entries').selectAll().where('object_id', '=', made.body.id).execute();
  expect(audits.map((entry) => entry.action)).toEqual(['email_transport.created']);
  const said = JSON.stringify([made.body, (await inTest('GET', '/v1/emails/transports')).body, row.settings, row.name, audits]);
  expect(said).not.toContain('hunter2');
  expect(Buffer.from(row.config_sealed ?? []).toString()).toMatch(/^v1\./);
  expect(Buffer.from(row.config_sealed ?? []).toString()).not.toContain('hunter2');
  // A new name keeps the password; null takes it away together with the user.
  const renamed = await inTest('PATCH', `/v1/emails/transports/${made.body.id}`, { name: 'Renamed' });
  expect(renamed.body).toMatchObject({ name: 'Renamed', user: 'relay-user', has_password: true });
  const alone = await inTest('PATCH', `/v1/emails/transports/${made.body.id}`, { user: null });
  expect([alone.status, alone.body.error]).toMatchObject([422, { code: 'user_missing', param: 'user' }]);
  const open = await inTest('PATCH', `/v1/emails/transports/${made.body.id}`, { user: null, password: null });
  expect(open.body).toMatchObject({ user: null, has_password: false });
  expect((await inTest('DELETE', `/v1/emails/transports/${made.body.id}`)).body).toEqual({ id: made.body.id, deleted: true });
  expect((await inTest('GET', `/v1/emails/transports/${made.body.id}`)).status).toBe(404);
});

test('an address of a server is a host and a port, never a URL, a path or two lines', async () => {
  for (const host of [
    'http://relay.example',
    'relay.example:25',
    'relay.example/x',
    'a b',
    'relay.example\r\nMAIL',
    '',
    'x@y',
    '-x.example',
  ]) {
    const refused = await inTest('POST', '/v1/emails/transports', smtp({ host }));
    expect([host, refused.status, refused.body.error?.param]).toEqual([host, 400, 'host']);
  }
  expect((await inTest('POST', '/v1/emails/transports', smtp({ port: 70_000 }))).body.error.param).toBe('port');
  expect((await inTest('POST', '/v1/emails/transports', smtp({ user: 'a\r\nb', password: 'x' }))).body.error.param).toBe('user');
  expect((await inTest('POST', '/v1/emails/transports', { ...smtp(), kind: 'pigeon' })).body.error.param).toBe('kind');
});

test('[S1] a test mail with a code verifies a sender; only the allow-list is written to, and the list is nobody at first', async () => {
  const transport = (await inTest('POST', '/v1/emails/transports', smtp())).body;
  expect((await inTest('POST', `/v1/emails/transports/${transport.id}/verify`, {})).body).toMatchObject({ ok: true, code: null });
  const sender = (
    await inTest('POST', '/v1/emails/senders', {
      from_address: 'Billing@Acme.example',
      from_name: 'Acme',
      transport_id: transport.id,
      is_default: true,
    })
  ).body;
  expect(sender).toMatchObject({
    from_address: 'billing@acme.example',
    domain: 'acme.example',
    status: 'pending',
    test: null,
    is_default: true,
  });
  expect((await inTest('GET', '/v1/emails/allow_list')).body).toEqual({ object: 'mail_allow_list', entries: [] });

  const before = sink.mails.length;
  const early = await inTest('POST', `/v1/emails/senders/${sender.id}/test`, { to: 'me@mine.example' });
  expect([early.status, early.body.error.code]).toEqual([409, 'not_allow_listed']);
  expect(sink.mails.length).toBe(before);

  const list = await inTest('PUT', '/v1/emails/allow_list', { entries: ['Mine.example', 'mine.example', 'one@other.example'] });
  expect(list.body.entries).toEqual(['mine.example', 'one@other.example']);
  const wrong = await inTest('PUT', '/v1/emails/allow_list', { entries: ['mine.example', 'not an entry'] });
  expect([wrong.status, wrong.body.error.code]).toEqual([422, 'invalid_entry']);
  expect((await inTest('GET', '/v1/emails/allow_list')).body.entries).toEqual(['mine.example', 'one@other.example']);

  const sent = await inTest('POST', `/v1/emails/senders/${sender.id}/test`, { to: 'me@mine.example' });
  expect(sent.body).toMatchObject({ ok: true, sender: { status: 'pending', test: { to: 'me@mine.example', received_at: null } } });
  expect(sink.mails.length).toBe(before + 1);
  const mail = sink.mails.at(-1);
  expect(mail).toContain('From: Acme <billing@acme.example>');
  expect(JSON.stringify(sent.body)).not.toContain(codeIn(mail));

  const guessed = await inTest('POST', `/v1/emails/senders/${sender.id}/confirm`, { code: '22222222' });
  expect([guessed.status, guessed.body.error.code]).toEqual([422, 'wrong_code']);
  const confirmed = await inTest('POST', `/v1/emails/senders/${sender.id}/confirm`, { code: ` ${codeIn(mail).toUpperCase()} ` });
  expect(confirmed.body).toMatchObject({ status: 'verified', test: { to: 'me@mine.example' } });
  expect(confirmed.body.test.received_at).not.toBeNull();
  const again = await inTest('POST', `/v1/emails/senders/${sender.id}/confirm`, { code: codeIn(mail) });
  expect([again.status, again.body.error.code]).toEqual([409, 'test_mail_needed']);

  // Another server has proved nothing; the same one under another password has.
  expect((await inTest('PATCH', `/v1/emails/transports/${transport.id}`, { name: 'Relay' })).status).toBe(200);
  expect((await inTest('GET', '/v1/emails/senders')).body.data[0]).toMatchObject({ id: sender.id, status: 'verified' });
  expect((await inTest('PATCH', `/v1/emails/transports/${transport.id}`, { host: 'localhost' })).status).toBe(200);
  const lost = (await inTest('GET', '/v1/emails/senders')).body.data[0];
  expect(lost).toMatchObject({ id: sender.id, status: 'pending', test: { received_at: null } });
  expect((await inTest('DELETE', `/v1/emails/transports/${transport.id}`)).body.error).toMatchObject({ code: 'transport_in_use' });
});

test('five wrong codes end a test mail, also when the sixth is right', async () => {
  const { sender, code } = await tested();
  for (let n = 0; n < 5; n++)
    expect((await inTest('POST', `/v1/emails/senders/${sender}/confirm`, { code: 'wrongone' })).body.error.code).toBe('wrong_code');
  expect((await inTest('POST', `/v1/emails/senders/${sender}/confirm`, { code })).body.error.code).toBe('test_mail_needed');
});

test('[D2] a server that refuses our password is marked, an operator is told, and a check that succeeds ends both', async () => {
  const made = (await inTest('POST', '/v1/emails/transports', smtp({ user: 'u', password: 'p', name: 'Moody' }))).body;
  answer = (c) => (c === 'EHLO' ? '250-sink\r\n250 AUTH PLAIN' : c === 'AUTH' ? '535 no such user' : fine(c));
  const refused = await inTest('POST', `/v1/emails/transports/${made.id}/verify`, {});
  expect(refused.body).toMatchObject({ ok: false, code: '535', transport: { status: 'failing', status_reason: '535' } });
  const tasks = async () => (await inTest('GET', '/v1/operator_tasks?status=open')).body.data as { kind: string; object_id: string }[];
  expect((await tasks()).filter((task) => task.object_id === made.id).map((task) => task.kind)).toEqual(['email_transport_failing']);
  answer = (c) => (c === 'EHLO' ? '250-sink\r\n250 AUTH PLAIN' : c === 'AUTH' ? '235 welcome' : fine(c));
  expect((await inTest('POST', `/v1/emails/transports/${made.id}/verify`, {})).body).toMatchObject({
    ok: true,
    transport: { status: 'active' },
  });
  expect((await tasks()).filter((task) => task.object_id === made.id)).toEqual([]);
  answer = () => 'SSH-2.0-OpenSSH_9.2 secret-banner';
  const stranger = await inTest('POST', `/v1/emails/transports/${made.id}/verify`, {});
  expect(stranger.body).toMatchObject({ ok: false });
  expect(JSON.stringify(stranger.body)).not.toContain('secret-banner');
});

test('[S1] live: TLS only, a domain of one’s own, and SPF or DKIM beside the test mail; losing them stops the sender', async () => {
  const clear = await inLive('POST', '/v1/emails/transports', smtp({ host: 'relay.acme.example' }));
  expect([clear.status, clear.body.error.code]).toEqual([422, 'tls_required']);
  const transport = (await inLive('POST', '/v1/emails/transports', smtp())).body;
  const nobody = await inLive('POST', '/v1/emails/senders', { from_address: 'a@acme.test', from_name: 'A', transport_id: transport.id });
  expect([nobody.status, nobody.body.error.code]).toEqual([422, 'reserved_domain']);
  const sender = (
    await inLive('POST', '/v1/emails/senders', {
      from_address: 'billing@acme.co',
      from_name: 'Acme',
      transport_id: transport.id,
      dkim_selector: 'b1',
    })
  ).body;
  let records: DnsRecord[] = [];
  const asked: object[] = [];
  s.server.app.ports.bind(DomainRecordsPort, {
    look: async (a) => {
      asked.push(a);
      return records;
    },
  });
  await inLive('POST', `/v1/emails/senders/${sender.id}/test`, { to: 'ada@acme.co' });
  const code = codeIn(sink.mails.at(-1));
  expect((await inLive('POST', `/v1/emails/senders/${sender.id}/confirm`, { code })).body).toMatchObject({ status: 'pending' });
  const dkim = (ok: boolean): DnsRecord => ({
    record: 'dkim',
    name: 'b1._domainkey.acme.co',
    expected: 'p=',
    found: ok ? 'p=MII' : null,
    ok,
  });
  records = [dkim(true), { record: 'mx', name: 'acme.co', expected: '', found: null, ok: false }];
  const checked = await inLive('POST', `/v1/emails/senders/${sender.id}/check`, {});
  expect(checked.body).toMatchObject({ status: 'verified', dkim_selector: 'b1', dns: records });
  expect(asked.at(-1)).toEqual({ domain: 'acme.co', dkimSelector: 'b1', relay: '127.0.0.1' });
  records = [dkim(false)];
  expect((await inLive('POST', `/v1/emails/senders/${sender.id}/check`, {})).body).toMatchObject({ status: 'failing' });
  const off = await inLive('PATCH', `/v1/emails/senders/${sender.id}`, { disabled: true });
  expect(off.body.status).toBe('disabled');
  expect((await inLive('POST', `/v1/emails/senders/${sender.id}/test`, { to: 'ada@acme.co' })).body.error.code).toBe('sender_disabled');
  const inbox = (await inLive('GET', '/v1/emails/transports')).body.data.find((row: { kind: string }) => row.kind === 'inbox');
  const captured = (await inLive('POST', '/v1/emails/senders', { from_address: 'x@acme.co', from_name: 'X', transport_id: inbox.id })).body;
  expect(captured.status).toBe('pending');
  expect((await inLive('POST', `/v1/emails/senders/${captured.id}/test`, { to: 'ada@acme.co' })).body.error.code).toBe(
    'captured_mail_sends_nothing',
  );
});

test('[S3] [12.2] transports and senders of another environment do not exist; a key needs the scope, reading is not changing', async () => {
  const { sender, transport } = await tested();
  for (const path of [`/v1/emails/transports/${transport}`, `/v1/emails/transports/nothing`])
    expect((await s.call('GET', path)).body.error.message).toBe(`No transport ${path.split('/').at(-1)}.`);
  expect((await s.call('PATCH', `/v1/emails/senders/${sender}`, { from_name: 'Eve' })).status).toBe(404);
  expect((await s.call('POST', `/v1/emails/senders/${sender}/test`, { to: 'a@b.example' })).status).toBe(404);
  const borrowed = await inLive('POST', '/v1/emails/senders', { from_address: 'y@acme.co', from_name: 'Y', transport_id: transport });
  expect(borrowed.status).toBe(404);
  const reading = (await inTest('POST', '/v1/api_keys', { name: 'Reader', scopes: ['senders:read'] })).body.secret;
  expect((await s.call('GET', '/v1/emails/senders', undefined, { key: reading })).status).toBe(200);
  const changed = await s.call('POST', '/v1/emails/transports', smtp(), { key: reading });
  expect([changed.status, changed.body.error.param]).toEqual([403, 'senders:write']);
});

/** A sender of the test environment with its test mail on the way. */
async function tested() {
  await inTest('PUT', '/v1/emails/allow_list', { entries: ['mine.example'] });
  const transport = (await inTest('POST', '/v1/emails/transports', smtp())).body.id;
  const fields = { from_address: `s${sink.mails.length}@acme.example`, from_name: 'Acme', transport_id: transport };
  const sender = (await inTest('POST', '/v1/emails/senders', fields)).body.id;
  expect((await inTest('POST', `/v1/emails/senders/${sender}/test`, { to: 'me@mine.example' })).body.ok).toBe(true);
  return { sender, transport, code: codeIn(sink.mails.at(-1)) };
}
