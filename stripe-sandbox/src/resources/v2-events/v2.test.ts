import Stripe from 'stripe';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { seededRandom } from '../../index.ts';
import type { OutgoingRequest } from '../../ports.ts';
import { type ManualClock, manualClock, sdkFor, startSandbox, type TestSandbox } from '../../testing/index.ts';

const NOW = '2026-03-10T12:00:00Z';
let held: TestSandbox;
let stripe: Stripe;
let clock: ManualClock;
let sent: OutgoingRequest[];
beforeEach(async () => {
  clock = manualClock(NOW);
  sent = [];
  held = await startSandbox({
    now: NOW,
    clock,
    random: seededRandom(3),
    deliver: async (request) => {
      sent.push(request);
      return { status: 200, body: '' };
    },
  });
  stripe = held.stripe;
});
afterEach(() => held.close());

async function refusal(call: Promise<unknown>): Promise<Stripe.errors.StripeError> {
  const error = await call.then(
    () => null,
    (thrown: unknown) => thrown,
  );
  if (error instanceof Stripe.errors.StripeError) return error;
  throw error ?? new Error('The call was not refused.');
}
const meterOf = (event_name = 'tokens') =>
  stripe.billing.meters.create({ display_name: 'Tokens', event_name, default_aggregation: { formula: 'sum' } });
const total = async (meter: string, customer: string) => {
  const [start_time, end_time] = [Date.parse('2026-03-01T00:00:00Z') / 1000, Date.parse('2026-04-01T00:00:00Z') / 1000];
  return (await stripe.billing.meters.listEventSummaries(meter, { customer, start_time, end_time })).data[0]!.aggregated_value;
};
const payload = (customer: string, value: string) => ({ stripe_customer_id: customer, value });
const delivered = async () => {
  await held.sandbox.control.flush(held.account);
  return sent.splice(0);
};
const destination = (more: Partial<Stripe.V2.Core.EventDestinationCreateParams> = {}) =>
  stripe.v2.core.eventDestinations.create({
    name: 'Mine',
    type: 'webhook_endpoint',
    event_payload: 'thin',
    enabled_events: ['v1.customer.created'],
    webhook_endpoint: { url: 'http://127.0.0.1:9/hook' },
    include: ['webhook_endpoint.signing_secret', 'webhook_endpoint.url'],
    ...more,
  });

describe('meter events of v2', () => {
  test('are judged at once and counted like those of v1', async () => {
    const customer = await stripe.customers.create({});
    const meter = await meterOf();
    const event = await stripe.v2.billing.meterEvents.create({
      event_name: 'tokens',
      identifier: 'v2-1',
      payload: payload(customer.id, '25'),
      timestamp: '2026-03-10T11:00:00.000Z',
    });
    expect(event).toMatchObject({
      object: 'v2.billing.meter_event',
      created: '2026-03-10T12:00:00.000Z',
      event_name: 'tokens',
      identifier: 'v2-1',
      livemode: false,
      payload: payload(customer.id, '25'),
      timestamp: '2026-03-10T11:00:00.000Z',
    });
    expect(await total(meter.id, customer.id)).toBe(25);
    expect(
      await stripe.v2.billing.meterEventAdjustments.create({ event_name: 'tokens', type: 'cancel', cancel: { identifier: 'v2-1' } }),
    ).toMatchObject({ object: 'v2.billing.meter_event_adjustment', cancel: { identifier: 'v2-1' }, created: '2026-03-10T12:00:00.000Z' });
    expect(await total(meter.id, customer.id)).toBe(0);
    expect(
      await refusal(stripe.v2.billing.meterEventAdjustments.create({ event_name: 'tokens', type: 'cancel', cancel: { identifier: 'x' } })),
    ).toMatchObject({ statusCode: 400, code: 'meter_event_not_found' });
  });

  test('every fault is a refusal with its code, and nothing is kept', async () => {
    const customer = await stripe.customers.create({});
    const meter = await meterOf();
    const old = await meterOf('old');
    await stripe.billing.meters.deactivate(old.id);
    const send = (event: Partial<Stripe.V2.Billing.MeterEventCreateParams>) =>
      stripe.v2.billing.meterEvents.create({ event_name: 'tokens', payload: payload(customer.id, '1'), identifier: 'same', ...event });
    const faults: [string, Partial<Stripe.V2.Billing.MeterEventCreateParams>][] = [
      ['no_meter', { event_name: 'none' }],
      ['archived_meter', { event_name: 'old' }],
      ['timestamp_too_far_in_past', { timestamp: '2026-02-03T11:59:59Z' }],
      ['timestamp_in_future', { timestamp: '2026-03-10T12:05:01Z' }],
      ['meter_event_no_customer_defined', { payload: { value: '1' } }],
      ['meter_event_customer_not_found', { payload: payload('cus_none', '1') }],
      ['meter_event_value_not_found', { payload: { stripe_customer_id: customer.id } }],
      ['meter_event_invalid_value', { payload: payload(customer.id, '1,5') }],
      ['meter_event_value_too_many_digits', { payload: payload(customer.id, '1234567890123456') }],
      ['invalid_fields', { timestamp: 'yesterday' }],
      ['invalid_fields', { event_name: undefined as never }],
    ];
    for (const [code, event] of faults) {
      const refused = await refusal(send(event));
      expect(refused).toMatchObject({ statusCode: 400, code });
      expect(refused.param).toBeUndefined();
    }
    await send({});
    expect(await refusal(send({}))).toMatchObject({ statusCode: 400, code: 'duplicate_meter_event' });
    expect(await total(meter.id, customer.id)).toBe(1);
    expect((await stripe.v2.core.events.list({ types: ['v1.billing.meter.error_report_triggered'] })).data).toEqual([]);
  });

  test('[S 3.9] what failed runs again under its idempotency key, what worked is answered again', async () => {
    const customer = await stripe.customers.create({});
    const send = () =>
      stripe.v2.billing.meterEvents.create({ event_name: 'tokens', payload: payload(customer.id, '3') }, { idempotencyKey: 'k' });
    expect(await refusal(send())).toMatchObject({ code: 'no_meter' });
    const meter = await meterOf();
    const first = await send();
    expect((await send()).identifier).toBe(first.identifier);
    expect(await total(meter.id, customer.id)).toBe(3);
  });

  test('a session opens the stream for fifteen minutes, and nothing else', async () => {
    const customer = await stripe.customers.create({});
    const meter = await meterOf();
    const session = await stripe.v2.billing.meterEventSession.create();
    expect(session).toMatchObject({
      object: 'v2.billing.meter_event_session',
      created: '2026-03-10T12:00:00.000Z',
      expires_at: '2026-03-10T12:15:00.000Z',
    });
    const streaming = sdkFor(held.sandbox, session.authentication_token);
    const send = (count: number, client = streaming) =>
      client.v2.billing.meterEventStream.create({
        events: Array.from({ length: count }, () => ({ event_name: 'tokens', payload: payload(customer.id, '2') })),
      });
    await send(100);
    expect(await total(meter.id, customer.id)).toBe(200);
    expect(await refusal(send(101))).toMatchObject({ statusCode: 400, code: 'invalid_fields' });
    expect(await refusal(send(1, stripe))).toMatchObject({ statusCode: 401 });
    expect(await refusal(streaming.customers.list())).toMatchObject({ statusCode: 403 });
    expect(await refusal(streaming.billing.meters.list())).toMatchObject({ statusCode: 403 });
    clock.pass(15 * 60_000);
    expect(await refusal(send(1))).toMatchObject({ type: 'TemporarySessionExpiredError' });
    expect(await total(meter.id, customer.id)).toBe(200);
  });
});

describe('error reports', () => {
  test('gather the faults of a minute about one meter, and about events of no meter', async () => {
    const customer = await stripe.customers.create({});
    const meter = await meterOf();
    const session = await stripe.v2.billing.meterEventSession.create();
    await sdkFor(held.sandbox, session.authentication_token).v2.billing.meterEventStream.create({
      events: [
        { event_name: 'tokens', payload: payload('cus_none', '1'), identifier: 'a' },
        { event_name: 'tokens', payload: payload(customer.id, 'x'), identifier: 'b' },
        { event_name: 'tokens', payload: payload('cus_gone', '1'), identifier: 'c' },
        { event_name: 'typo', payload: payload(customer.id, '1'), identifier: 'd' },
        { event_name: 'tokens', payload: payload(customer.id, '5'), identifier: 'e' },
        { event_name: 'tokens', payload: payload(customer.id, '5'), identifier: 'e' },
      ],
    });
    await stripe.billing.meterEvents.create({ event_name: 'tokens', payload: { value: '1' } }, { idempotencyKey: 'mine' });
    expect(await total(meter.id, customer.id)).toBe(5);
    expect((await stripe.v2.core.events.list({ types: ['v1.billing.meter.no_meter_found'] })).data).toEqual([]);
    await held.advance('2026-03-10T12:01:00Z');
    const { data } = await stripe.v2.core.events.list({
      types: ['v1.billing.meter.error_report_triggered', 'v1.billing.meter.no_meter_found'],
    });
    expect(data.map((event) => event.type)).toEqual(['v1.billing.meter.no_meter_found', 'v1.billing.meter.error_report_triggered']);
    const [none, report] = data as [
      Stripe.V2.Core.Events.V1BillingMeterNoMeterFoundEvent,
      Stripe.V2.Core.Events.V1BillingMeterErrorReportTriggeredEvent,
    ];
    expect(none.data.reason).toMatchObject({ error_count: 1, error_types: [{ code: 'no_meter', error_count: 1 }] });
    expect(report.data).toMatchObject({
      developer_message_summary: 'There are 4 invalid events',
      validation_start: '2026-03-10T12:00:00.000Z',
      validation_end: '2026-03-10T12:01:00.000Z',
    });
    const types = Object.fromEntries(report.data.reason.error_types.map((type) => [type.code, type.error_count]));
    expect(types).toEqual({ meter_event_customer_not_found: 2, meter_event_invalid_value: 1, meter_event_no_customer_defined: 1 });
    const sample = report.data.reason.error_types.find((type) => type.code === 'meter_event_no_customer_defined')!.sample_errors[0];
    expect(sample!.request.identifier).toBe('mine');
    expect(report.related_object).toEqual({ id: meter.id, type: 'billing.meter', url: `/v1/billing/meters/${meter.id}` });
    expect((await report.fetchRelatedObject()).id).toBe(meter.id);
    // Not an event of v1.
    expect((await stripe.events.list({ limit: 100 })).data.filter((event) => event.type.startsWith('v1.'))).toEqual([]);
    expect(await refusal(stripe.events.retrieve(report.id))).toMatchObject({ statusCode: 404 });
    // The next fault begins another report.
    await stripe.billing.meterEvents.create({ event_name: 'tokens', payload: { value: '1' } });
    await held.advance('2026-03-10T12:05:00Z');
    const again = await stripe.v2.core.events.list({ types: ['v1.billing.meter.error_report_triggered'] });
    expect(again.data).toHaveLength(2);
  });
});

describe('events of v2', () => {
  test('are the thin twins of snapshots: listed, filtered, paged, retrieved', async () => {
    const customers = [];
    for (const name of ['Ada', 'Bob', 'Cyd']) customers.push(await stripe.customers.create({ name }));
    const first = await stripe.v2.core.events.list({ types: ['v1.customer.created'], limit: 2 });
    expect(first.data.map((event) => (event as { related_object?: { id: string } }).related_object!.id)).toEqual([
      customers[2]!.id,
      customers[1]!.id,
    ]);
    const all = await stripe.v2.core.events.list({ types: ['v1.customer.created'], limit: 2 }).autoPagingToArray({ limit: 10 });
    expect(all).toHaveLength(3);
    const [one] = (await stripe.v2.core.events.list({ object_id: customers[0]!.id })).data;
    expect(one).toMatchObject({
      object: 'v2.core.event',
      type: 'v1.customer.created',
      created: '2026-03-10T12:00:00.000Z',
      livemode: false,
      reason: { type: 'request' },
      related_object: { id: customers[0]!.id, type: 'customer', url: `/v1/customers/${customers[0]!.id}` },
    });
    const found = await stripe.v2.core.events.retrieve(one!.id);
    expect(found).toMatchObject({ id: one!.id, type: 'v1.customer.created' });
    const snapshot = await stripe.events.retrieve((one as { snapshot_event?: string }).snapshot_event!);
    expect(snapshot).toMatchObject({ type: 'customer.created', data: { object: { id: customers[0]!.id } } });
    const later = { gt: Date.parse(NOW) / 1000 };
    expect((await stripe.v2.core.events.list({ created: later })).data).toEqual([]);
    expect(await refusal(stripe.v2.core.events.retrieve('evt_test_none'))).toMatchObject({ statusCode: 404, code: 'not_found' });
    expect(await refusal(stripe.v2.core.events.list({ types: ['v1.customer.invented'] }))).toMatchObject({ code: 'invalid_fields' });
    clock.pass(31 * 86_400_000);
    expect((await stripe.v2.core.events.list({ types: ['v1.customer.created'] })).data).toEqual([]);
  });

  test('the version must be named, and be of endive or dahlia', async () => {
    const ask = async (version: string | null) => {
      const response = await held.sandbox.fetch('https://api.stripe.com/v2/core/events', {
        headers: { authorization: `Bearer ${held.secretKey}`, ...(version === null ? {} : { 'stripe-version': version }) },
      });
      return [response.status, ((await response.json()) as { error?: { code: string } }).error?.code];
    };
    expect(await ask('2026-08-26.dahlia')).toEqual([200, undefined]);
    expect(await ask('2026-10-28.endive')).toEqual([200, undefined]);
    expect(await ask('2025-02-24.acacia')).toEqual([400, 'invalid_stripe_version']);
    expect(await ask(null)).toEqual([400, 'invalid_stripe_version']);
  });
});

describe('an event destination', () => {
  test('is made, changed, disabled, enabled, listed and deleted', async () => {
    const made = await destination({ metadata: { team: 'a' }, description: 'First' });
    expect(made).toMatchObject({
      object: 'v2.core.event_destination',
      created: '2026-03-10T12:00:00.000Z',
      description: 'First',
      enabled_events: ['v1.customer.created'],
      event_payload: 'thin',
      events_from: ['@self'],
      metadata: { team: 'a' },
      name: 'Mine',
      status: 'enabled',
      type: 'webhook_endpoint',
      webhook_endpoint: { url: 'http://127.0.0.1:9/hook' },
    });
    expect(made.webhook_endpoint!.signing_secret).toMatch(/^whsec_[A-Za-z0-9]{32}$/);
    const { core } = stripe.v2;
    expect((await core.eventDestinations.retrieve(made.id)).webhook_endpoint).toEqual({});
    const changed = await core.eventDestinations.update(made.id, {
      name: 'Other',
      enabled_events: ['*'],
      metadata: { team: null as never, x: '1' },
      webhook_endpoint: { url: 'http://127.0.0.1:9/other' },
      include: ['webhook_endpoint.url'],
    });
    expect(changed).toMatchObject({
      name: 'Other',
      enabled_events: ['*'],
      metadata: { x: '1' },
      webhook_endpoint: { url: 'http://127.0.0.1:9/other' },
    });
    expect(await core.eventDestinations.disable(made.id)).toMatchObject({
      status: 'disabled',
      status_details: { disabled: { reason: 'user' } },
    });
    expect((await core.eventDestinations.enable(made.id)).status_details).toBeUndefined();
    const second = await destination({ event_payload: 'snapshot', enabled_events: ['customer.created'] });
    expect(second.snapshot_api_version).toBe('2026-10-28.endive');
    const ids = (await core.eventDestinations.list({ limit: 1 }).autoPagingToArray({ limit: 9 })).map((one) => one.id);
    expect(ids).toEqual([second.id, made.id]);
    expect(await core.eventDestinations.del(made.id)).toMatchObject({ id: made.id });
    expect(await refusal(core.eventDestinations.retrieve(made.id))).toMatchObject({ statusCode: 404, code: 'not_found' });
  });

  test('gets thin events that the SDK verifies, understands and follows', async () => {
    const made = await destination({ enabled_events: ['v1.customer.created', 'v1.billing.meter.error_report_triggered'] });
    const customer = await stripe.customers.create({ name: 'Ada' });
    await stripe.products.create({ name: 'Not asked for' });
    const [hook, ...rest] = await delivered();
    expect(rest).toEqual([]);
    expect(hook!.url).toBe('http://127.0.0.1:9/hook');
    const secret = made.webhook_endpoint!.signing_secret!;
    const seconds = Math.floor(clock.now() / 1000);
    const notice = stripe.parseEventNotification(hook!.body, hook!.headers['stripe-signature']!, secret, undefined, undefined, seconds);
    expect(notice.type).toBe('v1.customer.created');
    if (notice.type !== 'v1.customer.created') return;
    expect(JSON.parse(hook!.body)).not.toHaveProperty('data');
    expect((await notice.fetchRelatedObject()).name).toBe('Ada');
    expect(await notice.fetchEvent()).toMatchObject({ id: notice.id, related_object: { id: customer.id } });
    const meter = await meterOf();
    await stripe.billing.meterEvents.create({ event_name: 'tokens', payload: { value: '1' } });
    await held.advance('2026-03-10T12:01:00Z');
    const [report] = await delivered();
    expect(JSON.parse(report!.body)).toMatchObject({ type: 'v1.billing.meter.error_report_triggered', related_object: { id: meter.id } });
  });

  test('gets snapshots like a webhook endpoint; who is disabled or deleted gets nothing', async () => {
    const snapshots = await destination({ event_payload: 'snapshot', enabled_events: ['*'] });
    const endpoint = await stripe.webhookEndpoints.create({ url: 'http://127.0.0.1:9/v1', enabled_events: ['*'] });
    await stripe.customers.create({ name: 'Ada' });
    const hooks = await delivered();
    expect(hooks.map((hook) => hook.url).sort()).toEqual(['http://127.0.0.1:9/hook', 'http://127.0.0.1:9/v1']);
    const hook = hooks.find((one) => one.url.endsWith('/hook'))!;
    const seconds = Math.floor(clock.now() / 1000);
    const secret = snapshots.webhook_endpoint!.signing_secret!;
    const event = stripe.webhooks.constructEvent(hook.body, hook.headers['stripe-signature']!, secret, undefined, undefined, seconds);
    expect(event).toMatchObject({ type: 'customer.created', data: { object: { name: 'Ada' } } });
    await stripe.v2.core.eventDestinations.disable(snapshots.id);
    await stripe.webhookEndpoints.del(endpoint.id);
    await stripe.customers.create({ name: 'Bob' });
    expect(await delivered()).toEqual([]);
  });

  test('answers a ping, whatever it listens to, and nobody else hears it', async () => {
    const made = await destination({ event_payload: 'snapshot', enabled_events: ['customer.deleted'] });
    await destination({ enabled_events: ['*'], webhook_endpoint: { url: 'http://127.0.0.1:9/all' } });
    await stripe.webhookEndpoints.create({ url: 'http://127.0.0.1:9/v1', enabled_events: ['*'] });
    const ping = await stripe.v2.core.eventDestinations.ping(made.id);
    expect(ping).toMatchObject({ type: 'v2.core.event_destination.ping', related_object: { id: made.id } });
    const hooks = await delivered();
    expect(hooks.map((hook) => hook.url)).toEqual(['http://127.0.0.1:9/hook']);
    expect(JSON.parse(hooks[0]!.body)).toEqual(JSON.parse(JSON.stringify({ ...ping, lastResponse: undefined })));
    expect(await stripe.v2.core.events.retrieve(ping.id)).toMatchObject({ id: ping.id });
  });

  test('is the business of keys that may manage webhooks', async () => {
    const secret = 'rk_test_destinations00000000000000';
    await held.sandbox.control.createRestrictedKey({ account: held.account, secret, permissions: ['rak_webhook_read', 'rak_event_read'] });
    const limited = sdkFor(held.sandbox, secret);
    expect((await limited.v2.core.eventDestinations.list()).data).toEqual([]);
    expect((await limited.v2.core.events.list()).data).toEqual([]);
    const more = { name: 'x', type: 'webhook_endpoint' as const, event_payload: 'thin' as const, enabled_events: ['*'] };
    const refused = await refusal(limited.v2.core.eventDestinations.create({ ...more, webhook_endpoint: { url: 'http://127.0.0.1:9/' } }));
    expect(refused).toMatchObject({ statusCode: 403, code: 'forbidden' });
    expect(refused.message).toContain('rak_webhook_write');
  });

  test('is refused by name where nothing is behind it', async () => {
    const refusals: [string, Partial<Stripe.V2.Core.EventDestinationCreateParams>][] = [
      ['sandbox_not_emulated', { type: 'amazon_eventbridge' }],
      ['sandbox_not_emulated', { events_from: ['@accounts'] }],
      ['sandbox_not_emulated', { event_payload: 'snapshot', enabled_events: ['*'], snapshot_api_version: '2025-02-24.acacia' }],
      ['invalid_fields', { snapshot_api_version: '2026-10-28.endive' }],
      ['invalid_fields', { enabled_events: ['customer.created'] }],
      ['invalid_fields', { event_payload: 'snapshot', enabled_events: ['v1.customer.created'] }],
      ['invalid_fields', { enabled_events: [] }],
      ['invalid_fields', { webhook_endpoint: { url: 'ftp://x' } }],
      ['invalid_fields', { webhook_endpoint: undefined as never }],
    ];
    for (const [code, more] of refusals) expect(await refusal(destination(more))).toMatchObject({ statusCode: 400, code });
    for (let count = 0; count < 16; count += 1) await destination();
    expect(await refusal(destination())).toMatchObject({ statusCode: 400 });
  });
});
