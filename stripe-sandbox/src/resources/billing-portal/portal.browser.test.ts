import type Stripe from 'stripe';
import { afterEach, expect, test } from 'vitest';
import { type BrowserWorld, look, startBrowserWorld } from '../../pages/test-browser.ts';

let world: BrowserWorld;
afterEach(() => world.close());

async function fullPortal(): Promise<{
  customer: Stripe.Customer;
  subscription: Stripe.Subscription;
  session: Stripe.BillingPortal.Session;
}> {
  const { stripe } = world;
  const customer = await stripe.customers.create({
    email: 'jane@example.com',
    name: 'Jane Roe',
    phone: '+49 30 123456',
    address: { line1: 'Hauptstr. 1', postal_code: '10115', city: 'Berlin', country: 'DE' },
    tax_id_data: [{ type: 'eu_vat', value: 'DE123456789' }],
  });
  const visa = await stripe.paymentMethods.attach('pm_card_visa', { customer: customer.id });
  await stripe.paymentMethods.attach('pm_card_mastercard', { customer: customer.id });
  await stripe.customers.update(customer.id, { invoice_settings: { default_payment_method: visa.id } });
  const price = async (name: string, unit_amount: number) =>
    stripe.prices.create({
      currency: 'usd',
      unit_amount,
      recurring: { interval: 'month' },
      product: (await stripe.products.create({ name })).id,
    });
  const prices = [await price('Solo plan', 1900), await price('Team plan', 4900)];
  const subscription = await stripe.subscriptions.create({
    customer: customer.id,
    items: [{ price: prices[0]!.id, quantity: 1 }],
    default_payment_method: visa.id,
  });
  const configuration = await stripe.billingPortal.configurations.create({
    business_profile: { headline: 'Acme partners with Stripe for simple billing.', terms_of_service_url: 'http://shop.test/terms' },
    features: {
      customer_update: { enabled: true, allowed_updates: ['name', 'email', 'phone', 'address', 'tax_id'] },
      invoice_history: { enabled: true },
      payment_method_update: { enabled: true },
      subscription_cancel: { enabled: true, cancellation_reason: { enabled: true, options: ['too_expensive', 'unused', 'other'] } },
      subscription_pause: { enabled: true },
      subscription_update: {
        enabled: true,
        default_allowed_updates: ['price', 'quantity', 'promotion_code'],
        proration_behavior: 'always_invoice',
        products: prices.map((one) => ({
          product: one.product as string,
          prices: [one.id],
          adjustable_quantity: { enabled: true, minimum: 1, maximum: 20 },
        })),
      },
    },
  });
  const return_url = `${world.url}/receipts/none`;
  const session = await stripe.billingPortal.sessions.create({ customer: customer.id, configuration: configuration.id, return_url });
  return { customer, subscription, session };
}

for (const width of [1280, 390]) {
  test(`at ${width} px the plan is changed, paused, resumed and cancelled by keyboard`, async () => {
    world = await startBrowserWorld({ width, dark: width === 390 });
    const { page, stripe } = world;
    const { customer, subscription, session } = await fullPortal();
    await page.goto(session.url);
    await look(page, `portal-home-${width}`);

    await page.getByRole('link', { name: 'Change plan' }).press('Enter');
    await look(page, `portal-plans-${width}`);
    await page.getByLabel('Team plan').press('Space');
    await page.getByLabel('Quantity').fill('2');
    await page.getByLabel('Quantity').press('Enter');
    // 2 × 49.00 less the whole first month of 19.00.
    await page.getByText('Amount due today').waitFor();
    expect(await page.getByRole('row', { name: 'Amount due today' }).textContent()).toContain('$79.00');
    await look(page, `portal-confirm-${width}`);
    await page.getByRole('button', { name: 'Confirm' }).press('Enter');
    await page.getByRole('heading', { name: 'Team plan, $98.00 every month' }).waitFor();

    await page.getByRole('link', { name: 'Pause' }).press('Enter');
    await look(page, `portal-pause-${width}`);
    await page.getByRole('button', { name: 'Pause subscription' }).press('Enter');
    await page.getByText('Resumes on 1 April 2026').waitFor();
    await page.getByRole('button', { name: 'Resume subscription' }).press('Enter');

    await page.getByRole('link', { name: 'Cancel subscription' }).press('Enter');
    await page.getByLabel('I do not use it any more').press('Space');
    await page.getByLabel('Anything else?').fill('See you next year.');
    await look(page, `portal-cancel-${width}`);
    await page.getByRole('button', { name: 'Cancel subscription' }).press('Enter');
    await page.getByText('Ends on 1 April 2026').waitFor();

    await page.getByText('Change details').press('Enter');
    await page.getByLabel('Name', { exact: true }).fill('Jane Q. Roe');
    await look(page, `portal-details-${width}`);
    await page.getByRole('button', { name: 'Save details' }).press('Enter');
    await page.getByText('Jane Q. Roe').first().waitFor();
    await page.getByRole('button', { name: 'Make default: Mastercard •••• 4444' }).press('Enter');
    await page.getByRole('button', { name: 'Make default: Visa •••• 4242' }).waitFor();
    expect(await stripe.subscriptions.retrieve(subscription.id)).toMatchObject({
      cancel_at_period_end: true,
      cancellation_details: { feedback: 'unused', comment: 'See you next year.' },
    });
    expect((await stripe.customers.retrieve(customer.id)) as Stripe.Customer).toMatchObject({ name: 'Jane Q. Roe' });
    expect(world.outside()).toEqual([]);
  });
}

test('the login page and a flow that ends on its confirmation', async () => {
  world = await startBrowserWorld({ width: 390 });
  const { page, stripe } = world;
  const customer = await stripe.customers.create({ email: 'jane@example.com', payment_method: 'pm_card_visa' });
  const configuration = await stripe.billingPortal.configurations.create({
    features: { payment_method_update: { enabled: true } },
    login_page: { enabled: true },
  });
  await page.goto(configuration.login_page.url!.replace('http://127.0.0.1:12111', world.url));
  await look(page, 'portal-login-390');
  await page.getByLabel('E-mail').fill('jane@example.com');
  await page.getByLabel('E-mail').press('Enter');
  await look(page, 'portal-login-sent-390');
  await page.getByRole('link', { name: 'Open the portal' }).press('Enter');
  await page.getByRole('heading', { name: 'Your billing' }).waitFor();

  const flow = await stripe.billingPortal.sessions.create({
    customer: customer.id,
    configuration: configuration.id,
    return_url: `${world.url}/receipts/none`,
    flow_data: {
      type: 'payment_method_update',
      after_completion: { type: 'hosted_confirmation', hosted_confirmation: { custom_message: 'Your new card pays from now on.' } },
    },
  });
  await page.goto(flow.url);
  await page.getByRole('button', { name: 'Asks the bank the first time' }).press('Enter');
  await look(page, 'portal-flow-card-390');
  await page.getByRole('button', { name: 'Save card' }).press('Enter');
  await page.getByRole('button', { name: 'Complete authentication' }).press('Enter');
  await page.getByText('Your new card pays from now on.').waitFor();
  await look(page, 'portal-flow-done-390');
  expect(world.outside()).toEqual([]);
});
