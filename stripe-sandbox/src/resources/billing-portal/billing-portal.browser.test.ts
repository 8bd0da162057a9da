import { afterEach, expect, test } from 'vitest';
import { axeFindings, type BrowserWorld, picture, startBrowserWorld } from '../../pages/test-browser.ts';

let world: BrowserWorld;
afterEach(() => world.close());

test('a customer cancels, keeps the subscription after all, and adds a card', async () => {
  world = await startBrowserWorld();
  const { page, stripe } = world;
  const customer = await stripe.customers.create({ email: 'jane@example.com', name: 'Jane Roe', payment_method: 'pm_card_visa' });
  const [card] = (await stripe.customers.listPaymentMethods(customer.id)).data;
  await stripe.customers.update(customer.id, { invoice_settings: { default_payment_method: card!.id } });
  const product = await stripe.products.create({ name: 'Team plan' });
  const price = await stripe.prices.create({ product: product.id, currency: 'usd', unit_amount: 2500, recurring: { interval: 'month' } });
  await stripe.subscriptions.create({ customer: customer.id, items: [{ price: price.id }] });
  const session = await stripe.billingPortal.sessions.create({ customer: customer.id, return_url: `${world.url}/receipts/none` });

  await page.goto(session.url);
  await picture(page, 'portal');
  expect(await axeFindings(page)).toEqual([]);
  await page.getByRole('link', { name: 'Cancel subscription' }).click();
  await page.getByRole('button', { name: 'Cancel subscription' }).click();
  await page.getByText('Ends on 1 April 2026').waitFor();
  await page.getByRole('button', { name: 'Keep my subscription' }).click();
  await page.getByText('Renews on 1 April 2026').waitFor();
  await page.getByText('Add a card').click();
  await page.getByRole('button', { name: 'Mastercard 4444' }).click();
  await picture(page, 'portal-add-card');
  expect(await axeFindings(page)).toEqual([]);
  await page.getByRole('button', { name: 'Save card' }).click();
  await page.getByText('Mastercard •••• 4444').waitFor();
});
