import { gzipSync } from 'node:zlib';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { axeFindings, type BrowserWorld, becomeOwner, isTooWide, picture, startBrowserWorld } from './browser-world.ts';

const MINUTE_MS = 60_000;
const BUDGET_BYTES = 250_000;

/** Every page without parameters, and what is there when it has loaded. */
const PAGES: [name: string, path: string, shows: string][] = [
  ['home', '/', 'Hello, Ada'],
  ['customers', '/customers', 'Customers'],
  ['messages', '/emails/messages', 'Messages'],
  ['routes', '/emails/routes', 'Routes'],
  ['templates', '/emails/templates', 'Templates'],
  ['senders', '/emails/senders', 'Senders'],
  ['mailbox', '/mailbox', 'Mailbox'],
  ['events', '/stripe/events', 'Event log'],
  ['environment', '/settings/environment', 'Environment'],
  ['integrations', '/settings/integrations', 'Integrations'],
  ['stripe', '/settings/integrations/stripe', 'Stripe'],
  ['stripe-add', '/settings/integrations/stripe?add=1', 'Stripe'],
  ['api-keys', '/settings/api-keys', 'API keys'],
];

const WINDOWS = [
  { name: 'light', width: 1440, dark: false },
  { name: 'dark', width: 1440, dark: true },
  { name: 'phone', width: 390, dark: false },
  { name: 'phone-dark', width: 390, dark: true },
];

describe('every page, in light and dark, on a desk and on a phone', () => {
  let at: BrowserWorld;
  beforeAll(async () => {
    at = await startBrowserWorld();
    await becomeOwner(at);
    await makeSomethingHappen(at);
  }, 3 * MINUTE_MS);
  afterAll(() => at?.close());

  it.each(WINDOWS)(
    '$name: axe-core finds nothing serious, and nothing is too wide',
    async ({ name, width, dark }) => {
      const page = await at.window({ width, dark });
      const found: string[] = [];
      for (const [id, path, shows] of [...PAGES, ...(await detailPages(at))]) {
        await page.goto(at.world.url + path);
        await page.getByRole('heading', { level: 1, name: shows }).waitFor();
        await expect.poll(() => page.locator('[aria-busy="true"]').count(), { timeout: MINUTE_MS }).toBe(0);
        await picture(page, `${id}-${name}`);
        found.push(...(await axeFindings(page)).map((finding) => `${id}: ${finding}`));
        if (await isTooWide(page)) found.push(`${id}: wider than ${width} px`);
      }
      expect(found).toEqual([]);
      await page.context().close();
    },
    4 * MINUTE_MS,
  );

  it(
    'rows are reached and opened by keyboard alone',
    async () => {
      const page = await at.window({ width: 1440, dark: false });
      await page.goto(`${at.world.url}/emails/templates`);
      const rows = page.locator('[data-row-link]');
      await rows.first().focus();
      await page.keyboard.press('ArrowDown');
      expect(await page.locator('[data-row-link]:focus').textContent()).toBe(await rows.nth(1).textContent());
      await page.keyboard.press('Enter');
      await page.getByLabel('Source of the template').waitFor();
      await page.context().close();
    },
    MINUTE_MS,
  );

  it(
    'a list that cannot be read says so and tries again',
    async () => {
      const page = await at.window({ width: 1440, dark: false });
      let broken = true;
      await page.route('**/v1/customers?*', (route) =>
        broken
          ? route.fulfill({ status: 500, json: { error: { code: 'internal', message: 'The database is away.', request_id: 'req_1' } } })
          : route.continue(),
      );
      await page.goto(`${at.world.url}/customers`);
      await page.getByText('Customers could not be loaded').waitFor();
      await picture(page, 'customers-failed');
      expect(await axeFindings(page)).toEqual([]);
      broken = false;
      await page.getByRole('button', { name: 'Try again' }).click();
      await page.getByText('Grace Hopper').first().waitFor();
      await page.context().close();
    },
    MINUTE_MS,
  );

  it(
    'a filter that fits nothing offers the way back, and lives in the address',
    async () => {
      const page = await at.window({ width: 1440, dark: false });
      await page.goto(`${at.world.url}/emails/messages?status=bounced`);
      await page.getByText('Nothing matches these filters').waitFor();
      await page.getByRole('button', { name: 'Clear filters' }).click();
      await page
        .getByRole('link', { name: /grace@example\.com/ })
        .first()
        .waitFor();
      expect(page.url()).not.toContain('status');
      await page.context().close();
    },
    MINUTE_MS,
  );

  it(
    'the first page loads less than 250 kB of compressed script',
    async () => {
      const page = await at.window({ width: 1440, dark: false });
      const scripts = new Set<string>();
      page.on('request', (request) => {
        if (request.resourceType() === 'script') scripts.add(request.url());
      });
      await page.goto(at.world.url);
      await page.getByRole('heading', { name: 'Hello, Ada' }).waitFor();
      expect(await compressedBytes([...scripts])).toBeLessThan(BUDGET_BYTES);
      await page.context().close();
    },
    MINUTE_MS,
  );

  it('nothing asked the internet for anything, and no page had a fault', () => {
    expect(at.outside).toEqual([]);
    expect(at.faults).toEqual([]);
  });
});

async function makeSomethingHappen({ world }: BrowserWorld): Promise<void> {
  const { stripe } = world;
  const product = await stripe.products.create({ name: 'Acme Basic' });
  const price = await stripe.prices.create({ product: product.id, currency: 'usd', unit_amount: 2900, recurring: { interval: 'month' } });
  const customer = await stripe.customers.create({
    name: 'Grace Hopper',
    email: 'grace@example.com',
    payment_method: 'pm_card_visa',
    invoice_settings: { default_payment_method: 'pm_card_visa' },
  });
  await stripe.subscriptions.create({ customer: customer.id, items: [{ price: price.id }] });
  await world.advance('next');
}

/** Pages of single objects, which exist by now. */
async function detailPages({ world }: BrowserWorld): Promise<[string, string, string][]> {
  const first = async (path: string) => (await world.api('GET', `${path}?limit=1`)).data[0];
  const [customer, message, template, event, mail] = await Promise.all(
    ['/v1/customers', '/v1/emails/messages', '/v1/emails/templates', '/v1/stripe_events', '/v1/mailbox/messages'].map(first),
  );
  return [
    ['customer', `/customers/${customer.id}`, customer.name],
    ['message', `/emails/messages/${message.id}`, message.subject],
    ['template', `/emails/templates/${template.id}`, template.name],
    ['event', `/stripe/events/${event.id}`, event.type],
    ['mail', `/mailbox?mail=${mail.id}`, 'Mailbox'],
  ];
}

async function compressedBytes(urls: string[]): Promise<number> {
  const sizes = urls.map(async (url) => gzipSync(Buffer.from(await (await fetch(url)).arrayBuffer())).length);
  return (await Promise.all(sizes)).reduce((sum, size) => sum + size, 0);
}
