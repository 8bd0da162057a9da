import { createServer, type IncomingMessage, type Server } from 'node:http';
import { type AddressInfo, connect, createServer as createTcpServer, type Socket } from 'node:net';
import Stripe from 'stripe';
import { afterAll, afterEach, beforeAll, describe, expect, test } from 'vitest';
import { CLI_IS_MISSING, type CliAccount, type CliWorld, openCliWorld, type Running, until } from './support.ts';

type Received = { event: Stripe.Event; body: string; signature: string };

/** The program that somebody develops: takes webhooks and answers as told. */
class Receiver {
  received: Received[] = [];
  answer: (type: string) => number = () => 200;
  #server: Server = createServer((request, response) => void this.#take(request).then((status) => response.writeHead(status).end('noted')));
  async listen(): Promise<string> {
    await new Promise<void>((resolve) => this.#server.listen(0, '127.0.0.1', resolve));
    return `http://127.0.0.1:${(this.#server.address() as AddressInfo).port}/hook`;
  }
  types = () => this.received.map(({ event }) => event.type);
  close = () => this.#server.close();
  async #take(request: IncomingMessage): Promise<number> {
    let body = '';
    for await (const chunk of request) body += chunk;
    const event = JSON.parse(body) as Stripe.Event;
    this.received.push({ event, body, signature: String(request.headers['stripe-signature']) });
    return this.answer(event.type);
  }
}

/** A cable that can be cut, between the CLI and the Sandbox. */
async function openCable(to: () => number): Promise<{ url: string; cut(): void; close(): void }> {
  const sockets = new Set<Socket>();
  const server = createTcpServer((near) => {
    const far = connect(to(), '127.0.0.1');
    for (const [from, into] of [
      [near, far],
      [far, near],
    ] as const) {
      sockets.add(from);
      from
        .on('error', () => into.destroy())
        .on('close', () => {
          sockets.delete(from);
          into.destroy();
        });
      from.pipe(into);
    }
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const cut = () => {
    for (const socket of sockets) socket.destroy();
  };
  const close = () => {
    cut();
    server.close();
  };
  return { url: `http://127.0.0.1:${(server.address() as AddressInfo).port}`, cut, close };
}

describe.skipIf(CLI_IS_MISSING)('stripe listen and logs tail', () => {
  let world: CliWorld;
  let cli: CliAccount;
  let receiver: Receiver;
  let hook: string;
  const running: Running[] = [];
  beforeAll(async () => {
    world = await openCliWorld();
  });
  afterAll(() => world.close());
  afterEach(async () => {
    await Promise.all(running.splice(0).map((command) => command.stop()));
    receiver.close();
  });

  const begin = async (options: { virtual?: boolean } = {}) => {
    cli = await world.account(options);
    receiver = new Receiver();
    hook = await receiver.listen();
  };
  const start = async (...args: string[]): Promise<Running> => {
    const command = cli.start(...args);
    running.push(command);
    await command.saw('Ready!');
    return command;
  };
  const deliveries = () => world.sandbox.control.deliveries({ account: cli.account });
  const outcomes = async () =>
    (await deliveries()).map(({ eventType, status, responseStatus, responseBody }) => [eventType, status, responseStatus, responseBody]);

  test('an event reaches the forwarded address, signed with the secret that was printed, and its answer is on the delivery', async () => {
    await begin();
    const printed = (await cli.run('listen', '--skip-update', '--print-secret')).stdout.trim();
    expect(printed).toMatch(/^whsec_\w{32}$/);
    const listening = await start('listen', '--skip-update', '--forward-to', hook, '--all-snapshot');
    await listening.saw(printed);
    const customer = await cli.stripe.customers.create({ name: 'Max' });
    await until('the receiver has it', () => receiver.received.length === 1);
    const { body, signature, event } = receiver.received[0]!;
    expect(Stripe.webhooks.constructEvent(body, signature, printed).id).toBe(event.id);
    expect(event).toMatchObject({ type: 'customer.created', data: { object: { id: customer.id } }, pending_webhooks: 1 });
    await until('the answer is recorded', async () => (await outcomes())[0]?.[1] === 'succeeded');
    expect(await outcomes()).toEqual([['customer.created', 'succeeded', 200, 'noted']]);
    await listening.saw(new RegExp(`<--  \\[200\\] POST ${hook}`));
    expect((await cli.stripe.events.retrieve(event.id)).pending_webhooks).toBe(0);
  });

  test('what the receiver refuses is recorded as failed and not tried again', async () => {
    await begin();
    receiver.answer = () => 500;
    await start('listen', '--skip-update', '--forward-to', hook, '--all-snapshot');
    await cli.stripe.customers.create({ name: 'Max' });
    await until('the refusal is recorded', async () => (await outcomes())[0]?.[1] === 'failed');
    expect(await outcomes()).toEqual([['customer.created', 'failed', 500, 'noted']]);
    expect(receiver.received).toHaveLength(1);
  });

  test('several listeners hear the same; --events lets through only what is named; --latest hears it once', async () => {
    await begin();
    await start('listen', '--skip-update', '--forward-to', hook, '--events', 'price.created');
    const all = await start('listen', '--skip-update');
    const latest = await start('listen', '--skip-update', '--latest');
    const product = await cli.stripe.products.create({ name: 'Pro' });
    await cli.stripe.prices.create({ product: product.id, currency: 'usd', unit_amount: 500 });
    for (const listener of [all, latest]) {
      await listener.saw('--> product.created');
      await listener.saw('--> price.created');
      expect(listener.output().match(/--> price\.created/g)).toHaveLength(1);
    }
    await until('the filtered one has its event', () => receiver.received.length === 1);
    expect(receiver.types()).toEqual(['price.created']);
    const rows = await deliveries();
    expect(new Set(rows.map((row) => row.endpoint)).size).toBe(3);
  });

  test('events resend sends an event again: to an endpoint, and to whoever listens now', async () => {
    await begin();
    const endpoint = await cli.stripe.webhookEndpoints.create({ url: hook, enabled_events: ['customer.created'] });
    await cli.stripe.customers.create({ name: 'Max' });
    await until('the endpoint has it', () => receiver.received.length === 1);
    const { id } = receiver.received[0]!.event;
    const again = await cli.run('events', 'resend', id, '--webhook-endpoint', endpoint.id);
    expect([again.code, again.stdout.includes(id)]).toEqual([0, true]);
    await until('the endpoint has it twice', () => receiver.received.length === 2);
    expect(receiver.received.map(({ event }) => event.id)).toEqual([id, id]);
    await cli.stripe.webhookEndpoints.del(endpoint.id);
    const listening = await start('listen', '--skip-update');
    expect((await cli.run('events', 'resend', id)).code).toBe(0);
    await listening.saw(id);
  });

  test('four months pass in a moment, and the listener hears them in order', async () => {
    await begin({ virtual: true });
    await start('listen', '--skip-update', '--forward-to', hook, '--events', 'invoice.paid,customer.subscription.created');
    const product = await cli.stripe.products.create({ name: 'Pro' });
    const price = await cli.stripe.prices.create({
      product: product.id,
      currency: 'usd',
      unit_amount: 500,
      recurring: { interval: 'month' },
    });
    const customer = await cli.stripe.customers.create({
      payment_method: 'pm_card_visa',
      invoice_settings: { default_payment_method: 'pm_card_visa' },
    });
    await cli.stripe.subscriptions.create({ customer: customer.id, items: [{ price: price.id }] });
    const { now } = await world.sandbox.control.clock(cli.account);
    await world.sandbox.control.advance({ account: cli.account, to: now + 124 * 86_400 });
    await until('five invoices were heard of', () => receiver.types().filter((type) => type === 'invoice.paid').length === 5);
    const created = receiver.received.map(({ event }) => event.created);
    expect(created).toEqual([...created].sort((a, b) => a - b));
    expect(receiver.types()[0]).toBe('customer.subscription.created');
  });

  test('a cut connection is taken up again, and what happened meanwhile arrives', async () => {
    receiver = new Receiver();
    hook = await receiver.listen();
    let port = 0;
    const cable = await openCable(() => port);
    const behind = await openCliWorld({ publicUrl: cable.url });
    try {
      port = Number(new URL(behind.url).port);
      cli = await behind.account();
      await start('listen', '--skip-update', '--api-base', cable.url, '--forward-to', hook, '--all-snapshot');
      await cli.stripe.customers.create({ name: 'Before' });
      await until('the first one is there', () => receiver.received.length === 1);
      cable.cut();
      await cli.stripe.customers.create({ name: 'Meanwhile' });
      await until('the second one is there', () => receiver.received.length === 2);
      const names = receiver.received.map(({ event }) => (event.data.object as Stripe.Customer).name);
      expect(names).toEqual(['Before', 'Meanwhile']);
      await Promise.all(running.splice(0).map((command) => command.stop()));
    } finally {
      await behind.close();
      cable.close();
    }
  });

  test('logs tail shows the requests as they are made, filtered as asked', async () => {
    await begin();
    const everything = await start('logs', 'tail');
    const refused = await start('logs', 'tail', '--filter-status-code-type', '4XX', '--filter-http-method', 'POST', '--format', 'JSON');
    const customer = await cli.stripe.customers.create({ name: 'Max' });
    await cli.stripe.customers.retrieve('cus_nothing').catch(() => undefined);
    await cli.stripe.paymentMethods.attach('pm_card_visa_chargeDeclined', { customer: customer.id }).catch(() => undefined);
    await everything.saw('[200] POST /v1/customers');
    await everything.saw('[404] GET /v1/customers/cus_nothing');
    await everything.saw('[402] POST /v1/payment_methods/pm_card_visa_chargeDeclined/attach');
    await refused.saw('"code":"card_declined"');
    expect(refused.output()).not.toContain('cus_nothing');
    expect(refused.output()).not.toContain('"status":200');
  });

  test('what cannot be shown is refused by name', async () => {
    await begin();
    const { code, output } = await cli.run('logs', 'tail', '--filter-ip-address', '10.0.0.1');
    expect([code === 0, output.includes('sandbox_not_emulated'), output.includes('filter_ip_address')]).toEqual([false, true, true]);
  });
});
