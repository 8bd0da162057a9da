import type Stripe from 'stripe';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { at, openWorld, refusal, type World } from '../../billing/subscription/test-world.ts';

let world: World;
let stripe: Stripe;
beforeEach(async () => {
  world = await openWorld({ now: '2026-03-10T12:00:00Z' });
  stripe = world.stripe;
});
afterEach(() => world.close());

const tokens = (more: Partial<Stripe.Billing.MeterCreateParams> = {}) =>
  stripe.billing.meters.create({
    display_name: 'Tokens',
    event_name: 'tokens',
    default_aggregation: { formula: 'sum' },
    ...more,
  });
const use = (customer: string, value: string | null, more: Partial<Stripe.Billing.MeterEventCreateParams> = {}) =>
  stripe.billing.meterEvents.create({
    event_name: 'tokens',
    payload: { stripe_customer_id: customer, ...(value === null ? {} : { value }) },
    ...more,
  });
const total = async (meter: string, customer: string, from = '2026-02-01', to = '2026-04-01') => {
  const list = await stripe.billing.meters.listEventSummaries(meter, { customer, start_time: at(from), end_time: at(to) });
  return list.data[0]!.aggregated_value;
};

describe('a meter', () => {
  test('is created with its defaults and found again; only its name changes', async () => {
    const meter = await tokens();
    expect(meter).toMatchObject({
      object: 'billing.meter',
      display_name: 'Tokens',
      event_name: 'tokens',
      event_time_window: null,
      customer_mapping: { event_payload_key: 'stripe_customer_id', type: 'by_id' },
      value_settings: { event_payload_key: 'value' },
      default_aggregation: { formula: 'sum' },
      status: 'active',
      status_transitions: { deactivated_at: null },
      updated: at('2026-03-10T12:00:00Z'),
    });
    expect(meter.id).toMatch(/^mtr_test_[A-Za-z0-9]{24}$/);
    const renamed = await stripe.billing.meters.update(meter.id, { display_name: 'AI tokens' });
    expect(renamed.display_name).toBe('AI tokens');
    expect(await stripe.billing.meters.retrieve(meter.id)).toMatchObject({ display_name: 'AI tokens' });
    expect(await world.fresh()).toEqual(['billing.meter.created', 'billing.meter.updated']);
  });

  test('is put away and taken up again; the list can tell the two', async () => {
    const meter = await tokens();
    const other = await tokens({ event_name: 'seconds' });
    await world.to('2026-03-11');
    const inactive = await stripe.billing.meters.deactivate(meter.id);
    expect(inactive).toMatchObject({ status: 'inactive', status_transitions: { deactivated_at: at('2026-03-11') } });
    const ids = async (status: 'active' | 'inactive') => (await stripe.billing.meters.list({ status })).data.map((one) => one.id);
    expect(await ids('inactive')).toEqual([meter.id]);
    expect(await ids('active')).toEqual([other.id]);
    expect(await refusal(stripe.billing.meters.deactivate(meter.id))).toMatchObject({ statusCode: 400 });
    expect(await stripe.billing.meters.reactivate(meter.id)).toMatchObject({
      status: 'active',
      status_transitions: { deactivated_at: null },
    });
    expect(await refusal(stripe.billing.meters.reactivate(meter.id))).toMatchObject({ statusCode: 400 });
    expect((await world.fresh()).slice(2)).toEqual(['billing.meter.deactivated', 'billing.meter.reactivated']);
  });

  test('has its event name alone among active meters', async () => {
    const first = await tokens();
    expect(await refusal(tokens())).toMatchObject({ statusCode: 400, code: 'resource_already_exists', param: 'event_name' });
    await stripe.billing.meters.deactivate(first.id);
    await tokens();
    expect(await refusal(stripe.billing.meters.reactivate(first.id))).toMatchObject({ code: 'resource_already_exists' });
    expect(await refusal(tokens({ event_name: 'x'.repeat(101) }))).toMatchObject({ param: 'event_name' });
    expect(await refusal(tokens({ event_name: '' }))).toMatchObject({ code: 'parameter_invalid_empty' });
    expect(await refusal(stripe.billing.meters.retrieve('mtr_none'))).toMatchObject({ statusCode: 404, code: 'resource_missing' });
  });
});

describe('usage', () => {
  test('sums, counts, and takes the last value by time, not by arrival', async () => {
    const { id: customer } = await world.customer();
    const sum = await tokens();
    const count = await tokens({ event_name: 'calls', default_aggregation: { formula: 'count' } });
    const last = await tokens({ event_name: 'seats', default_aggregation: { formula: 'last' } });
    const hours = ['2026-03-05T08:00:00Z', '2026-03-07T08:00:00Z', '2026-03-06T08:00:00Z'];
    for (const event_name of ['tokens', 'calls', 'seats']) {
      for (const [index, hour] of hours.entries()) {
        await use(customer, ['10', '20', '-5.5'][index]!, { event_name, timestamp: at(hour) });
      }
    }
    expect(await total(sum.id, customer)).toBe(24.5);
    expect(await total(count.id, customer)).toBe(3);
    expect(await total(last.id, customer)).toBe(20);
    expect(await total(last.id, customer, '2026-03-06', '2026-03-07')).toBe(-5.5);
    // The range takes its start in and leaves its end out.
    expect(await total(sum.id, customer, '2026-03-05T08:00:00Z', '2026-03-06T08:00:00Z')).toBe(10);
  });

  test('decimals add up exactly', async () => {
    const { id: customer } = await world.customer();
    const meter = await tokens();
    for (let index = 0; index < 10; index += 1) await use(customer, '0.1');
    expect(await total(meter.id, customer)).toBe(1);
  });

  test('of a pre-aggregating meter only the last event of each UTC hour or day counts', async () => {
    const { id: customer } = await world.customer();
    const hourly = await tokens({ event_name: 'hourly', event_time_window: 'hour' });
    const daily = await tokens({ event_name: 'daily', event_time_window: 'day' });
    for (const event_name of ['hourly', 'daily']) {
      await use(customer, '100', { event_name, timestamp: at('2026-03-09T10:59:59Z') });
      await use(customer, '3', { event_name, timestamp: at('2026-03-09T10:10:00Z') });
      await use(customer, '7', { event_name, timestamp: at('2026-03-09T11:00:00Z') });
      await use(customer, '11', { event_name, timestamp: at('2026-03-10T00:00:00Z') });
    }
    expect(await total(hourly.id, customer)).toBe(118);
    expect(await total(daily.id, customer)).toBe(18);
  });

  test('is answered as accepted, with what was sent', async () => {
    const { id: customer } = await world.customer();
    await tokens();
    const event = await use(customer, '25', { identifier: 'req_1', timestamp: at('2026-03-10T11:00:00Z') });
    expect(event).toMatchObject({
      object: 'billing.meter_event',
      created: at('2026-03-10T12:00:00Z'),
      event_name: 'tokens',
      identifier: 'req_1',
      livemode: false,
      payload: { stripe_customer_id: customer, value: '25' },
      timestamp: at('2026-03-10T11:00:00Z'),
    });
    expect((await use(customer, '1')).identifier).toMatch(/^[A-Za-z0-9]{32}$/);
  });

  test('an identifier is taken for 24 hours', async () => {
    const { id: customer } = await world.customer();
    const meter = await tokens();
    await use(customer, '5', { identifier: 'job-1' });
    const twice = await refusal(use(customer, '5', { identifier: 'job-1' }));
    expect(twice).toMatchObject({ statusCode: 400, type: 'StripeInvalidRequestError' });
    expect(twice.message).toBe('An event already exists with identifier job-1.');
    expect(twice.code).toBeUndefined();
    await world.to('2026-03-11T11:59:59Z');
    await refusal(use(customer, '5', { identifier: 'job-1' }));
    await world.to('2026-03-11T12:00:00Z');
    await use(customer, '5', { identifier: 'job-1' });
    expect(await total(meter.id, customer)).toBe(10);
  });

  test('its time lies at most 35 days back and five minutes ahead', async () => {
    const { id: customer } = await world.customer();
    const meter = await tokens();
    const now = at('2026-03-10T12:00:00Z');
    await use(customer, '1', { timestamp: now - 35 * 86_400 });
    await use(customer, '2', { timestamp: now + 300 });
    expect(await refusal(use(customer, '4', { timestamp: now - 35 * 86_400 - 1 }))).toMatchObject({
      statusCode: 400,
      code: 'timestamp_too_far_in_past',
      param: 'timestamp',
    });
    expect(await refusal(use(customer, '8', { timestamp: now + 301 }))).toMatchObject({ code: 'timestamp_in_future' });
    expect(await total(meter.id, customer)).toBe(3);
  });

  test('goes by the test clock of its customer', async () => {
    const clock = await stripe.testHelpers.testClocks.create({ frozen_time: at('2025-06-01') });
    const customer = await stripe.customers.create({ test_clock: clock.id });
    const meter = await tokens();
    const event = await use(customer.id, '3');
    expect(event.timestamp).toBe(at('2025-06-01'));
    expect(await total(meter.id, customer.id, '2025-06-01', '2025-06-02')).toBe(3);
  });

  test('needs an active meter of that name; without one it is refused and nothing is kept', async () => {
    const { id: customer } = await world.customer();
    const unknown = await refusal(use(customer, '1', { identifier: 'a' }));
    expect(unknown.message).toBe('Invalid event_name: tokens. No active meter found with this event name.');
    const meter = await tokens();
    await stripe.billing.meters.deactivate(meter.id);
    expect(await refusal(use(customer, '1', { identifier: 'a' }))).toMatchObject({ statusCode: 400, param: 'event_name' });
    await stripe.billing.meters.reactivate(meter.id);
    await use(customer, '1', { identifier: 'a' });
    expect(await total(meter.id, customer)).toBe(1);
  });

  test('names and identifiers have 1 to 100 characters; name and payload are required', async () => {
    const { id: customer } = await world.customer();
    await tokens();
    expect(await refusal(use(customer, '1', { identifier: 'x'.repeat(101) }))).toMatchObject({ statusCode: 400, param: 'identifier' });
    expect(await refusal(use(customer, '1', { identifier: '' }))).toMatchObject({ statusCode: 400, param: 'identifier' });
    expect(await refusal(use(customer, '1', { event_name: 'x'.repeat(101) }))).toMatchObject({ param: 'event_name' });
    expect(await refusal(stripe.billing.meterEvents.create({ event_name: 'tokens' } as never))).toMatchObject({
      code: 'parameter_missing',
      param: 'payload',
    });
    expect(await refusal(stripe.billing.meterEvents.create({ event_name: 'tokens', payload: {}, value: 1 } as never))).toMatchObject({
      statusCode: 400,
    });
    await use(customer, '1', { identifier: 'x'.repeat(100) });
  });

  test('finds customer and value under the keys of the meter', async () => {
    const { id: customer } = await world.customer();
    const meter = await tokens({
      customer_mapping: { type: 'by_id', event_payload_key: 'who' },
      value_settings: { event_payload_key: 'bytes' },
    });
    await stripe.billing.meterEvents.create({ event_name: 'tokens', payload: { who: customer, bytes: '512', region: 'eu' } });
    expect(await total(meter.id, customer)).toBe(512);
  });

  test.each([
    ['no customer', { value: '1' }],
    ['an unknown customer', { stripe_customer_id: 'cus_none', value: '1' }],
    ['no value', {}],
    ['a value that is no number', { value: 'many' }],
    ['a value of 16 digits', { value: '1234567890.123456' }],
  ])('with %s is accepted, counts for nothing and keeps its identifier', async (_name, payload: Record<string, string>) => {
    const { id: customer } = await world.customer();
    const meter = await tokens();
    const known = 'value' in payload && payload.value === '1' ? payload : { stripe_customer_id: customer, ...payload };
    await stripe.billing.meterEvents.create({ event_name: 'tokens', payload: known, identifier: 'bad' });
    expect(await total(meter.id, customer)).toBe(0);
    expect((await refusal(use(customer, '1', { identifier: 'bad' }))).message).toContain('already exists');
    expect(
      await refusal(stripe.billing.meterEventAdjustments.create({ event_name: 'tokens', type: 'cancel', cancel: { identifier: 'bad' } })),
    ).toMatchObject({ statusCode: 400 });
  });
});

describe('taking usage back', () => {
  const cancel = (identifier: string, event_name = 'tokens') =>
    stripe.billing.meterEventAdjustments.create({ event_name, type: 'cancel', cancel: { identifier } });

  test('works within 24 hours of the report, whenever the usage was', async () => {
    const { id: customer } = await world.customer();
    const meter = await tokens();
    await use(customer, '40', { identifier: 'wrong', timestamp: at('2026-03-01') });
    await use(customer, '2', { identifier: 'right' });
    await world.to('2026-03-11T12:00:00Z');
    expect(await cancel('wrong')).toMatchObject({
      object: 'billing.meter_event_adjustment',
      event_name: 'tokens',
      cancel: { identifier: 'wrong' },
      type: 'cancel',
      status: 'pending',
    });
    expect(await total(meter.id, customer)).toBe(2);
    await world.to('2026-03-11T12:00:01Z');
    expect((await refusal(cancel('right'))).message).toContain('more than 24 hours ago');
    expect(await total(meter.id, customer)).toBe(2);
  });

  test('refuses what is unknown, of another name, or taken back already', async () => {
    const { id: customer } = await world.customer();
    await tokens();
    await tokens({ event_name: 'calls' });
    await use(customer, '1', { identifier: 'one' });
    for (const call of [cancel('none'), cancel('one', 'calls')]) {
      expect(await refusal(call)).toMatchObject({ statusCode: 400, param: 'cancel[identifier]' });
    }
    await cancel('one');
    expect((await refusal(cancel('one'))).message).toContain('already canceled');
    // The name of an event that was taken back stays taken.
    expect((await refusal(use(customer, '1', { identifier: 'one' }))).message).toContain('already exists');
    expect(await refusal(stripe.billing.meterEventAdjustments.create({ event_name: 'tokens', type: 'cancel' }))).toMatchObject({
      code: 'parameter_missing',
      param: 'cancel[identifier]',
    });
  });
});

describe('summaries', () => {
  test('by hour or day, latest first, in pages; hours without usage are left out', async () => {
    const { id: customer } = await world.customer();
    const meter = await tokens();
    for (let hour = 0; hour < 8; hour += 2) {
      const timestamp = at('2026-03-09') + hour * 3600;
      await use(customer, '1', { timestamp });
      await use(customer, String(hour), { timestamp: timestamp + 3599 });
    }
    const range = { customer, start_time: at('2026-03-09'), end_time: at('2026-03-10'), value_grouping_window: 'hour' as const };
    const page = await stripe.billing.meters.listEventSummaries(meter.id, { ...range, limit: 3 });
    expect(page.has_more).toBe(true);
    expect(page.data.map((one) => [(one.start_time - at('2026-03-09')) / 3600, one.aggregated_value])).toEqual([
      [6, 7],
      [4, 5],
      [2, 3],
    ]);
    expect(page.data[0]!.end_time - page.data[0]!.start_time).toBe(3600);
    const rest = await stripe.billing.meters.listEventSummaries(meter.id, { ...range, starting_after: page.data[2]!.id });
    expect(rest).toMatchObject({ has_more: false, data: [{ start_time: at('2026-03-09'), aggregated_value: 1 }] });
    const back = await stripe.billing.meters.listEventSummaries(meter.id, { ...range, limit: 2, ending_before: rest.data[0]!.id });
    expect(back.has_more).toBe(true);
    expect(back.data.map((one) => one.aggregated_value)).toEqual([5, 3]);
    const all = await stripe.billing.meters.listEventSummaries(meter.id, { ...range, limit: 1 }).autoPagingToArray({ limit: 10 });
    expect(all).toHaveLength(4);
    const days = await stripe.billing.meters.listEventSummaries(meter.id, { ...range, value_grouping_window: 'day' });
    expect(days.data).toMatchObject([{ aggregated_value: 16, start_time: at('2026-03-09'), end_time: at('2026-03-10') }]);
  });

  test('the whole range is one summary, of 0 where nothing was used', async () => {
    const { id: customer } = await world.customer();
    const meter = await tokens();
    expect(await total(meter.id, customer)).toBe(0);
  });

  test('times must be aligned and in order', async () => {
    const { id: customer } = await world.customer();
    const meter = await tokens();
    const ask = (start: number, end: number, value_grouping_window?: 'hour' | 'day') =>
      stripe.billing.meters.listEventSummaries(meter.id, {
        customer,
        start_time: start,
        end_time: end,
        ...(value_grouping_window === undefined ? {} : { value_grouping_window }),
      });
    const day = at('2026-03-09');
    expect(await refusal(ask(day + 1, day + 60))).toMatchObject({ param: 'start_time' });
    expect(await refusal(ask(day, day + 60, 'hour'))).toMatchObject({ param: 'end_time' });
    expect(await refusal(ask(day + 3600, day + 86_400, 'day'))).toMatchObject({ param: 'start_time' });
    expect(await refusal(ask(day, day))).toMatchObject({ param: 'end_time' });
    await ask(day + 60, day + 120);
  });
});
