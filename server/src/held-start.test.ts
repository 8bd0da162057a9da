import { afterAll, beforeAll, expect, test } from 'vitest';
import { type RunningServer, startHttp } from '../test/support/http.ts';
import { type Person, signInOwner } from '../test/support/person.ts';

let s: RunningServer;
let ada: Person;
let live: string;
beforeAll(async () => {
  s = await startHttp();
  ada = await signInOwner(s);
  live = (await ada.addEnvironment({ mode: 'live' })).id;
});
afterAll(() => s?.close());

/** As a dump of a production database would bring it along. */
async function bringLiveConnection(): Promise<void> {
  const { app } = s.server;
  const at = app.machineClock.now();
  await app.db
    .insertInto('stripe_connections')
    .values({
      id: app.ids.make('connection'),
      environment_id: live,
      provider: 'stripe',
      auth_kind: 'api_key',
      account_id: 'acct_brought',
      livemode: true,
      status: 'active',
      api_version: '2026-10-28.endive',
      transport: 'poll',
      activated_at: at,
      settled_at: at,
      created_at: at,
      updated_at: at,
      actor: 'system',
    })
    .execute();
}

test('[D4] [D13] what a Live connection needs is asked at every start; without it the server holds, and no confirmation helps', async () => {
  expect((await ada.call('GET', '/v1/installation')).body).toMatchObject({ held: false, reason: null });
  await bringLiveConnection();
  await s.restart();
  // Told by the present server, whose public address is plain http and whose tests' database need not survive power loss.
  const wanted = s.server.app.engine === 'pglite' ? /embedded database/ : /PostgreSQL runs with|public https address/;
  const held = (await ada.call('GET', '/v1/installation')).body;
  expect(held).toMatchObject({ held: true });
  expect(held.reason).toMatch(wanted);
  const confirmed = await ada.call('POST', '/v1/installation/confirm_primary', {});
  expect([confirmed.status, confirmed.body.error.code]).toEqual([409, 'engine_not_durable']);
  expect((await ada.call('GET', '/v1/installation')).body.held).toBe(true);

  // The Live connection is left alone: polled it would be marked at once, since nobody has its key.
  await s.server.app.machineClock.sleep(1_500);
  const row = await s.server.app.db
    .selectFrom('stripe_connections')
    .select(['last_poll_wall_at', 'poll_failures', 'status'])
    .where('environment_id', '=', live)
    .executeTakeFirstOrThrow();
  expect(row).toEqual({ last_poll_wall_at: null, poll_failures: 0, status: 'active' });

  // Nothing leaves by hand either; the sandbox works as ever.
  const transport = (await ada.api('POST', '/v1/emails/transports', smtp, { environment: live })).id;
  const sender = (
    await ada.api(
      'POST',
      '/v1/emails/senders',
      { from_address: 'a@acme.co', from_name: 'A', transport_id: transport },
      { environment: live },
    )
  ).id;
  const sent = await ada.call('POST', `/v1/emails/senders/${sender}/test`, { to: 'ada@acme.co' }, { environment: live });
  expect([sent.status, sent.body.error.code]).toEqual([409, 'held']);
  expect((await s.call('GET', '/v1/connections')).body.data[0]).toMatchObject({ status: 'active' });

  await s.server.app.db.updateTable('stripe_connections').set({ status: 'disconnected' }).where('environment_id', '=', live).execute();
  await s.restart();
  expect((await ada.call('GET', '/v1/installation')).body).toMatchObject({ held: false, reason: null });
});

const smtp = { kind: 'smtp', name: 'Relay', host: '127.0.0.1', port: 2525, tls: 'none' };
