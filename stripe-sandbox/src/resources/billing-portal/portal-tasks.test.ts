/** Tasks of the portal: changing, pausing and cancelling a subscription, deep links, details, login. */
import type Stripe from 'stripe';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { submit, visit } from '../../pages/test-forms.ts';
import { startSandbox, type TestSandbox } from '../../testing/index.ts';

let world: TestSandbox;
let stripe: Stripe;
let customer: Stripe.Customer;
let subscription: Stripe.Subscription;
let basic: Stripe.Price;
let team: Stripe.Price;
let yearly: Stripe.Price;

beforeEach(async () => {
  world = await startSandbox({ now: '2026-04-01T09:00:00Z' });
  ({ stripe } = world);
  customer = await stripe.customers.create({ email: 'jane@example.com', name: 'Jane' });
  await defaultCard('pm_card_visa');
  const make = async (name: string, unit_amount: number, interval: 'month' | 'year') =>
    stripe.prices.create({ currency: 'usd', unit_amount, recurring: { interval }, product: (await stripe.products.create({ name })).id });
  [basic, team, yearly] = [await make('Basic', 1000, 'month'), await make('Team', 3000, 'month'), await make('Yearly', 10_000, 'year')];
  subscription = await stripe.subscriptions.create({ customer: customer.id, items: [{ price: basic.id, quantity: 2 }] });
});
afterEach(() => world.close());

async function defaultCard(token: string): Promise<void> {
  const card = await stripe.paymentMethods.attach(token, { customer: customer.id });
  await stripe.customers.update(customer.id, { invoice_settings: { default_payment_method: card.id } });
}

type Update = Stripe.BillingPortal.ConfigurationCreateParams.Features.SubscriptionUpdate;
const updateFeature = (more: Partial<Update> = {}): Update => ({
  enabled: true,
  default_allowed_updates: ['price', 'quantity', 'promotion_code'],
  products: [basic, team, yearly].map((price) => ({
    product: price.product as string,
    prices: [price.id],
    adjustable_quantity: { enabled: true, minimum: 1, maximum: 10 },
  })),
  proration_behavior: 'always_invoice',
  ...more,
});
const configure = (features: Stripe.BillingPortal.ConfigurationCreateParams.Features) =>
  stripe.billingPortal.configurations.create({ features });
const open = (configuration: { id: string }, more: Partial<Stripe.BillingPortal.SessionCreateParams> = {}) =>
  stripe.billingPortal.sessions.create({
    customer: customer.id,
    return_url: 'http://shop.test/account',
    configuration: configuration.id,
    ...more,
  });
const now = () => stripe.subscriptions.retrieve(subscription.id, { expand: ['latest_invoice'] });
const choose = async (session: { id: string }, fields: Record<string, string>) =>
  submit(world.sandbox, `/p/${session.id}/update/${subscription.id}`, fields);

describe('changing the plan', () => {
  test('2026-04-16, half way: the page says what is due today, and exactly that is charged', async () => {
    const session = await open(await configure({ subscription_update: updateFeature() }));
    await world.advance('2026-04-16T09:00:00Z');
    const later = await open({ id: session.configuration as string });
    const list = await visit(world.sandbox, `/p/${later.id}/update/${subscription.id}`);
    for (const words of ['Basic', 'Team', '$30.00 every month', 'Your plan', '$100.00 every year']) expect(list.html).toContain(words);
    const chosen = await choose(later, { price: team.id, quantity: '2' });
    const page = await visit(world.sandbox, chosen.location!);
    // Unused half of 2 × 10.00 is given back, the other half of 2 × 30.00 is charged.
    for (const words of ['-$10.00', '$30.00', 'Amount due today', '$20.00']) expect(page.html).toContain(words);
    expect((await now()).items.data[0]!.price.id).toBe(basic.id);
    expect((await submit(world.sandbox, chosen.location!, {})).location).toBe(`/p/${later.id}`);
    const after = await now();
    expect(after.items.data[0]).toMatchObject({ quantity: 2, price: { id: team.id } });
    expect(after.latest_invoice).toMatchObject({ status: 'paid', total: 2000 });
    expect((await stripe.charges.list({ customer: customer.id })).data.map((charge) => charge.amount)).toEqual([2000, 2000]);
  });

  test('with prorations that wait nothing is due today, and the next payment is told', async () => {
    const session = await open(await configure({ subscription_update: updateFeature({ proration_behavior: 'create_prorations' }) }));
    const chosen = await choose(session, { price: team.id, quantity: '2' });
    const page = await visit(world.sandbox, chosen.location!);
    // 2 × 30.00 for May, and 40.00 more for a whole April.
    for (const words of ['Next payment on 1 May 2026', '$100.00', '$0.00']) expect(page.html).toContain(words);
    await submit(world.sandbox, chosen.location!, {});
    await world.advance('2026-05-01T11:00:00Z');
    expect((await now()).latest_invoice).toMatchObject({ status: 'paid', total: 10_000 });
  });

  test('a declined card changes nothing and says why; a card that asks the bank changes the plan afterwards', async () => {
    const session = await open(await configure({ subscription_update: updateFeature() }));
    const chosen = await choose(session, { price: team.id, quantity: '2' });
    await defaultCard('pm_card_chargeCustomerFail');
    const declined = await submit(world.sandbox, chosen.location!, {});
    expect([declined.status, declined.html.includes('Your card was declined.')]).toEqual([402, true]);
    expect((await now()).items.data[0]!.price.id).toBe(basic.id);
    await defaultCard('pm_card_authenticationRequired');
    const asked = await submit(world.sandbox, chosen.location!, {});
    expect(new URL(asked.location!).pathname).toMatch(/^\/3ds\/pi_/);
    expect((await now()).items.data[0]!.price.id).toBe(basic.id);
    const back = await submit(world.sandbox, asked.location!, { decision: 'complete' });
    expect((await visit(world.sandbox, back.location!)).location).toBe(`/p/${session.id}`);
    expect((await now()).items.data[0]!.price.id).toBe(team.id);
  });

  test('quantities keep to their limits; prices that are not offered, or not allowed, are refused', async () => {
    const session = await open(await configure({ subscription_update: updateFeature() }));
    expect((await choose(session, { price: team.id, quantity: '11' })).html).toContain('Choose a quantity from 1 to 10.');
    const other = await stripe.prices.create({
      currency: 'usd',
      unit_amount: 1,
      recurring: { interval: 'month' },
      product: team.product as string,
    });
    expect((await choose(session, { price: other.id, quantity: '1' })).html).toContain('Choose one of the plans.');
    const forged = `/p/${session.id}/confirm/${subscription.id}?price=${other.id}&quantity=1`;
    expect((await submit(world.sandbox, forged, {})).status).toBe(422);
    const onlyQuantity = await open(await configure({ subscription_update: updateFeature({ default_allowed_updates: ['quantity'] }) }));
    expect((await choose(onlyQuantity, { price: team.id, quantity: '1' })).html).toContain('Choose one of the plans.');
    const fewer = await choose(onlyQuantity, { price: basic.id, quantity: '1' });
    await submit(world.sandbox, fewer.location!, {});
    expect((await now()).items.data[0]!.quantity).toBe(1);
    const onlyPrice = await open(await configure({ subscription_update: updateFeature({ default_allowed_updates: ['price'] }) }));
    const many = `/p/${onlyPrice.id}/confirm/${subscription.id}?price=${team.id}&quantity=9`;
    expect((await visit(world.sandbox, many)).html).toContain('The quantity is fixed.');
  });

  test('a promotion code lowers what is due; a wrong one is told', async () => {
    const coupon = await stripe.coupons.create({ percent_off: 50, duration: 'forever' });
    await stripe.promotionCodes.create({ promotion: { type: 'coupon', coupon: coupon.id }, code: 'HALF' });
    const session = await open(
      await configure({ subscription_update: updateFeature({ billing_cycle_anchor: 'now', proration_behavior: 'none' }) }),
    );
    const wrong = await choose(session, { price: team.id, quantity: '1', code: 'nope' });
    expect((await visit(world.sandbox, wrong.location!)).html).toContain('This promotion code is not valid.');
    const chosen = await choose(session, { price: team.id, quantity: '1', code: 'half' });
    await submit(world.sandbox, chosen.location!, {});
    expect((await now()).discounts).toHaveLength(1);
  });

  test('a trial ends with the change, or goes on, as the configuration says', async () => {
    const trial = await stripe.subscriptions.create({ customer: customer.id, items: [{ price: basic.id }], trial_period_days: 10 });
    for (const [behavior, status] of [
      ['continue_trial', 'trialing'],
      ['end_trial', 'active'],
    ] as const) {
      const session = await open(await configure({ subscription_update: updateFeature({ trial_update_behavior: behavior }) }));
      const chosen = await submit(world.sandbox, `/p/${session.id}/update/${trial.id}`, {
        price: team.id,
        quantity: behavior === 'end_trial' ? '2' : '1',
      });
      await submit(world.sandbox, chosen.location!, {});
      expect((await stripe.subscriptions.retrieve(trial.id)).status).toBe(status);
    }
  });
});

describe('cancelling', () => {
  test('a reason and a comment are kept; the end is the period’s', async () => {
    const session = await open(
      await configure({
        subscription_cancel: { enabled: true, cancellation_reason: { enabled: true, options: ['too_expensive', 'unused'] } },
      }),
    );
    const path = `/p/${session.id}/cancel/${subscription.id}`;
    const page = await visit(world.sandbox, path);
    for (const words of ['It is too expensive', 'I do not use it any more', 'You can use it until 1 May 2026'])
      expect(page.html).toContain(words);
    expect(page.html).not.toContain('hard to use');
    await submit(world.sandbox, path, { decision: 'cancel', reason: 'unused', comment: 'Gone <fishing>' });
    expect(await now()).toMatchObject({
      cancel_at_period_end: true,
      cancellation_details: { feedback: 'unused', comment: 'Gone <fishing>', reason: 'cancellation_requested' },
    });
    expect((await visit(world.sandbox, path)).html).toContain('already set to end');
    await world.advance('2026-05-01T10:00:00Z');
    expect((await now()).status).toBe('canceled');
  });

  test('2026-04-16: at once, with the unused half given back on a last invoice', async () => {
    const configuration = await configure({
      subscription_cancel: { enabled: true, mode: 'immediately', proration_behavior: 'always_invoice' },
    });
    await world.advance('2026-04-16T09:00:00Z');
    const session = await open(configuration);
    await submit(world.sandbox, `/p/${session.id}/cancel/${subscription.id}`, { decision: 'cancel' });
    expect((await now()).status).toBe('canceled');
    expect(((await stripe.customers.retrieve(customer.id)) as Stripe.Customer).balance).toBe(-1000);
  });
});

describe('pausing', () => {
  test('2026-04-10: a pause of a month ends by itself; a new period begins and is paid', async () => {
    const configuration = await configure({
      subscription_pause: {
        enabled: true,
        duration: { type: 'interval_options', interval_options: [{ interval: 'month' }, { interval: 'month', interval_count: 3 }] },
      },
    });
    await world.advance('2026-04-10T09:00:00Z');
    const session = await open(configuration);
    const path = `/p/${session.id}/pause/${subscription.id}`;
    expect((await visit(world.sandbox, path)).html).toContain('3 months');
    await submit(world.sandbox, path, { duration: '0' });
    expect((await now()).status).toBe('paused');
    const home = await open(configuration);
    expect((await visit(world.sandbox, home.url)).html).toContain('Resumes on 10 May 2026');
    await world.advance('2026-05-10T09:00:01Z');
    expect(await now()).toMatchObject({ status: 'active', latest_invoice: { status: 'paid', total: 2000 } });
    expect(await world.eventTypes(subscription.id)).toContain('customer.subscription.resumed');
  });

  test('without an end it rests until the customer resumes it', async () => {
    const configuration = await configure({ subscription_pause: { enabled: true, duration: { type: 'indefinite' } } });
    const session = await open(configuration);
    await submit(world.sandbox, `/p/${session.id}/pause/${subscription.id}`, {});
    expect((await now()).status).toBe('paused');
    await world.advance('2026-07-01T09:00:00Z');
    const home = await open(configuration);
    await submit(world.sandbox, home.url, { action: 'resume', subscription: subscription.id });
    expect((await now()).status).toBe('active');
    const bad = stripe.billingPortal.configurations.create({
      features: { subscription_pause: { enabled: true, duration: { type: 'interval_options' } } },
    });
    await expect(bad).rejects.toMatchObject({ param: 'features[subscription_pause][duration][interval_options]' });
  });
});

describe('deep links', () => {
  test('payment_method_update leads back by redirect, after the bank too, and only once', async () => {
    const session = await open(await configure({ payment_method_update: { enabled: true }, invoice_history: { enabled: true } }), {
      flow_data: {
        type: 'payment_method_update',
        after_completion: { type: 'redirect', redirect: { return_url: 'http://shop.test/saved' } },
      },
    });
    expect(session.flow).toMatchObject({
      type: 'payment_method_update',
      after_completion: { redirect: { return_url: 'http://shop.test/saved' } },
    });
    const page = await visit(world.sandbox, session.url);
    expect([page.html.includes('Change your payment method'), page.html.includes('Invoices')]).toEqual([true, false]);
    const card = { action: 'add_card', card_number: '4000002500003155', card_expiry: '12 / 34', card_cvc: '123' };
    const asked = await submit(world.sandbox, session.url, card);
    const back = await submit(world.sandbox, asked.location!, { decision: 'complete' });
    expect((await visit(world.sandbox, back.location!)).headers.get('refresh')).toBe('0; url=http://shop.test/saved');
    expect((await visit(world.sandbox, session.url)).html).toContain('Invoices');
  });

  test('subscription_cancel ends on a page with the merchant’s words; its offer keeps the customer', async () => {
    const coupon = await stripe.coupons.create({ percent_off: 30, duration: 'repeating', duration_in_months: 3 });
    const configuration = await configure({ subscription_cancel: { enabled: true } });
    const flow = (more: object) =>
      open(configuration, {
        flow_data: { type: 'subscription_cancel', subscription_cancel: { subscription: subscription.id, ...more } },
      });
    const offered = await flow({ retention: { type: 'coupon_offer', coupon_offer: { coupon: coupon.id } } });
    const task = (await visit(world.sandbox, offered.url)).location!;
    expect((await visit(world.sandbox, task)).html).toContain('Stay and get 30 % off.');
    await submit(world.sandbox, task, { decision: 'stay' });
    expect(await now()).toMatchObject({ cancel_at_period_end: false });
    expect((await now()).discounts).toHaveLength(1);

    const session = await open(configuration, {
      flow_data: {
        type: 'subscription_cancel',
        subscription_cancel: { subscription: subscription.id },
        after_completion: { type: 'hosted_confirmation', hosted_confirmation: { custom_message: 'Come back soon.' } },
      },
    });
    const done = await submit(world.sandbox, (await visit(world.sandbox, session.url)).location!, { decision: 'cancel' });
    expect(done.location).toBe(`/p/${session.id}/done`);
    expect((await visit(world.sandbox, done.location!)).html).toContain('Come back soon.');
    await expect(flow({})).rejects.toThrow(/already set to be canceled/);
  });

  test('subscription_update_confirm asks for exactly the given change', async () => {
    const configuration = await configure({ subscription_update: updateFeature() });
    const [item] = subscription.items.data;
    const session = await open(configuration, {
      flow_data: {
        type: 'subscription_update_confirm',
        subscription_update_confirm: { subscription: subscription.id, items: [{ id: item!.id, price: team.id, quantity: 3 }] },
        after_completion: { type: 'redirect', redirect: { return_url: 'http://shop.test/changed' } },
      },
    });
    const task = (await visit(world.sandbox, session.url)).location!;
    const page = await visit(world.sandbox, task);
    // 3 × 30.00 less 2 × 10.00, on the first day.
    expect(page.html).toContain('$70.00');
    expect((await submit(world.sandbox, task, {})).location).toBe('http://shop.test/changed');
    expect((await now()).items.data[0]).toMatchObject({ quantity: 3, price: { id: team.id } });
    expect((await now()).latest_invoice).toMatchObject({ status: 'paid', total: 7000 });
  });

  test('subscription_update and customer_update open their task; what does not fit is refused', async () => {
    const configuration = await configure({
      subscription_update: updateFeature(),
      customer_update: { enabled: true, allowed_updates: ['name'] },
    });
    const update = await open(configuration, {
      flow_data: { type: 'subscription_update', subscription_update: { subscription: subscription.id } },
    });
    expect((await visit(world.sandbox, update.url)).location).toBe(`/p/${update.id}/update/${subscription.id}`);
    const details = await open(configuration, { flow_data: { type: 'customer_update' } });
    expect((await visit(world.sandbox, details.url)).html).toContain('Change your billing details');
    await expect(open(configuration, { flow_data: { type: 'payment_method_update' } })).rejects.toMatchObject({ param: 'flow_data[type]' });
    await expect(open(configuration, { flow_data: { type: 'subscription_update' } })).rejects.toMatchObject({ code: 'parameter_missing' });
    const none = { type: 'subscription_update' as const, subscription_update: { subscription: 'sub_none' } };
    await expect(open(configuration, { flow_data: none })).rejects.toMatchObject({ code: 'resource_missing' });
    const eve = await stripe.customers.create({});
    const foreign = { type: 'subscription_update' as const, subscription_update: { subscription: subscription.id } };
    await expect(open(configuration, { customer: eve.id, flow_data: foreign })).rejects.toThrow(/does not belong to the customer/);
    const script = {
      type: 'customer_update' as const,
      after_completion: { type: 'redirect' as const, redirect: { return_url: 'javascript:1' } },
    };
    await expect(open(configuration, { flow_data: script })).rejects.toMatchObject({ code: 'url_invalid' });
  });
});

describe('cards and details', () => {
  test('another card becomes the default, and a subscription with a card of its own can change it', async () => {
    const own = await stripe.paymentMethods.attach('pm_card_mastercard', { customer: customer.id });
    await stripe.subscriptions.update(subscription.id, { default_payment_method: own.id });
    const session = await open(await configure({ payment_method_update: { enabled: true } }));
    const visa = (await stripe.customers.listPaymentMethods(customer.id)).data.find((one) => one.card?.last4 === '4242')!;
    expect((await visit(world.sandbox, session.url)).html).toContain('Paid with Mastercard •••• 4444');
    await submit(world.sandbox, session.url, { action: 'pay_with', subscription: subscription.id, [`card-${subscription.id}`]: visa.id });
    expect((await now()).default_payment_method).toBe(visa.id);
    await submit(world.sandbox, session.url, { action: 'default_card', card: own.id });
    expect(((await stripe.customers.retrieve(customer.id)) as Stripe.Customer).invoice_settings.default_payment_method).toBe(own.id);
    await submit(world.sandbox, session.url, { action: 'remove_card', card: visa.id });
    expect((await stripe.customers.listPaymentMethods(customer.id)).data.map((one) => one.id)).toEqual([own.id]);
  });

  test('address, phone, shipping and tax ids are changed where allowed, and nothing else', async () => {
    const session = await open(
      await configure({ customer_update: { enabled: true, allowed_updates: ['address', 'phone', 'shipping', 'tax_id'] } }),
    );
    const at = (prefix: string) => ({
      [`${prefix}_line1`]: 'Hauptstr. 1',
      [`${prefix}_city`]: 'Berlin',
      [`${prefix}_postal_code`]: '10115',
      [`${prefix}_country`]: 'DE',
    });
    const bad = await submit(world.sandbox, session.url, {
      action: 'details',
      phone: '+49 30 1',
      ...at('billing'),
      billing_postal_code: '',
    });
    expect([bad.status, bad.html.includes('Enter a postal code.')]).toEqual([422, true]);
    await submit(world.sandbox, session.url, {
      action: 'details',
      phone: '+49 30 1',
      name: 'Mallory',
      email: 'm@example.com',
      shipping_name: 'Office',
      ...at('billing'),
      ...at('shipping'),
    });
    const home = { line1: 'Hauptstr. 1', line2: null, city: 'Berlin', state: null, postal_code: '10115', country: 'DE' };
    expect((await stripe.customers.retrieve(customer.id)) as Stripe.Customer).toMatchObject({
      name: 'Jane',
      email: 'jane@example.com',
      phone: '+49 30 1',
      address: home,
      shipping: { name: 'Office', address: home },
    });
    const wrong = await submit(world.sandbox, session.url, { action: 'add_tax_id', tax_id_type: 'eu_vat', tax_id_value: '1' });
    expect(wrong.html).toContain('This tax ID is not valid.');
    await submit(world.sandbox, session.url, { action: 'add_tax_id', tax_id_type: 'eu_vat', tax_id_value: 'DE123456789' });
    const [taxId] = (await stripe.customers.listTaxIds(customer.id)).data;
    expect(taxId!.value).toBe('DE123456789');
    await submit(world.sandbox, session.url, { action: 'remove_tax_id', tax_id: taxId!.id });
    expect((await stripe.customers.listTaxIds(customer.id)).data).toEqual([]);
  });
});

test('the login page gives a customer a link; switched off, it is gone', async () => {
  const configuration = await stripe.billingPortal.configurations.create({
    features: { invoice_history: { enabled: true } },
    login_page: { enabled: true },
    business_profile: { headline: 'Acme <Billing>', terms_of_service_url: 'http://shop.test/terms' },
  });
  const { url } = configuration.login_page;
  const unknown = await submit(world.sandbox, url!, { email: 'nobody@example.com' });
  expect([unknown.html.includes('a link was sent'), unknown.html.includes('Open the portal')]).toEqual([true, false]);
  const sent = await submit(world.sandbox, url!, { email: 'jane@example.com' });
  const link = /href="([^"]+\/p\/bps_\w+)"/.exec(sent.html)![1]!;
  const portal = await visit(world.sandbox, link);
  for (const words of ['Acme &lt;Billing&gt;', 'Terms of service', 'Invoices']) expect(portal.html).toContain(words);
  await stripe.billingPortal.configurations.update(configuration.id, { login_page: { enabled: false } });
  expect((await visit(world.sandbox, url!)).status).toBe(404);
});

test('configurations: what does not fit is refused with its path', async () => {
  const refused = async (features: Stripe.BillingPortal.ConfigurationCreateParams.Features, expected: object) =>
    expect(configure(features)).rejects.toMatchObject(expected);
  const at = 'features[subscription_update]';
  await refused({ subscription_update: { enabled: true } }, { param: `${at}[default_allowed_updates]` });
  await refused({ subscription_update: { enabled: true, default_allowed_updates: ['price'] } }, { param: `${at}[products]` });
  await refused(
    { subscription_update: updateFeature({ products: [{ product: basic.product as string, prices: [team.id] }] }) },
    { param: `${at}[products][0][prices][0]` },
  );
  await refused(
    { subscription_update: updateFeature({ schedule_at_period_end: { conditions: [{ type: 'decreasing_item_amount' }] } }) },
    { code: 'sandbox_not_emulated', param: `${at}[schedule_at_period_end][conditions]` },
  );
  await refused({ customer_update: { enabled: true, allowed_updates: '' } }, { param: 'features[customer_update][allowed_updates]' });
  await expect(
    stripe.billingPortal.configurations.create({
      features: { invoice_history: { enabled: true } },
      business_profile: { privacy_policy_url: 'nope' },
    }),
  ).rejects.toMatchObject({ code: 'url_invalid', param: 'business_profile[privacy_policy_url]' });
});
