import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import Stripe from 'stripe';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import type { OutgoingRequest } from '../ports.ts';
import { type ManualClock, manualClock, startSandbox, type TestSandbox } from '../testing/index.ts';

type Received = { body: string; signature: string };

/** Keeps what arrives and answers as told. */
class Receiver {
  received: Received[] = [];
  answer: (request: OutgoingRequest) => number = () => 200;
  deliver = async (request: OutgoingRequest) => {
    this.received.push({ body: request.body, signature: request.headers['stripe-signature']! });
    const status = this.answer(request);
    if (status === 0) throw new Error('socket hang up');
    return { status, body: 'ok' };
  };
  types(): string[] {
    return this.received.map((received) => JSON.parse(received.body).type);
  }
}

let clock: ManualClock;
let receiver: Receiver;
let world: TestSandbox;
beforeEach(async () => {
  clock = manualClock('2026-01-01T12:00:00Z');
  receiver = new Receiver();
  world = await startSandbox({ clock, deliver: receiver.deliver });
});
afterEach(() => world.close());

const endpoint = (events: string[] = ['*']) =>
  world.stripe.webhookEndpoints.create({ url: 'http://127.0.0.1:1/hook', enabled_events: events as never });
const settle = () => world.sandbox.control.idle(world.account);

describe('[S 3.8] delivery', () => {
  it('signs with the transport clock, not with the object’s', async () => {
    const { secret } = await endpoint();
    await world.stripe.customers.create({ name: 'Max' });
    await settle();
    const [delivered] = receiver.received;
    const receivedAt = Math.floor(clock.now() / 1000);
    const event = Stripe.webhooks.constructEvent(delivered!.body, delivered!.signature, secret!, 300, undefined, clock.now());
    expect(event).toMatchObject({
      type: 'customer.created',
      created: Date.UTC(2026, 0, 1) / 1000,
      api_version: '2026-10-28.endive',
      pending_webhooks: 1,
    });
    expect(delivered!.signature).toMatch(new RegExp(`^t=${receivedAt},v1=[0-9a-f]{64}$`));
  });

  it('sends only what an endpoint asked for, in order, and counts down pending_webhooks', async () => {
    await endpoint(['customer.updated']);
    const customer = await world.stripe.customers.create({ name: 'Max' });
    for (const name of ['A', 'B', 'C']) await world.stripe.customers.update(customer.id, { name });
    await settle();
    expect(receiver.received.map((received) => JSON.parse(received.body).data.object.name)).toEqual(['A', 'B', 'C']);
    const [newest] = (await world.stripe.events.list({ type: 'customer.updated' })).data;
    expect(newest).toMatchObject({ pending_webhooks: 0, data: { previous_attributes: { name: 'B' } } });
    expect((await world.stripe.events.list({ delivery_success: false })).data).toEqual([]);
  });

  it('retries three times over a few hours, each time freshly signed, then gives up', async () => {
    await endpoint();
    receiver.answer = () => 500;
    await world.stripe.customers.create({ name: 'Max' });
    await settle();
    expect(receiver.received).toHaveLength(1);
    for (let hour = 0; hour < 8; hour += 1) {
      clock.pass(3_600_000);
      await settle();
    }
    expect(receiver.received).toHaveLength(4);
    expect(new Set(receiver.received.map((received) => received.signature)).size).toBe(4);
    expect(new Set(receiver.received.map((received) => received.body)).size).toBe(1);
    const [delivery] = await world.sandbox.control.deliveries({ account: world.account });
    expect(delivery).toMatchObject({ status: 'failed', attempts: 4, responseStatus: 500 });
    expect((await world.stripe.events.list({ delivery_success: false })).data).toHaveLength(1);
  });

  it('takes no answer as failure, and succeeds later', async () => {
    await endpoint();
    receiver.answer = () => (receiver.received.length === 1 ? 0 : 204);
    await world.stripe.customers.create({ name: 'Max' });
    await settle();
    clock.pass(5 * 60_000);
    await settle();
    expect((await world.sandbox.control.deliveries({ account: world.account }))[0]).toMatchObject({ status: 'succeeded', attempts: 2 });
  });

  it('stops for a disabled or deleted endpoint and sends again on demand', async () => {
    const { id } = await endpoint();
    await world.stripe.webhookEndpoints.update(id, { disabled: true });
    await world.stripe.customers.create({ name: 'Max' });
    await settle();
    expect(receiver.received).toHaveLength(0);
    await world.stripe.webhookEndpoints.update(id, { disabled: false });
    const [event] = (await world.stripe.events.list({ type: 'customer.created' })).data;
    await world.stripe.rawRequest('POST', `/v1/events/${event!.id}/retry`, { webhook_endpoint: id });
    await settle();
    expect(receiver.types()).toEqual(['customer.created']);
  });

  it('refuses the seventeenth endpoint without a code', async () => {
    for (let count = 0; count < 16; count += 1) await endpoint();
    const refusal = await endpoint().catch((error: unknown) => error);
    expect(refusal).toMatchObject({ statusCode: 400, type: 'StripeInvalidRequestError', code: undefined });
  });

  it('refuses event types that do not exist', async () => {
    await expect(endpoint(['customer.exploded'])).rejects.toMatchObject({ statusCode: 400, param: 'enabled_events[0]' });
  });
});

describe('[S 3.8] delivery faults', () => {
  const fault = (effect: object, match: object = {}) =>
    world.sandbox.control.faults.add({ on: 'delivery', match: { account: world.account, ...match }, effect: effect as never, times: 1 });
  const verify = (received: Received, secret: string) =>
    Stripe.webhooks.constructEvent(received.body, received.signature, secret, 300, undefined, clock.now());

  it('duplicates, drops and spoils signatures on demand', async () => {
    const { secret } = await endpoint();
    fault({ kind: 'duplicate', n: 4 });
    await world.stripe.customers.create({ name: 'A' });
    await settle();
    expect(receiver.received).toHaveLength(5);
    fault({ kind: 'bad_signature' });
    await world.stripe.customers.create({ name: 'B' });
    await settle();
    expect(() => verify(receiver.received[5]!, secret!)).toThrow(/No signatures found/);
    fault({ kind: 'old_timestamp', seconds: 400 });
    await world.stripe.customers.create({ name: 'C' });
    await settle();
    expect(() => verify(receiver.received[6]!, secret!)).toThrow(/Timestamp outside the tolerance zone/);
    fault({ kind: 'drop' });
    await world.stripe.customers.create({ name: 'D' });
    await settle();
    expect(receiver.received).toHaveLength(7);
    clock.pass(5 * 60_000);
    await settle();
    expect(receiver.received).toHaveLength(8);
    expect(verify(receiver.received[7]!, secret!).type).toBe('customer.created');
  });

  it('delays without holding up the others', async () => {
    await endpoint();
    fault({ kind: 'delay', min: 60_000, max: 60_000 }, { event: 'customer.created' });
    const customer = await world.stripe.customers.create({ name: 'A' });
    await world.stripe.customers.update(customer.id, { name: 'B' });
    await settle();
    expect(receiver.types()).toEqual(['customer.updated']);
    clock.pass(60_000);
    await settle();
    expect(receiver.types()).toEqual(['customer.updated', 'customer.created']);
  });
});

describe('over the network', () => {
  let server: Server;
  afterEach(() => new Promise<void>((resolve) => void server.close(() => resolve())));

  it('reaches loopback and nothing else', async () => {
    const bodies: string[] = [];
    server = createServer((request, response) => {
      let body = '';
      request.on('data', (chunk) => {
        body += chunk;
      });
      request.on('end', () => {
        bodies.push(body);
        response.end('ok');
      });
    });
    await new Promise<void>((resolve) => void server.listen(0, '127.0.0.1', resolve));
    const real = await startSandbox();
    await real.stripe.webhookEndpoints.create({
      url: `http://127.0.0.1:${(server.address() as AddressInfo).port}/hook`,
      enabled_events: ['*'],
    });
    await real.stripe.webhookEndpoints.create({ url: 'http://192.0.2.1/hook', enabled_events: ['*'] });
    await real.stripe.customers.create({ name: 'Max' });
    await real.sandbox.control.idle();
    expect(bodies.map((body) => JSON.parse(body).type)).toEqual(['customer.created']);
    const foreign = (await real.sandbox.control.deliveries()).find((delivery) => delivery.status !== 'succeeded');
    expect(foreign?.responseBody).toContain('192.0.2.1 is not allowed');
    await real.close();
  });
});
