import { afterEach, expect, test } from 'vitest';
import { axeFindings, type BrowserWorld, picture, startBrowserWorld } from './test-browser.ts';

let world: BrowserWorld;
afterEach(() => world.close());

async function openInvoice(): Promise<string> {
  const { stripe } = world;
  const customer = await stripe.customers.create({ email: 'jane@example.com', name: 'Jane Roe', payment_method: 'pm_card_mastercard' });
  await stripe.invoiceItems.create({ customer: customer.id, amount: 42_000, currency: 'usd', description: 'Consulting in February' });
  const draft = await stripe.invoices.create({
    customer: customer.id,
    collection_method: 'send_invoice',
    days_until_due: 14,
    pending_invoice_items_behavior: 'include',
  });
  return (await stripe.invoices.finalizeInvoice(draft.id!)).hosted_invoice_url!;
}

test('an invoice is paid with another card than the saved one, after a decline', async () => {
  world = await startBrowserWorld();
  const { page } = world;
  await page.goto(await openInvoice());
  expect(await page.getByLabel('Card number').isVisible()).toBe(false);
  await picture(page, 'invoice');
  expect(await axeFindings(page)).toEqual([]);
  await page.getByRole('button', { name: 'Declined Visa 0002' }).click();
  await page.getByRole('button', { name: 'Pay $420.00' }).click();
  expect(await page.getByRole('alert').textContent()).toBe('Your card was declined.');
  await page.getByLabel('Card number').fill('4242 4242 4242 4242');
  await page.getByRole('button', { name: 'Pay $420.00' }).click();
  await page.getByRole('status').waitFor();
  await picture(page, 'invoice-paid');
  expect(await axeFindings(page)).toEqual([]);
  expect(await page.getByRole('link', { name: 'View receipt' }).isVisible()).toBe(true);
});

test('the viewer shows what happened, on a phone in the dark too', async () => {
  world = await startBrowserWorld({ width: 390, dark: true });
  const { page } = world;
  const url = await openInvoice();
  await page.goto(url);
  await picture(page, 'invoice-phone-dark');
  for (const view of ['events', 'objects', 'clocks', 'refused']) {
    await page.goto(`${world.url}/?view=${view}`);
    await picture(page, `viewer-${view}-phone-dark`);
    expect(await axeFindings(page)).toEqual([]);
  }
  await page.goto(`${world.url}/?view=objects`);
  await page.getByRole('link', { name: /^cus_/ }).click();
  await page.getByLabel('The next payment of this customer').selectOption('is declined');
  await page.getByRole('button', { name: 'Make it so' }).click();
  await page.setViewportSize({ width: 1180, height: 900 });
  await picture(page, 'viewer-customer-dark');
  expect(await axeFindings(page)).toEqual([]);
  await page.goto(`${world.url}/?view=clocks`);
  await picture(page, 'viewer-clocks-dark');
  await page.getByRole('button', { name: 'A week' }).click();
  expect(await page.getByText('8 Mar 2026').first().isVisible()).toBe(true);
});
