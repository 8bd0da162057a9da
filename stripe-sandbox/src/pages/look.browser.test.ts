/** Every hosted page that is not a form of Checkout or the portal, at both widths: receipt, invoice, bank, consent, links, messages, viewer. */
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { afterEach, expect, test } from 'vitest';
import { type BrowserWorld, look, startBrowserWorld } from './test-browser.ts';

let world: BrowserWorld;
const stops: (() => void)[] = [];
afterEach(async () => {
  await world.close();
  for (const stop of stops.splice(0)) stop();
});

/** A shop's or platform's own server, to which the person comes back. */
async function startShop(): Promise<string> {
  const server = createServer((_request, response) => response.end('back at the shop'));
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  stops.push(() => void server.close());
  return `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
}

async function openInvoice(): Promise<string> {
  const { stripe } = world;
  const customer = await stripe.customers.create({
    email: 'jane@example.com',
    name: 'Roe GmbH',
    address: { line1: 'Hauptstr. 1', postal_code: '10115', city: 'Berlin', country: 'DE' },
    tax_id_data: [{ type: 'eu_vat', value: 'DE123456789' }],
  });
  const vat = await stripe.taxRates.create({ display_name: 'VAT', percentage: 19, inclusive: false });
  await stripe.invoiceItems.create({ customer: customer.id, amount: 42_000, currency: 'eur', description: 'Consulting in February' });
  await stripe.invoiceItems.create({ customer: customer.id, amount: 1250, currency: 'eur', description: 'Travel' });
  const draft = await stripe.invoices.create({
    customer: customer.id,
    currency: 'eur',
    collection_method: 'send_invoice',
    days_until_due: 14,
    pending_invoice_items_behavior: 'include',
    default_tax_rates: [vat.id],
    description: 'Thank you for your trust.',
    footer: 'Acme Inc., 1 Main St',
  });
  return (await stripe.invoices.finalizeInvoice(draft.id!)).hosted_invoice_url!;
}

for (const width of [1280, 390]) {
  test(`at ${width} px an invoice is paid through the bank by keyboard, with its PDF and receipt`, async () => {
    world = await startBrowserWorld({ width });
    const { page } = world;
    const url = await openInvoice();
    await page.goto(url);
    await look(page, `invoice-open-${width}`);
    const download = page.waitForEvent('download');
    await page.getByRole('link', { name: 'Download PDF' }).press('Enter');
    expect((await download).suggestedFilename()).toMatch(/^Invoice-\w+-0001\.pdf$/);
    for (const [answer, shows] of [
      ['Fail authentication', 'We are unable to authenticate your payment method'],
      ['Close', 'Pay €514.68'],
      ['Complete authentication', 'This invoice is paid. Thank you.'],
    ] as const) {
      await page.getByRole('button', { name: 'Asks the bank every time' }).press('Enter');
      await page.getByRole('button', { name: 'Pay €514.68' }).press('Enter');
      await page.getByRole('heading', { name: 'Confirm it is you' }).waitFor();
      if (answer === 'Close') await look(page, `bank-${width}`);
      await page.getByRole('button', { name: answer }).press('Enter');
      await page.getByText(shows).first().waitFor();
    }
    await look(page, `invoice-paid-${width}`);
    await page.getByRole('link', { name: 'View receipt' }).press('Enter');
    await page.getByRole('heading', { name: 'Receipt from Acme' }).waitFor();
    await look(page, `receipt-${width}`);
    expect(world.outside()).toEqual([]);
  });

  test(`at ${width} px consent is given by keyboard, and a payment link sells`, async () => {
    world = await startBrowserWorld({ width });
    const { page, stripe } = world;
    const shop = await startShop();
    const { clientId } = await world.sandbox.control.createPlatform({ name: 'Ledgerly', redirectUris: [`${shop}/callback`] });
    const query = new URLSearchParams({
      response_type: 'code',
      client_id: clientId,
      scope: 'read_write',
      redirect_uri: `${shop}/callback`,
      state: 's1',
    });
    await page.goto(`${world.url}/oauth/authorize?${query}`);
    await look(page, `consent-${width}`);
    await page.getByLabel(/^Acme/).press('Space');
    await page.getByRole('button', { name: 'Allow access' }).press('Enter');
    await page.waitForURL('**/callback?**');
    expect(page.url()).toMatch(/code=ac_\w+&state=s1$/);

    const app = new URLSearchParams({ client_id: clientId, redirect_uri: `${shop}/callback`, state: 's2' });
    await page.goto(`${world.url}/oauth/v2/authorize?${app}`);
    await look(page, `consent-app-${width}`);
    await page.getByRole('button', { name: 'Deny' }).press('Enter');
    await page.waitForURL('**/callback?**');
    expect(page.url()).toContain('error=access_denied');

    const product = await stripe.products.create({ name: 'Workshop ticket' });
    const price = await stripe.prices.create({ product: product.id, currency: 'usd', unit_amount: 9900 });
    const link = await stripe.paymentLinks.create({
      line_items: [{ price: price.id, quantity: 1 }],
      restrictions: { completed_sessions: { limit: 1 } },
    });
    const address = link.url.replace('http://127.0.0.1:12111', world.url);
    await page.goto(`${address}?prefilled_email=jane%40example.com`);
    expect(await page.getByLabel('E-mail').inputValue()).toBe('jane@example.com');
    await page.getByLabel('Name on card').fill('Jane Roe');
    await page.getByRole('button', { name: 'Succeeds Visa 4242' }).press('Enter');
    await page.getByLabel('CVC').press('Enter');
    await page.getByRole('heading', { name: 'Thanks for your order' }).waitFor();
    await look(page, `link-thanks-${width}`);
    await page.goto(address);
    await page.getByRole('heading', { name: 'This link is no longer active' }).waitFor();
    await look(page, `link-inactive-${width}`);
  });

  test(`at ${width} px the viewer tells everything and sets a fault`, async () => {
    world = await startBrowserWorld({ width });
    const { page, stripe } = world;
    await openInvoice();
    const customer = (await stripe.customers.list()).data[0]!;
    await stripe.customers.update(customer.id, { name: 'Roe AG' });
    await stripe.webhookEndpoints.create({ url: 'http://127.0.0.1:9/hook', enabled_events: ['customer.updated'] });
    for (const view of ['events', 'objects', 'requests', 'clocks', 'faults', 'refused']) {
      await page.goto(`${world.url}/?view=${view}`);
      await look(page, `viewer-${view}-${width}`);
    }
    await page.goto(`${world.url}/?view=requests`);
    await page.getByRole('link', { name: 'POST /v1/webhook_endpoints' }).press('Enter');
    await look(page, `viewer-request-${width}`);
    await page.goto(`${world.url}/viewer/object/${customer.id}`);
    await page.getByText(/customer\.updated \(name\)/).press('Enter');
    await look(page, `viewer-object-${width}`);
    await page.goto(`${world.url}/?view=faults`);
    await page.getByLabel('What happens').selectOption('Answer 429: too many requests');
    await page.getByLabel(/^Only for this route or event/).fill('POST /v1/customers');
    await page.getByRole('button', { name: 'Add the fault' }).press('Enter');
    await page.getByText('0 of 1').waitFor();
    await look(page, `viewer-faults-set-${width}`);
    await expect(stripe.customers.create({})).rejects.toMatchObject({ statusCode: 429 });
    await page.getByRole('button', { name: 'Remove fault_1' }).press('Enter');
    await page.getByText('No fault is set').waitFor();
    expect(world.outside()).toEqual([]);
  });
}
