import type { Page } from 'playwright-core';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { type BrowserWorld, becomeOwner, picture, startBrowserWorld } from './browser-world.ts';

const MINUTE_MS = 60_000;

describe('first light: from the printed link to the first mail', () => {
  let at: BrowserWorld;
  let page: Page;
  beforeAll(async () => {
    at = await startBrowserWorld();
    page = at.page;
  }, 3 * MINUTE_MS);
  afterAll(() => at?.close());

  it(
    'the owner signs in by the one-time link, which then is used up',
    async () => {
      await becomeOwner(at);
      const link = at.world.server.firstRun.sign_in_url ?? '';
      const stranger = await at.window({ width: 1440, dark: false });
      await stranger.context().clearCookies();
      await stranger.goto(link);
      await stranger.getByRole('heading', { name: 'This link does not work any more' }).waitFor();
      await stranger.getByRole('link', { name: 'Sign in' }).click();
      await stranger.getByLabel('E-mail').fill('ada@example.com');
      await stranger.getByLabel('Password').fill('not the password');
      await stranger.getByRole('button', { name: 'Sign in' }).click();
      await stranger.getByText('do not belong together').waitFor();
      await stranger.getByLabel('Password').fill('correct horse battery');
      await stranger.getByRole('button', { name: 'Sign in' }).click();
      await stranger.getByRole('heading', { name: 'Hello, Ada' }).waitFor();
      await stranger.context().close();
    },
    MINUTE_MS,
  );

  it(
    'makes a second sandbox environment, which starts unconnected',
    async () => {
      await page
        .getByRole('button', { name: /Switch environment/ })
        .first()
        .click();
      await page.getByRole('menuitem', { name: 'New environment' }).click();
      await page.getByLabel('Name').fill('Second sandbox');
      await page.getByRole('button', { name: 'Create environment' }).click();
      await page.getByText(/^bk_sandbox_/).waitFor();
      await page.getByRole('button', { name: 'Open it' }).click();
      await page.getByText('Stripe is not connected').first().waitFor();
      expect(page.url()).toContain('env=second-sandbox');
    },
    MINUTE_MS,
  );

  it(
    '[S-02] connects Stripe through the consent page: declined first, then allowed',
    async () => {
      await page.getByRole('link', { name: 'Integrations' }).click();
      await page
        .getByRole('link', { name: /Stripe/ })
        .last()
        .click();
      await startConsent(page);
      await page.getByRole('button', { name: 'Deny' }).click();
      await page.getByText('the access was declined').waitFor();
      await startConsent(page);
      await page.getByLabel('Create a new account').check();
      await page.locator('input[name="business_name"]').fill('Second Company');
      await picture(page, 'consent');
      await page.getByRole('button', { name: 'Allow access' }).click();
      await page.getByText('Stripe is connected').waitFor();
      await page.getByText('Second Company').first().waitFor();
      expect(await page.getByText('Active').count()).toBeGreaterThan(0);
      expect(await page.getByText(/^acct_/).count()).toBeGreaterThan(0);
      await picture(page, 'stripe-connected');
    },
    MINUTE_MS,
  );

  it(
    '[S-21] removes the connection after asking once',
    async () => {
      await page.getByRole('button', { name: 'Manage' }).click();
      await page.getByRole('menuitem', { name: 'Remove', exact: true }).click();
      await page.getByRole('alertdialog').getByRole('button', { name: 'Remove' }).click();
      await page.getByRole('button', { name: 'Add one' }).waitFor();
    },
    MINUTE_MS,
  );

  it(
    'email L2.1 a wrong field is refused with its position, and the mended text is published',
    async () => {
      await enter(page, 'Sandbox');
      await page.getByRole('link', { name: 'Templates' }).click();
      await page.getByRole('link', { name: /Subscription created/ }).click();
      const editor = page.getByLabel('Source of the template');
      const source = await editor.inputValue();
      await editor.fill(source.replace('product.name', 'product.nmae'));
      const problem = page.getByRole('list', { name: 'Problems' }).getByRole('button').first();
      await problem.waitFor();
      expect(await problem.textContent()).toMatch(/product\.nmae.*\d+:\d+/s);
      await page.getByRole('button', { name: 'Save draft' }).click();
      await page
        .getByText(/Line \d+, column \d+/)
        .first()
        .waitFor();
      await problem.click();
      expect(
        await page.evaluate(
          'document.activeElement.value.slice(document.activeElement.selectionStart, document.activeElement.selectionEnd)',
        ),
      ).toBe('product.nmae');
      await picture(page, 'editor-refused');
      await editor.fill(source.replace('---\n\n', '---\n\n').concat('\nWe are glad that you are here.\n'));
      await page.getByRole('button', { name: 'Save draft' }).click();
      await page.getByRole('button', { name: 'Publish' }).click();
      await page.getByRole('dialog').getByText('We are glad that you are here.').waitFor();
      await page.getByRole('dialog').getByRole('button', { name: 'Publish' }).click();
      await page.getByText('is published').first().waitFor();
    },
    MINUTE_MS,
  );

  it(
    'advances the clock and reads the mail in the Mailbox',
    async () => {
      const { stripe } = at.world;
      const product = await stripe.products.create({ name: 'Acme Basic' });
      const price = await stripe.prices.create({
        product: product.id,
        currency: 'usd',
        unit_amount: 2900,
        recurring: { interval: 'month' },
      });
      const customer = await stripe.customers.create({
        name: 'Grace Hopper',
        email: 'grace@example.com',
        payment_method: 'pm_card_visa',
        invoice_settings: { default_payment_method: 'pm_card_visa' },
      });
      await stripe.subscriptions.create({ customer: customer.id, items: [{ price: price.id }] });
      await page.getByRole('button', { name: 'Advance the clock' }).click();
      await page.getByRole('menuitem', { name: 'By a day', exact: true }).click();
      await page.getByText('The clock has arrived').waitFor();
      await page.getByRole('link', { name: 'Mailbox' }).click();
      await page
        .getByRole('list', { name: 'Mails' })
        .getByRole('button', { name: /grace@example\.com/ })
        .first()
        .waitFor();
      await page.getByLabel('Event').click();
      await page.getByRole('option', { name: 'Subscription created' }).click();
      await page
        .getByRole('list', { name: 'Mails' })
        .getByRole('button', { name: /Welcome to Acme Basic/ })
        .click();
      const mail = page.frameLocator('iframe[title="The captured mail"]');
      await mail.getByText('We are glad that you are here.').waitFor();
      expect(await mail.locator('body').textContent()).toContain('Acme Basic');
      await page.getByRole('tab', { name: 'Headers' }).click();
      await page
        .getByRole('cell', { name: 'Auto-Submitted' })
        .or(page.getByRole('cell', { name: 'auto-submitted' }))
        .waitFor();
      await picture(page, 'mailbox');
    },
    2 * MINUTE_MS,
  );

  it(
    'email G3 the message shows where a fact came from',
    async () => {
      await page.getByRole('link', { name: 'Why this mail' }).click();
      await page.getByRole('heading', { name: 'What happened' }).waitFor();
      const fact = page
        .frameLocator('iframe[title="The mail as it was sent"]')
        .locator('[data-fact]')
        .filter({ hasText: 'Acme Basic' })
        .first();
      await fact.hover();
      await page.getByRole('tooltip').getByText('product.name').waitFor();
      await picture(page, 'message');
    },
    MINUTE_MS,
  );

  it('nothing asked the internet for anything, and no page had a fault', () => {
    expect(at.outside).toEqual([]);
    expect(at.faults).toEqual([]);
  });
});

async function startConsent(page: Page): Promise<void> {
  await page.getByRole('button', { name: 'Add one' }).click();
  await page.getByRole('button', { name: 'Connect with Stripe' }).last().click();
  await page.getByRole('button', { name: 'Allow access' }).waitFor();
}

async function enter(page: Page, environment: string): Promise<void> {
  await page
    .getByRole('button', { name: /Switch environment/ })
    .first()
    .click();
  await page
    .getByRole('menuitemradio', { name: new RegExp(`^${environment}`) })
    .first()
    .click();
  await page.getByRole('heading', { name: 'Hello, Ada' }).waitFor();
}
