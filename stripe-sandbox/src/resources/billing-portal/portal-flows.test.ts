/** Deep links of the portal, cards and details, the login page, and what configurations refuse. */
import type Stripe from 'stripe';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { submit, visit } from '../../pages/test-forms.ts';
import { type PortalWorld, startPortalWorld } from './test-world.ts';

let world: PortalWorld;
beforeEach(async () => {
  world = await startPortalWorld();
});
afterEach(() => world.close());

describe('deep links', () => {
  test('payment_method_update leads back by redirect, after the bank too, and only once', async () => {
    const { configure, open } = world;
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
    const { stripe, subscription, configure, open, now } = world;
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
    const { subscription, team, updateFeature, configure, open, now } = world;
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

  test('subscription_pause opens its task; a flow whose subscription has ended says so', async () => {
    const { stripe, subscription, configure, open, now } = world;
    const configuration = await configure({ subscription_pause: { enabled: true }, subscription_cancel: { enabled: true } });
    const flow = { type: 'subscription_pause' as const, subscription_pause: { subscription: subscription.id } };
    const session = await open(configuration, { flow_data: flow });
    const task = (await visit(world.sandbox, session.url)).location!;
    expect(task).toBe(`/p/${session.id}/pause/${subscription.id}`);
    // One task only: the other pages of the portal are closed to a flow.
    expect((await visit(world.sandbox, `/p/${session.id}/cancel/${subscription.id}`)).status).toBe(404);
    await submit(world.sandbox, task, { duration: '0' });
    expect((await now()).status).toBe('paused');
    const late = await open(configuration, { flow_data: flow });
    await stripe.subscriptions.cancel(subscription.id);
    const over = await visit(world.sandbox, late.url);
    expect([over.status, over.html.includes('This subscription has ended.')]).toEqual([410, true]);
  });

  test('subscription_update and customer_update open their task; what does not fit is refused', async () => {
    const { stripe, subscription, updateFeature, configure, open } = world;
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
    const { stripe, customer, subscription, configure, open, now } = world;
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
    const { stripe, customer, configure, open } = world;
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
  const { stripe } = world;
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
  const { stripe, basic, team, updateFeature, configure } = world;
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
