/** A customer with two seats of a plan, two plans to change to, and portals: for the stories of this folder. */
import type Stripe from 'stripe';
import { submit } from '../../pages/test-forms.ts';
import { startSandbox, type TestSandbox } from '../../testing/index.ts';

type Features = Stripe.BillingPortal.ConfigurationCreateParams.Features;
type Update = NonNullable<Features['subscription_update']>;

export type PortalWorld = TestSandbox & {
  customer: Stripe.Customer;
  subscription: Stripe.Subscription;
  basic: Stripe.Price;
  team: Stripe.Price;
  yearly: Stripe.Price;
  /** Attaches a fresh card and makes it the customer's default. */
  defaultCard(token: string): Promise<void>;
  /** Every plan, price, quantity and code may be changed and is billed at once, unless said otherwise. */
  updateFeature(more?: Partial<Update>): Update;
  configure(features: Features): Promise<Stripe.BillingPortal.Configuration>;
  open(configuration: { id: string }, more?: Partial<Stripe.BillingPortal.SessionCreateParams>): Promise<Stripe.BillingPortal.Session>;
  now(): Promise<Stripe.Subscription>;
  choose(session: { id: string }, fields: Record<string, string>): ReturnType<typeof submit>;
};

/** 1 April 2026: 2 × $10.00 a month, paid with a good card. */
export async function startPortalWorld(): Promise<PortalWorld> {
  const world = await startSandbox({ now: '2026-04-01T09:00:00Z' });
  const { stripe } = world;
  const customer = await stripe.customers.create({ email: 'jane@example.com', name: 'Jane' });
  const defaultCard = async (token: string) => {
    const card = await stripe.paymentMethods.attach(token, { customer: customer.id });
    await stripe.customers.update(customer.id, { invoice_settings: { default_payment_method: card.id } });
  };
  await defaultCard('pm_card_visa');
  const price = async (name: string, unit_amount: number, interval: 'month' | 'year') =>
    stripe.prices.create({ currency: 'usd', unit_amount, recurring: { interval }, product: (await stripe.products.create({ name })).id });
  const [basic, team, yearly] = [
    await price('Basic', 1000, 'month'),
    await price('Team', 3000, 'month'),
    await price('Yearly', 10_000, 'year'),
  ];
  const subscription = await stripe.subscriptions.create({ customer: customer.id, items: [{ price: basic.id, quantity: 2 }] });
  const return_url = 'http://shop.test/account';
  return {
    ...world,
    customer,
    subscription,
    basic,
    team,
    yearly,
    defaultCard,
    updateFeature: (more = {}) => ({
      enabled: true,
      default_allowed_updates: ['price', 'quantity', 'promotion_code'],
      products: [basic, team, yearly].map((one) => ({
        product: one.product as string,
        prices: [one.id],
        adjustable_quantity: { enabled: true, minimum: 1, maximum: 10 },
      })),
      proration_behavior: 'always_invoice',
      ...more,
    }),
    configure: (features) => stripe.billingPortal.configurations.create({ features }),
    open: (configuration, more = {}) =>
      stripe.billingPortal.sessions.create({ customer: customer.id, return_url, configuration: configuration.id, ...more }),
    now: () => stripe.subscriptions.retrieve(subscription.id, { expand: ['latest_invoice'] }),
    choose: (session, fields) => submit(world.sandbox, `/p/${session.id}/update/${subscription.id}`, fields),
  };
}
