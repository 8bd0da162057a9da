import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { type Connected, type StripeWorld, startStripeWorld } from '../../../../test/support/stripe-world.ts';
import { toUnix } from '../../../kit/time.ts';
import { signBody } from './signature.ts';

let world: StripeWorld;
let connected: Connected;
let serial = 0;

beforeAll(async () => {
  world = await startStripeWorld();
  connected = await world.connect();
});
afterAll(() => world.close());

const machineNow = () => toUnix(world.app.machineClock.now());

function event(type: string, object: object, more: object = {}): Record<string, unknown> {
  serial += 1;
  return {
    id: `evt_test${serial}`,
    object: 'event',
    api_version: '2026-10-28.endive',
    created: toUnix(connected.ctx.clock.now()),
    livemode: false,
    type,
    data: { object },
    ...more,
  };
}

async function post(body: string | Uint8Array | object, a: { secret?: string; connectionId?: string } = {}) {
  const text = typeof body === 'string' || body instanceof Uint8Array ? body : JSON.stringify(body);
  const signature = signBody(text, a.secret ?? connected.webhookSecret, machineNow());
  return (await world.deliver({ connectionId: a.connectionId ?? connected.connectionId, body: text, signature })).status;
}

async function rowOf(eventId: unknown) {
  return (await world.rows()).find((row) => row.event_id === eventId);
}

async function announced(type: string, objectId: string): Promise<number> {
  const rows = await world.app.db
    .selectFrom('events')
    .select('data')
    .where('environment_id', '=', world.environmentId)
    .where('type', '=', type)
    .execute();
  return rows.filter((row) => (row.data as { stripe_object_id?: string }).stripe_object_id === objectId).length;
}

describe('deliveries', () => {
  test('[W1] twenty events, each sent five times at once: one row and one effect each, always 200', async () => {
    world.reachable = false;
    const customers = [];
    for (let n = 0; n < 20; n++) customers.push(await connected.stripe.customers.create({ email: `w1-${n}@example.com` }));
    world.reachable = true;
    const events = customers.map((customer) => event('customer.created', { id: customer.id, object: 'customer' }));
    const answers = await Promise.all(events.flatMap((one) => Array.from({ length: 5 }, () => post(one))));
    expect(new Set(answers)).toEqual(new Set([200]));
    await world.settle();
    const ids = new Set(events.map((one) => one.id));
    const rows = (await world.rows()).filter((row) => ids.has(row.event_id));
    expect(rows.map((row) => row.status)).toEqual(Array(20).fill('processed'));
    for (const customer of customers) expect(await announced('customer.created', customer.id)).toBe(1);
  });

  test('[W8] one signed request repeated a hundred times within its tolerance has one effect', async () => {
    const one = event('customer.updated', { id: 'cus_nobody', object: 'customer' });
    expect(new Set(await Promise.all(Array.from({ length: 100 }, () => post(one))))).toEqual(new Set([200]));
    expect((await world.rows()).filter((row) => row.event_id === one.id)).toHaveLength(1);
  });

  test('[W6] a forged delivery leaves nothing behind, whoever forges it', async () => {
    const before = (await world.rows()).length;
    const body = JSON.stringify(event('customer.created', { id: 'cus_forged', object: 'customer' }));
    const header = signBody(body, connected.webhookSecret, machineNow());
    const forged = [
      undefined,
      '',
      signBody(body, 'whsec_guess', machineNow()),
      header.replace('v1=', 'v0='),
      `${header.slice(0, -1)}${header.endsWith('0') ? '1' : '0'}`,
      signBody(`${body} `, connected.webhookSecret, machineNow()),
    ];
    const answers = await Promise.all(forged.map((signature) => world.deliver({ connectionId: connected.connectionId, body, signature })));
    expect(answers.map((answer) => answer.status)).toEqual(forged.map(() => 400));
    expect(new Set(answers.map((answer) => JSON.stringify(answer.body))).size).toBe(1);
    expect(await world.rows()).toHaveLength(before);
    expect((await world.deliver({ connectionId: 'connection_nobody', body, signature: header })).status).toBe(404);
  });

  test('[W7] the tolerance is judged by machine time although the environment stands in January 2026', async () => {
    const body = JSON.stringify(event('customer.created', { id: 'cus_time', object: 'customer' }));
    const at = (t: number | string) =>
      world
        .deliver({ connectionId: connected.connectionId, body, signature: signBody(body, connected.webhookSecret, t) })
        .then((answer) => answer.status);
    expect([await at(machineNow() + 299), await at(machineNow() - 299)]).toEqual([200, 200]);
    expect(await at(toUnix(connected.ctx.clock.now()))).toBe(400);
    for (const t of [machineNow() + 302, machineNow() - 302, 'abc', '1e3']) expect(await at(t)).toBe(400);
  });

  test('[W11] signed nonsense is refused and set aside, one row per body', async () => {
    const nonsense: (string | Uint8Array)[] = [
      '{"id":"evt_1"',
      '{"id":"evt_1","id":"evt_2"}',
      '{"__proto__":{"polluted":1}}',
      '['.repeat(100_000),
      '{"id":"evt_\\ud800"}',
      '{"id":"evt_1","amount":99999999999999999999}',
      'null',
      '[]',
      '{}',
      '{"id":"not an event"}',
      '\0\0\0',
      Uint8Array.of(0xff, 0xfe, 0x00),
    ];
    for (const body of nonsense) expect(await post(body)).toBe(400);
    expect(await post(nonsense[0]!)).toBe(400);
    const rows = (await world.rows()).filter((row) => row.status === 'quarantined');
    expect(rows).toHaveLength(nonsense.length);
    expect(({} as { polluted?: number }).polluted).toBeUndefined();
  });

  test('[W12] unknown types and thin events are stored and left alone', async () => {
    const unknown = event('issuing_card.created', { id: 'ic_1', object: 'issuing.card' });
    const thin = {
      id: 'evt_thin1',
      object: 'v2.core.event',
      type: 'v1.customer.created',
      livemode: false,
      created: '2026-01-01T00:00:00.000Z',
      related_object: { id: 'cus_1' },
    };
    expect([await post(unknown), await post(thin)]).toEqual([200, 200]);
    expect([(await rowOf(unknown.id))?.outcome, (await rowOf('evt_thin1'))?.outcome]).toEqual(['unknown_type', 'thin_event']);
  });

  test('[W14] another mode and another account are stored and left alone; another connection’s secret is refused', async () => {
    const secondEnvironment = await world.addEnvironment();
    const second = await world.connect(secondEnvironment);
    const live = event('customer.created', { id: 'cus_live', object: 'customer' }, { livemode: true });
    const foreign = event('customer.created', { id: 'cus_foreign', object: 'customer' }, { account: second.account });
    const own = event('customer.created', { id: 'cus_own', object: 'customer' }, { account: connected.account });
    expect([await post(live), await post(foreign), await post(own)]).toEqual([200, 200, 200]);
    expect((await rowOf(live.id))?.outcome).toBe('wrong_mode');
    expect((await rowOf(foreign.id))?.outcome).toBe('foreign');
    expect((await rowOf(own.id))?.status).toBe('received');
    expect(await post(event('customer.created', { id: 'cus_x', object: 'customer' }), { secret: second.webhookSecret })).toBe(400);
    expect(await world.rows(secondEnvironment)).toEqual([]);
  });

  test('[W13] an event in a shape of 2015 or 2099 is read from Stripe, not from its body', async () => {
    world.reachable = false;
    const customer = await connected.stripe.customers.create({ email: 'truth@example.com' });
    world.reachable = true;
    const old = event(
      'customer.created',
      { id: customer.id, object: 'customer', email: 'lie@example.com', subscriptions: { data: [] } },
      { api_version: '2015-02-16' },
    );
    const future = event('customer.updated', { id: customer.id, object: 'customer', email: 7 }, { api_version: '2099-01-01.zeppelin' });
    expect([await post(old), await post(future)]).toEqual([200, 200]);
    await world.settle();
    const row = await world.app.db.selectFrom('customers').select('email').where('stripe_id', '=', customer.id).executeTakeFirstOrThrow();
    expect(row.email).toBe('truth@example.com');
  });

  test('[W2] every order of created, updated, updated, paid and deleted ends as the Sandbox has it', async () => {
    world.reachable = false;
    const { stripe } = connected;
    const orders = permutations([0, 1, 2, 3, 4]).filter((_, index) => index % 10 === 0);
    for (const order of orders) {
      const customer = await stripe.customers.create({
        email: 'w2@example.com',
        payment_method: 'pm_card_visa',
        invoice_settings: { default_payment_method: 'pm_card_visa' },
      });
      const price = await stripe.prices.create({
        currency: 'usd',
        unit_amount: 500,
        recurring: { interval: 'month' },
        product_data: { name: 'W2' },
      });
      const subscription = await stripe.subscriptions.create({ customer: customer.id, items: [{ price: price.id }] });
      await stripe.customers.update(customer.id, { name: 'W2' });
      await stripe.subscriptions.cancel(subscription.id);
      const story = [
        event('customer.subscription.created', { id: subscription.id, object: 'subscription', status: 'active' }),
        event('customer.subscription.updated', { id: subscription.id, object: 'subscription', status: 'active' }),
        event('customer.updated', { id: customer.id, object: 'customer' }),
        event('invoice.paid', { id: subscription.latest_invoice, object: 'invoice' }),
        event('customer.subscription.deleted', { id: subscription.id, object: 'subscription', status: 'canceled' }),
      ];
      for (const index of order) {
        await post(story[index]!);
        if (index % 2 === 0) await world.app.queues.drainAll(world.environmentId);
      }
      await world.app.queues.drainAll(world.environmentId);
      const row = await world.app.db
        .selectFrom('subscriptions')
        .select('status')
        .where('stripe_id', '=', subscription.id)
        .executeTakeFirstOrThrow();
      const invoice = await world.app.db
        .selectFrom('invoices')
        .select('payment_status')
        .where('stripe_id', '=', String(subscription.latest_invoice))
        .executeTakeFirstOrThrow();
      expect([order, row.status, invoice.payment_status]).toEqual([order, 'canceled', 'succeeded']);
    }
    world.reachable = true;
  });
});

function permutations(items: number[]): number[][] {
  if (items.length <= 1) return [items];
  return items.flatMap((item) => permutations(items.filter((other) => other !== item)).map((rest) => [item, ...rest]));
}
