import type { Page, Route } from 'playwright-core';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { axeFindings, type BrowserWorld, becomeOwner, isTooWide, picture, startBrowserWorld } from './browser-world.ts';

const MINUTE_MS = 60_000;
/** Long enough to look at a page that waits, short enough for a test. */
const HELD_MS = 1_500;
/** Rows are taken as fresh for a second. */
const STALE_MS = 1_200;

/** Pages that read something, with the call that a picture of the state depends on and what is said when it fails. */
const PAGES: [id: string, path: string, call: RegExp, failed: RegExp][] = [
  ['customers', '/customers', /\/v1\/customers\?/, /Customers could not be loaded/],
  ['messages', '/emails/messages', /\/v1\/emails\/messages\?/, /Messages could not be loaded/],
  ['routes', '/emails/routes', /\/v1\/emails\/routes/, /could not be loaded/],
  ['templates', '/emails/templates', /\/v1\/emails\/templates/, /Templates could not be loaded/],
  ['mailbox', '/mailbox', /\/v1\/mailbox\/messages/, /could not be loaded/],
  ['events', '/stripe/events', /\/v1\/stripe_events\?/, /could not be loaded/],
  ['api-keys', '/settings/api-keys', /\/v1\/api_keys/, /could not be loaded/],
  ['stripe', '/settings/integrations/stripe', /\/v1\/connections/, /could not be loaded/],
];
const WINDOWS = [
  { name: 'light', width: 1440, dark: false },
  { name: 'phone-dark', width: 390, dark: true },
];

const broken = (route: Route) =>
  route.fulfill({
    status: 500,
    json: { error: { code: 'internal', message: 'The database is away.', fix: 'Try again in a minute.', request_id: 'req_01state' } },
  });

describe('what a page shows when it waits, fails, is empty or out of date', () => {
  let at: BrowserWorld;
  const env: { empty: string } = { empty: '' };
  beforeAll(async () => {
    at = await startBrowserWorld();
    await welcome(at);
    await becomeOwner(at);
    env.empty = await makeEmptyEnvironment(at.page, at.world.url);
  }, 3 * MINUTE_MS);
  afterAll(() => at?.close());

  it.each(WINDOWS)(
    '$name: a skeleton stands where rows will be, and it says that it loads',
    async ({ name, width, dark }) => {
      await everyPage({ at, name: `loading-${name}`, width, dark, found: [] }, async (page, [, path, call]) => {
        await page.route(call, async (route) => {
          await new Promise((resolve) => setTimeout(resolve, HELD_MS));
          await route.continue().catch(() => {});
        });
        await page.goto(at.world.url + path, { waitUntil: 'commit' });
        await page
          .getByText(/^Loading/)
          .first()
          .waitFor({ state: 'attached' });
      });
    },
    4 * MINUTE_MS,
  );

  it.each(WINDOWS)(
    '$name: a page that cannot be read says what failed and what to do, with the id of the request',
    async ({ name, width, dark }) => {
      await everyPage({ at, name: `failed-${name}`, width, dark, found: [] }, async (page, [, path, call, failed]) => {
        await page.route(call, broken);
        await page.goto(at.world.url + path);
        await page.getByText(failed).first().waitFor();
        await page.getByText('Try again in a minute.').first().waitFor();
        await page.getByRole('button', { name: 'Try again' }).first().waitFor();
      });
    },
    4 * MINUTE_MS,
  );

  it.each(WINDOWS)(
    '$name: an empty environment says what belongs here and how to get the first one',
    async ({ name, width, dark }) => {
      await everyPage({ at, name: `empty-${name}`, width, dark, found: [] }, async (page, [, path]) => {
        await page.goto(`${at.world.url}${path}?env=${env.empty}`);
        await page.getByRole('heading', { level: 1 }).waitFor();
        await expect.poll(() => page.locator('[aria-busy="true"]').count(), { timeout: MINUTE_MS }).toBe(0);
        await expect.poll(() => page.getByText(/^Loading/).count(), { timeout: MINUTE_MS }).toBe(0);
      });
    },
    4 * MINUTE_MS,
  );

  it(
    'rows that could not be read again stay, and the page says that they may be old',
    async () => {
      const page = await at.window({ width: 1440, dark: false });
      await page.goto(`${at.world.url}/emails/templates`);
      await page.locator('[data-row-link]').first().waitFor();
      const rows = await page.locator('[data-row-link]').count();
      await page.route(/\/v1\/emails\/templates/, broken);
      // Younger rows would not be read again.
      await new Promise((resolve) => setTimeout(resolve, STALE_MS));
      await page.getByRole('link', { name: 'Mailbox' }).first().click();
      await page.getByRole('heading', { level: 1, name: 'Mailbox' }).waitFor();
      await page.goBack();
      await page.getByText('These rows may be old').waitFor();
      expect(await page.locator('[data-row-link]').count()).toBe(rows);
      await picture(page, 'templates-stale');
      expect(await axeFindings(page)).toEqual([]);
      await page.unroute(/\/v1\/emails\/templates/);
      await page.getByRole('button', { name: 'Try again' }).click();
      await page.getByText('These rows may be old').waitFor({ state: 'detached' });
      await page.context().close();
    },
    MINUTE_MS,
  );

  it(
    'the server away: the page says so and comes back by itself',
    async () => {
      const page = await at.window({ width: 1440, dark: false });
      await page.route(/\/(v1|api)\//, (route) => route.abort());
      await page.goto(`${at.world.url}/customers`);
      await page.getByRole('button', { name: 'Try again' }).first().waitFor();
      await picture(page, 'server-away');
      expect(await axeFindings(page)).toEqual([]);
      await page.unroute(/\/(v1|api)\//);
      await page.getByRole('button', { name: 'Try again' }).first().click();
      await page.getByRole('heading', { level: 1, name: 'Customers' }).waitFor();
      await page.context().close();
    },
    MINUTE_MS,
  );

  it(
    'signed out: every address leads to the sign-in and back',
    async () => {
      for (const { name, width, dark } of WINDOWS) {
        const page = await at.window({ width, dark });
        await page.context().clearCookies();
        await page.goto(`${at.world.url}/emails/templates`);
        await page.getByRole('button', { name: 'Sign in' }).waitFor();
        await picture(page, `sign-in-${name}`);
        expect(await axeFindings(page)).toEqual([]);
        expect(await isTooWide(page)).toBe(false);
        await page.getByLabel('E-mail').fill('ada@example.com');
        await page.getByLabel('Password').fill('correct horse battery');
        await page.getByRole('button', { name: 'Sign in' }).click();
        await page.getByRole('heading', { level: 1, name: 'Templates' }).waitFor();
        await page.context().close();
      }
    },
    MINUTE_MS,
  );

  it(
    'an address that is no page says so, with the way home',
    async () => {
      const page = await at.window({ width: 390, dark: false });
      await page.goto(`${at.world.url}/no/such/page`);
      await page.getByRole('link', { name: 'Go home' }).first().waitFor();
      await picture(page, 'not-found-phone');
      expect(await axeFindings(page)).toEqual([]);
      await page.context().close();
    },
    MINUTE_MS,
  );

  it('no page had a fault', () => expect(at.faults).toEqual([]));
});

/** One window for all pages of a state: a picture each, nothing serious from axe-core, nothing too wide. */
async function everyPage(
  a: { at: BrowserWorld; name: string; width: number; dark: boolean; found: string[] },
  open: (page: Page, of: (typeof PAGES)[number]) => Promise<void>,
): Promise<void> {
  const page = await a.at.window({ width: a.width, dark: a.dark });
  for (const one of PAGES) {
    await open(page, one);
    await picture(page, `${one[0]}-${a.name}`);
    a.found.push(...(await axeFindings(page)).map((finding) => `${one[0]}: ${finding}`));
    if (await isTooWide(page)) a.found.push(`${one[0]}: wider than ${a.width} px`);
    await page.unrouteAll({ behavior: 'ignoreErrors' });
  }
  await page.context().close();
  expect(a.found).toEqual([]);
}

/** Looked at before it is used: the link is still good afterwards. */
async function welcome(at: BrowserWorld): Promise<void> {
  for (const { name, width, dark } of WINDOWS) {
    const page = await at.window({ width, dark });
    await page.goto(at.world.server.firstRun.sign_in_url ?? '');
    await page.getByLabel('Your name').waitFor();
    await picture(page, `welcome-${name}`);
    expect(await axeFindings(page)).toEqual([]);
    expect(await isTooWide(page)).toBe(false);
    await page.context().close();
  }
}

/** A sandbox environment without a connection; answers its name in addresses. */
async function makeEmptyEnvironment(page: Page, url: string): Promise<string> {
  await page.goto(url);
  await page
    .getByRole('button', { name: /Switch environment/ })
    .first()
    .click();
  await page.getByRole('menuitem', { name: 'New environment' }).click();
  await page.getByLabel('Name').fill('Empty sandbox');
  await page.getByRole('button', { name: 'Create environment' }).click();
  await page.getByRole('button', { name: 'Open it' }).click();
  await page.getByText('Stripe is not connected').first().waitFor();
  return new URL(page.url()).searchParams.get('env') ?? '';
}
