import { afterEach, expect, test } from 'vitest';
import { type BrowserWorld, look, startBrowserWorld } from '../../pages/test-browser.ts';

let world: BrowserWorld;
afterEach(() => world.close());

test('on a phone: the address is typed, the total with tax is shown, the next press of Enter pays it', async () => {
  world = await startBrowserWorld({ width: 390 });
  const { page, stripe } = world;
  const product = await stripe.products.create({ name: 'Team plan' });
  const price = await stripe.prices.create({
    product: product.id,
    currency: 'eur',
    unit_amount: 5000,
    tax_behavior: 'exclusive',
    recurring: { interval: 'month' },
  });
  const session = await stripe.checkout.sessions.create({
    mode: 'subscription',
    line_items: [{ price: price.id, quantity: 1 }],
    automatic_tax: { enabled: true },
    tax_id_collection: { enabled: true },
    success_url: `${world.url}/receipts/none?from={CHECKOUT_SESSION_ID}`,
  });
  await page.goto(session.url!);
  await page.getByRole('row', { name: 'Tax Enter your address' }).waitFor();
  await look(page, 'checkout-tax-unknown');
  await page.getByLabel('E-mail').fill('jane@example.com');
  await page.getByLabel('Name on card').fill('Jane Roe');
  const bill = page.getByRole('group', { name: 'Billing address' });
  await bill.getByLabel('Country').selectOption('DE');
  await bill.getByLabel('Address', { exact: true }).fill('Hauptstr. 1');
  await bill.getByLabel('Postal code').fill('10115');
  await bill.getByLabel('City').fill('Berlin');
  await page.getByLabel('Card number').fill('4242424242424242');
  await page.getByLabel('Expiry').fill('12 / 34');
  await page.getByLabel('CVC').fill('123');
  await page.getByRole('button', { name: 'Continue' }).press('Enter');
  await page.getByRole('row', { name: 'Tax €9.50' }).waitFor();
  await page.getByRole('row', { name: 'Due today €59.50' }).waitFor();
  expect(await page.getByRole('status').textContent()).toContain('The total is now the one for your address.');
  await look(page, 'checkout-tax-known');
  // Everything typed is still there.
  await page.getByLabel('CVC').press('Enter');
  await page.waitForURL(`**/receipts/none?from=${session.id}`);
  const done = await stripe.checkout.sessions.retrieve(session.id, { expand: ['invoice'] });
  expect(done).toMatchObject({ payment_status: 'paid', amount_total: 5950, invoice: { total: 5950 } });
  expect(world.outside()).toEqual([]);
});
