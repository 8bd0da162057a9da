import { connect, type Socket } from 'node:net';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { type ManualClock, manualClock, openPglite, startSandbox, type TestSandbox } from '../testing/index.ts';
import type { Listening } from './listen.ts';

type Message = Record<string, never> & {
  type: string;
  webhook_conversation_id: string;
  endpoint: { api_version: string | null };
  event_payload: string;
};
type Session = { websocket_url: string; websocket_id: string; websocket_authorized_feature: string; secret: string };

/** A command of the CLI as the Sandbox sees it: the session, the socket, the messages. Answers only when told. */
class Command {
  messages: Message[] = [];
  closed = false;
  refused: Promise<string>;
  #opened: Promise<void>;
  #socket: WebSocket;
  constructor(url: string, id: string) {
    // Node's own client may send headers, which browsers may not.
    this.#socket = new WebSocket(url, { protocols: ['stripecli-devproxy-v1'], headers: { 'websocket-id': id } } as never);
    this.#opened = new Promise((resolve) => this.#socket.addEventListener('open', () => resolve()));
    this.refused = new Promise((resolve) => this.#socket.addEventListener('error', () => resolve('refused')));
    this.#socket.addEventListener('message', ({ data }) => this.messages.push(JSON.parse(String(data))));
    this.#socket.addEventListener('close', () => {
      this.closed = true;
    });
  }
  async open(): Promise<this> {
    await Promise.race([this.#opened, this.refused.then(() => Promise.reject(new Error('refused')))]);
    expect(this.#socket.protocol).toBe('stripecli-devproxy-v1');
    return this;
  }
  /** The event that was sent `index`-th, once per version. */
  event(index: number): Message {
    return this.messages.filter((message) => message.endpoint?.api_version === null)[index]!;
  }
  acknowledge(message: Message): void {
    this.say({ type: 'event_ack', webhook_conversation_id: message.webhook_conversation_id, event_id: 'evt' });
  }
  answer(message: Message, status: number): void {
    this.say({ type: 'webhook_response', webhook_conversation_id: message.webhook_conversation_id, status, body: 'noted' });
  }
  say(message: object | string): void {
    this.#socket.send(typeof message === 'string' ? message : JSON.stringify(message));
  }
  close(): void {
    this.#socket.close();
  }
}

let clock: ManualClock;
let world: TestSandbox;
let server: Listening;
beforeEach(async () => {
  clock = manualClock('2026-01-01T12:00:00Z');
  world = await startSandbox({ clock, settle: 'off' });
  server = await world.sandbox.listen(0);
});
afterEach(() => world.close());

async function askSession(
  form: Record<string, string>,
  key = world.secretKey,
): Promise<{ status: number; json: Session & { error: { code: string; param: string } } }> {
  const answer = await fetch(`${server.url}/v1/stripecli/sessions`, {
    method: 'POST',
    headers: { authorization: `Bearer ${key}` },
    body: new URLSearchParams({ device_name: 'here', ...form }),
  });
  return { status: answer.status, json: (await answer.json()) as never };
}
const session = async (form: Record<string, string> = {}): Promise<Session> =>
  (await askSession({ 'websocket_features[]': 'webhooks', ...form })).json;
const listening = async (form: Record<string, string> = {}) => {
  const { websocket_url, websocket_id } = await session(form);
  const command = await new Command(websocket_url, websocket_id).open();
  await until(async () =>
    (await world.sandbox.control.state(world.account)).objects.some(
      (row) =>
        (row as { doc: { id: string; status?: string } }).doc.id === websocket_id &&
        (row as { doc: { status?: string } }).doc.status === 'enabled',
    ),
  );
  return { command, id: websocket_id, url: websocket_url };
};

async function until(isSo: () => boolean | Promise<boolean>): Promise<void> {
  for (let turn = 0; turn < 2000; turn += 1) {
    if (await isSo()) return;
    await new Promise((resolve) => setTimeout(resolve, 2));
  }
  throw new Error('Waited in vain.');
}
const deliveries = async () =>
  (await world.sandbox.control.deliveries({ account: world.account })).map(({ status, responseStatus, responseBody }) => [
    status,
    responseStatus,
    responseBody,
  ]);

describe('the session', () => {
  test('names the socket, the version and the secret, which stays the same for the account', async () => {
    const first = await session();
    expect(first).toEqual({
      websocket_url: `ws://127.0.0.1:${server.port}/stripecli/subscribe`,
      websocket_id: expect.stringMatching(/^cliws_\w{24}$/),
      websocket_authorized_feature: 'webhooks',
      secret: expect.stringMatching(/^whsec_\w{32}$/),
      reconnect_delay: 3600,
      display_connect_filter_warning: false,
      default_version: '2026-10-28.endive',
      latest_version: '2026-10-28.endive',
    });
    const second = await session();
    expect([second.secret, second.websocket_id === first.websocket_id]).toEqual([first.secret, false]);
  });

  test('refuses by name what it cannot do', async () => {
    const odd = await askSession({ 'websocket_features[]': 'telepathy' });
    expect([odd.status, odd.json.error.code, odd.json.error.param]).toEqual([400, 'sandbox_not_emulated', 'websocket_features']);
    const thinOnly = await askSession({ 'websocket_features[]': 'v2_events' });
    expect(thinOnly.json.error.code).toBe('sandbox_not_emulated');
    const tail = { 'websocket_features[]': 'request_logs' };
    const byAddress = await askSession({ ...tail, filters: '{"filter_ip_address":["10.0.0.1"]}' });
    expect([byAddress.json.error.code, byAddress.json.error.param]).toEqual(['sandbox_not_emulated', 'filters']);
    expect((await askSession({ ...tail, filters: '{' })).status).toBe(400);
  });

  test('an unknown id, another path and a plain request get no socket', async () => {
    const { websocket_url } = await session();
    await expect(new Command(websocket_url, 'cliws_nobody').open()).rejects.toThrow('refused');
    await expect(new Command(websocket_url, world.account).open()).rejects.toThrow('refused');
    await expect(new Command(websocket_url.replace('subscribe', 'elsewhere'), 'x').open()).rejects.toThrow('refused');
    expect(await rawUpgrade('127.0.0.1', 'cliws_nobody')).toContain(
      '{"error":{"type":"invalid_request_error","message":"Unknown WebSocket ID."}}',
    );
    expect(await rawUpgrade('evil.example', 'cliws_nobody')).toBe('');
    expect((await fetch(`${server.url}/stripecli/subscribe`)).status).not.toBe(101);
  });
});

describe('a listener', () => {
  test('gets the event twice, for either version; the answer ends the delivery', async () => {
    const { command, id } = await listening({ forward_to_url: 'localhost:3000' });
    await world.stripe.customers.create({ name: 'Max' });
    await until(() => command.messages.length === 2);
    expect(command.messages.map((message) => message.endpoint.api_version)).toEqual([null, '2026-10-28.endive']);
    expect(command.event(0)).toMatchObject({
      type: 'webhook_event',
      webhook_id: id,
      http_headers: { 'stripe-signature': expect.stringMatching(/^t=\d+,v1=[0-9a-f]{64}$/) },
    });
    expect(JSON.parse(command.event(0).event_payload)).toMatchObject({ type: 'customer.created', pending_webhooks: 1 });
    command.acknowledge(command.event(0));
    command.answer(command.event(0), 204);
    await until(async () => (await deliveries())[0]?.[0] === 'succeeded');
    expect(await deliveries()).toEqual([['succeeded', 204, 'noted']]);
  });

  test('that forwards nothing is done when it acknowledges', async () => {
    const { command } = await listening();
    await world.stripe.customers.create({ name: 'Max' });
    await until(() => command.messages.length === 2);
    command.acknowledge(command.event(0));
    await until(async () => (await deliveries())[0]?.[0] === 'succeeded');
    expect(await deliveries()).toEqual([['succeeded', 200, 'Acknowledged by the Stripe CLI.']]);
  });

  test('that does not forward a type holds the next event up once, and a late answer is still recorded', async () => {
    const { command } = await listening({ forward_to_url: 'localhost:3000' });
    await world.stripe.customers.create({ name: 'First' });
    await world.stripe.customers.create({ name: 'Second' });
    await until(() => command.messages.length === 2);
    command.acknowledge(command.event(0));
    await until(() => {
      clock.pass(100);
      return command.messages.length === 4;
    });
    command.acknowledge(command.event(1));
    const waitingForNothing = 'Acknowledged by the Stripe CLI; the forwarded address gave no answer.';
    await until(async () => (await deliveries()).every(([status]) => status === 'succeeded'));
    expect(await deliveries()).toEqual([
      ['succeeded', 200, waitingForNothing],
      ['succeeded', 200, waitingForNothing],
    ]);
    command.answer(command.event(1), 500);
    await until(async () => (await deliveries())[1]![0] === 'failed');
    expect((await deliveries())[1]).toEqual(['failed', 500, 'noted']);
    await world.stripe.customers.create({ name: 'Third' });
    await until(() => command.messages.length === 6);
    command.acknowledge(command.event(2));
    await new Promise((resolve) => setTimeout(resolve, 20));
    expect((await deliveries())[2]![0]).toBe('pending');
    command.answer(command.event(2), 200);
    await until(async () => (await deliveries())[2]![0] === 'succeeded');
  });

  test('that says nothing fails the delivery for good', async () => {
    const { command } = await listening();
    await world.stripe.customers.create({ name: 'Max' });
    await until(() => command.messages.length === 2);
    await until(async () => {
      clock.pass(1000);
      return (await deliveries())[0]?.[0] === 'failed';
    });
    expect(await deliveries()).toEqual([['failed', null, 'The Stripe CLI did not acknowledge the event.']]);
  });

  test('that fails holds no invoice back, as an endpoint would', async () => {
    await listening();
    const customer = await world.stripe.customers.create({ name: 'Max' });
    await world.stripe.invoiceItems.create({ customer: customer.id, amount: 2000, currency: 'usd' });
    const draft = await world.stripe.invoices.create({
      customer: customer.id,
      auto_advance: true,
      pending_invoice_items_behavior: 'include',
    });
    let there = false;
    const moved = world.advance('2026-01-01T02:00:00Z').then(() => {
      there = true;
    });
    await until(() => {
      clock.pass(1000);
      return there;
    });
    await moved;
    expect((await world.stripe.invoices.retrieve(draft.id)).status).toBe('open');
  });

  test('that comes back in time gets what it missed; one that stays away is forgotten', async () => {
    const { command, id, url } = await listening();
    command.close();
    await until(() => command.closed);
    await world.stripe.customers.create({ name: 'Missed' });
    const back = await new Command(url, id).open();
    await until(() => back.messages.length === 2);
    back.acknowledge(back.event(0));
    await until(async () => (await deliveries())[0]?.[0] === 'succeeded');
    back.close();
    await until(() => back.closed);
    await new Promise((resolve) => setTimeout(resolve, 20));
    clock.pass(10_000);
    await until(async () => {
      const customer = await world.stripe.customers.create({ name: 'Unheard' });
      const [event] = await world.sandbox.control.events({ account: world.account, object: customer.id });
      return event!.pending_webhooks === 0;
    });
  });

  test('is disconnected by a reset and must ask for a new session', async () => {
    const { command, id, url } = await listening();
    await world.sandbox.control.reset(world.account);
    await until(() => command.closed);
    await expect(new Command(url, id).open()).rejects.toThrow('refused');
    const { command: fresh } = await listening();
    await world.stripe.customers.create({ name: 'Max' });
    await until(() => fresh.messages.length === 2);
  });

  test('hears nothing of other accounts, and nonsense does not disturb it', async () => {
    const { command } = await listening();
    const other = await world.sandbox.control.createAccount({ name: 'Other' });
    const answer = await fetch(`${server.url}/v1/customers`, { method: 'POST', headers: { authorization: `Bearer ${other.secretKey}` } });
    expect(answer.status).toBe(200);
    command.say('not JSON');
    command.say({ type: 'webhook_response', webhook_conversation_id: 'whc_unknown', status: 200 });
    command.say({ type: 'surprise' });
    await world.stripe.customers.create({ name: 'Mine' });
    await until(() => command.messages.length === 2);
    expect(JSON.parse(command.event(0).event_payload).data.object.name).toBe('Mine');
  });
});

test('on the SQL store a listener is found, heard and forgotten too', async () => {
  await world.close();
  const sql = await openPglite();
  world = await startSandbox({ clock, settle: 'off', store: sql.store });
  server = await world.sandbox.listen(0);
  const { command } = await listening();
  await world.stripe.customers.create({ name: 'Max' });
  await until(() => command.messages.length === 2);
  command.acknowledge(command.event(0));
  await until(async () => (await deliveries())[0]?.[0] === 'succeeded');
  command.close();
  await until(() => command.closed);
  await new Promise((resolve) => setTimeout(resolve, 20));
  clock.pass(10_000);
  await until(async () => {
    const customer = await world.stripe.customers.create({ name: 'Unheard' });
    const [event] = await world.sandbox.control.events({ account: world.account, object: customer.id });
    return event!.pending_webhooks === 0;
  });
  await world.close();
  await sql.close();
  world = await startSandbox({ clock });
});

test('a platform that listens hears its connected accounts', async () => {
  const platform = await world.sandbox.control.createAccount({ name: 'Platform' });
  const asked = await askSession({ 'websocket_features[]': 'webhooks' }, platform.secretKey);
  const command = await new Command(asked.json.websocket_url, asked.json.websocket_id).open();
  await world.sandbox.control.seed({
    account: world.account,
    objects: [
      { id: `install_${platform.account}`, object: 'sandbox.oauth_install', created: 0, platform: platform.account, revoked: false },
    ] as never,
  });
  await until(async () => {
    await world.stripe.customers.create({ name: 'Max' });
    return command.messages.length > 0;
  });
  expect(JSON.parse(command.event(0).event_payload)).toMatchObject({ type: 'customer.created', account: world.account });
});

/** An upgrade by hand: what stands in the answer, '' when the connection was just dropped. */
function rawUpgrade(host: string, id: string): Promise<string> {
  const lines = [
    'GET /stripecli/subscribe HTTP/1.1',
    `Host: ${host}`,
    'Connection: Upgrade',
    'Upgrade: websocket',
    'Sec-WebSocket-Version: 13',
    'Sec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==',
    `Websocket-Id: ${id}`,
  ];
  return new Promise((resolve) => {
    let text = '';
    const socket: Socket = connect(server.port, '127.0.0.1', () => socket.write(`${lines.join('\r\n')}\r\n\r\n`));
    socket.on('data', (chunk) => {
      text += chunk;
    });
    socket.on('close', () => resolve(text));
    socket.on('error', () => resolve(text));
  });
}
