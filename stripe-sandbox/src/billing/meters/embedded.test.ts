import { expect, test } from 'vitest';
import { seededRandom } from '../../index.ts';
import { openPglite, startSandbox } from '../../testing/index.ts';

/** One month of usage, credits and faults; what the API then says, and the whole state as a hash. */
async function month(options: Parameters<typeof startSandbox>[0] = {}) {
  const held = await startSandbox({ now: '2026-01-01', random: seededRandom(11), settle: 'off', ...options });
  let key = 0;
  // Fixed keys: the SDK's own are random and end up in the events.
  const once = () => {
    key += 1;
    return { idempotencyKey: `key_${key}` };
  };
  try {
    const { stripe } = held;
    const method = 'pm_card_visa';
    const invoice_settings = { default_payment_method: method };
    const customer = await stripe.customers.create({ payment_method: method, invoice_settings }, once());
    const meter = await stripe.billing.meters.create(
      { display_name: 'C', event_name: 'c', default_aggregation: { formula: 'sum' }, event_time_window: 'hour' },
      once(),
    );
    const recurring = { interval: 'month', usage_type: 'metered', meter: meter.id } as const;
    const price = await stripe.prices.create({ currency: 'usd', unit_amount: 30, recurring, product_data: { name: 'C' } }, once());
    await stripe.subscriptions.create({ customer: customer.id, items: [{ price: price.id }] }, once());
    await stripe.billing.creditGrants.create(
      {
        customer: customer.id,
        amount: { type: 'monetary', monetary: { currency: 'usd', value: 500 } },
        applicability_config: { scope: { prices: [{ id: price.id }] } },
        expires_at: Date.parse('2026-03-01') / 1000,
      },
      once(),
    );
    const use = (identifier: string, value: string, hour: string) =>
      stripe.billing.meterEvents.create(
        { event_name: 'c', identifier, payload: { stripe_customer_id: customer.id, value }, timestamp: Date.parse(hour) / 1000 },
        once(),
      );
    await held.advance('2026-01-20');
    for (const [index, value] of ['10', '0.5', '40', '7'].entries())
      await use(`u${index}`, value, `2026-01-${10 + (index >> 1)}T10:0${index}:00Z`);
    await use('wrong', 'many', '2026-01-19');
    await stripe.billing.meterEventAdjustments.create({ event_name: 'c', type: 'cancel', cancel: { identifier: 'u3' } }, once());
    await held.advance('2026-02-02');
    const [invoice] = (await stripe.invoices.list({ customer: customer.id })).data;
    const range = { customer: customer.id, start_time: Date.parse('2026-01-01') / 1000, end_time: Date.parse('2026-02-01') / 1000 };
    const days = await stripe.billing.meters.listEventSummaries(meter.id, { ...range, value_grouping_window: 'day' });
    const thin = await stripe.v2.core.events.list({ types: ['v1.billing.meter.error_report_triggered', 'v1.invoice.paid'] });
    const snapshots = await stripe.events.list({ limit: 100 });
    return {
      bill: [invoice!.subtotal, invoice!.total, invoice!.status, invoice!.lines.data.map((line) => line.quantity_decimal!.toString())],
      days: days.data.map((day) => day.aggregated_value),
      thin: thin.data.map((event) => event.type),
      mixed: snapshots.data.filter((event) => event.type.startsWith('v1.')).length,
      hash: (await held.sandbox.control.state(held.account)).hash,
    };
  } finally {
    await held.close();
  }
}

test('a month of usage comes out the same in memory and on the embedded database', async () => {
  const memory = await month();
  // Of each hour its last event: 0.5 on the 10th; 40 on the 11th, because the 7 after it was taken back.
  expect(memory).toMatchObject({
    bill: [1215, 715, 'paid', ['40.5']],
    days: [40, 0.5],
    thin: ['v1.invoice.paid', 'v1.billing.meter.error_report_triggered'],
    mixed: 0,
  });
  const database = await openPglite();
  try {
    expect(await month({ store: database.store })).toEqual(memory);
  } finally {
    await database.close();
  }
});
