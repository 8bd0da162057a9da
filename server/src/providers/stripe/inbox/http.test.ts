import { gzipSync } from 'node:zlib';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { startWorld, type World } from '../../../../test/support/world.ts';
import { WEBHOOK_BODY_BYTES } from '../limits.ts';
import { signBody } from './signature.ts';

let world: World;
beforeAll(async () => {
  world = await startWorld();
});
afterAll(() => world?.close());

const machineNow = () => Math.floor(world.server.app.machineClock.now().epochMilliseconds / 1000);
let serial = 0;

function event(type: string, object: object, more: object = {}): string {
  serial += 1;
  return JSON.stringify({
    id: `evt_http${serial}`,
    object: 'event',
    api_version: '2026-10-28.endive',
    created: machineNow(),
    livemode: false,
    type,
    data: { object },
    ...more,
  });
}

async function post(body: string | Uint8Array, headers: Record<string, string> = {}, signed: string | Uint8Array = body): Promise<number> {
  const signature = signBody(signed, world.webhookSecret, machineNow());
  const answer = await fetch(world.webhookUrl, {
    method: 'POST',
    body: typeof body === 'string' ? body : Buffer.from(body),
    headers: { 'content-type': 'application/json', 'stripe-signature': signature, ...headers },
  });
  await answer.arrayBuffer();
  return answer.status;
}

async function until<T>(look: () => Promise<T | null | undefined | false>): Promise<T> {
  for (let tries = 0; tries < 200; tries++) {
    const seen = await look();
    if (seen) return seen;
    await world.server.app.machineClock.sleep(25);
  }
  throw new Error('waited too long');
}

describe('the webhook over HTTP', () => {
  test('a customer made in the Sandbox arrives by itself, and its event can be read and replayed', async () => {
    const customer = await world.stripe.customers.create({ email: 'ada@example.com', name: 'Ada' });
    const [found] = await until(async () => {
      const { data } = await world.api('GET', `/v1/stripe_events?object_id=${customer.id}&status=processed`);
      return data.length > 0 ? data : null;
    });
    expect(found).toMatchObject({
      object: 'stripe_event',
      type: 'customer.created',
      object_type: 'customer',
      object_id: customer.id,
      outcome: 'adopted',
      via: 'webhook',
      livemode: false,
    });
    const one = await world.api('GET', `/v1/stripe_events/${found.id}`);
    expect(one.raw.data.object.id).toBe(customer.id);
    const replayed = await world.call('POST', `/v1/stripe_events/${found.id}/replay`, {});
    expect([replayed.status, replayed.body.status, replayed.body.via]).toEqual([200, 'received', 'replay']);
    const again = await until(async () => {
      const row = await world.api('GET', `/v1/stripe_events/${found.id}`);
      return row.status === 'processed' ? row : null;
    });
    expect(again.outcome).toBe('no_change');
    expect((await world.call('GET', '/v1/stripe_events/evt_nobody')).status).toBe(404);
  });

  test('[W10] bodies are read up to 1 MiB, unpacked ones too, and other encodings are refused', async () => {
    const plain = event('customer.created', { id: 'cus_plain', object: 'customer' });
    expect(await post(plain)).toBe(200);
    const packed = event('customer.created', { id: 'cus_packed', object: 'customer' });
    expect(await post(gzipSync(packed), { 'content-encoding': 'gzip' }, packed)).toBe(200);
    expect(await post('x'.repeat(WEBHOOK_BODY_BYTES + 1))).toBe(413);
    const bomb = ' '.repeat(50 * WEBHOOK_BODY_BYTES);
    expect(await post(gzipSync(bomb), { 'content-encoding': 'gzip' })).toBe(413);
    expect(await post(plain, { 'content-encoding': 'br' })).toBe(415);
    expect(await post('not gzip', { 'content-encoding': 'gzip' })).toBe(400);
  });

  test('[W6] what is not signed by Stripe is refused in the same words', async () => {
    const body = event('customer.created', { id: 'cus_forged', object: 'customer' });
    const answers = await Promise.all(
      [
        {},
        { 'stripe-signature': signBody(body, 'whsec_guess', machineNow()) },
        { 'stripe-signature': `t=${machineNow()},v0=${'0'.repeat(64)}` },
      ].map(async (headers) => {
        const answer = await fetch(world.webhookUrl, { method: 'POST', body, headers: { 'content-type': 'application/json', ...headers } });
        return `${answer.status} ${await answer.text()}`;
      }),
    );
    expect(new Set(answers).size).toBe(1);
    expect(answers[0]).toMatch(/^400 .*invalid_signature/);
    expect((await world.api('GET', '/v1/stripe_events?object_id=cus_forged')).data).toEqual([]);
  });
});

describe('the connection over HTTP', () => {
  test('is shown with status, account and rights, and never with its key', async () => {
    const { data } = await world.api('GET', '/v1/connections');
    expect(data).toHaveLength(1);
    expect(data[0]).toMatchObject({
      id: world.connectionId,
      status: 'active',
      provider: 'stripe_sandbox',
      auth_kind: 'sandbox',
      livemode: false,
      transport: 'webhook',
      webhook_url: world.webhookUrl,
    });
    const probed = await until(async () => {
      const shown = await world.api('GET', `/v1/connections/${world.connectionId}`);
      return shown.permissions_checked_at === null ? null : shown;
    });
    expect(probed.permissions.map((permission: { permission: string }) => permission.permission)).toContain('Customers');
    expect(probed.permissions).toHaveLength(24);
    const text = JSON.stringify(data);
    for (const secret of [world.server.firstRun.stripe_sandbox?.secret_key, world.webhookSecret]) expect(text).not.toContain(secret);
  });

  test('a second environment starts unconnected, is connected to the Sandbox, and never sees the first one’s events', async () => {
    const made = await world.api('POST', '/v1/environments', { name: 'Second', mode: 'sandbox' });
    const key = made.api_key as string;
    expect((await world.call('GET', '/v1/connections', undefined, { key })).body.data).toEqual([]);
    const refused = await world.call('POST', '/v1/connections', { api_key: 'sk_live_4242424242424242' }, { key });
    expect([refused.status, refused.body.error.code]).toEqual([422, 'mode_mismatch']);
    const connected = await world.call('POST', '/v1/connections', { provider: 'stripe_sandbox' }, { key });
    expect([connected.status, connected.body.status]).toEqual([201, 'active']);
    expect((await world.call('GET', '/v1/stripe_events', undefined, { key })).body.data).toEqual([]);
    expect((await world.call('GET', `/v1/connections/${world.connectionId}`, undefined, { key })).status).toBe(404);
    const removed = await world.call('DELETE', `/v1/connections/${connected.body.id}`, undefined, { key });
    expect([removed.status, removed.body.status]).toEqual([200, 'disconnected']);
  });

  test('a consent can be asked for, and its denial comes back to the dashboard', async () => {
    const made = await world.api('POST', '/v1/environments', { name: 'Third', mode: 'sandbox' });
    const started = await world.call('POST', '/v1/connections/oauth', {}, { key: made.api_key });
    expect(started.status).toBe(200);
    const { searchParams } = new URL(started.body.authorize_url);
    const back = await world.call('GET', `/oauth/stripe/callback?error=access_denied&state=${searchParams.get('state')}`, undefined, {
      key: null,
    });
    expect(back.status).toBe(303);
    expect(back.headers.get('location')).toContain('/settings/integrations/stripe?error=access_denied');
  });
});
