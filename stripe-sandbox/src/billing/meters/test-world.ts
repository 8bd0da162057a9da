/** A Sandbox with a customer and one meter, and what stories of metered subscriptions do in it. Test support. */
import type Stripe from 'stripe';
import { at, iso, openWorld } from '../subscription/test-world.ts';

export type MeteredWorld = Awaited<ReturnType<typeof openMeteredWorld>>;

/** Opens the stage on 2026-01-01 with the summing meter `calls`. */
export async function openMeteredWorld() {
  const world = await openWorld({ now: '2026-01-01' });
  const { stripe } = world;
  const customer = await world.customer();
  const meter = await stripe.billing.meters.create({ display_name: 'Calls', event_name: 'calls', default_aggregation: { formula: 'sum' } });
  await world.fresh();
  const metered = (more: object = {}, name = 'Calls') =>
    stripe.prices.create({
      currency: 'usd',
      unit_amount_decimal: '0.5',
      recurring: { interval: 'month', usage_type: 'metered', meter: meter.id },
      product_data: { name },
      ...more,
    } as never);
  return {
    ...world,
    customer,
    meter,
    /** A price on the meter, half a cent per unit unless told otherwise. */
    metered,
    tiered: (mode: 'graduated' | 'volume') =>
      metered({
        unit_amount_decimal: undefined,
        billing_scheme: 'tiered',
        tiers_mode: mode,
        tiers: [
          { up_to: 100, unit_amount: 10, flat_amount: 500 },
          { up_to: 1000, unit_amount: 5 },
          { up_to: 'inf', unit_amount_decimal: '2.5', flat_amount: 300 },
        ],
      }),
    use: (value: number | string, when?: string, identifier?: string) =>
      stripe.billing.meterEvents.create({
        event_name: 'calls',
        payload: { stripe_customer_id: customer.id, value: String(value) },
        ...(when === undefined ? {} : { timestamp: at(when) }),
        ...(identifier === undefined ? {} : { identifier }),
      }),
    subscribe: (items: Stripe.SubscriptionCreateParams.Item[], more: Partial<Stripe.SubscriptionCreateParams> = {}) =>
      stripe.subscriptions.create({ customer: customer.id, items, ...more }),
    newest: async () => (await stripe.invoices.list({ customer: customer.id, limit: 1 })).data[0]!,
  };
}

/** Description, quantity, amount and period of each line. */
export const rows = (invoice: Stripe.Invoice) =>
  invoice.lines.data.map((line) => [
    line.description,
    line.quantity_decimal?.toString(),
    line.amount,
    iso(line.period.start),
    iso(line.period.end),
  ]);
