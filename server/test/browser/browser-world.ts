import { mkdirSync } from 'node:fs';
import { join } from 'node:path';
import axe from 'axe-core';
import { type Browser, type BrowserContext, chromium, type Page } from 'playwright-core';
import { inject } from 'vitest';
import { buildDashboard } from '../../../scripts/lib/dashboard.ts';
import { root } from '../architecture/tree.ts';
import { startWorld, type World } from '../support/world.ts';

const FLAGS = ['--no-sandbox', '--disable-gpu', '--disable-background-networking'];
const SLOW_MACHINE_MS = 20_000;
const AXE_OPTIONS: axe.RunOptions = { runOnly: ['wcag2a', 'wcag2aa', 'wcag21a', 'wcag21aa', 'wcag22aa'], iframes: false };
const PICTURES = join(root, 'test-results', 'dashboard');

export type BrowserWorld = {
  world: World;
  page: Page;
  /** Requests that wanted to leave the machine; they were stopped. */
  outside: string[];
  /** Errors of the pages' own scripts. */
  faults: string[];
  /** Another window of the same person: other width or theme. */
  window(a: { width: number; dark: boolean }): Promise<Page>;
  close(): Promise<void>;
};

/** The whole server with the built dashboard, and a browser that reaches nothing else. */
export async function startBrowserWorld(): Promise<BrowserWorld> {
  const executablePath = inject('chromium');
  if (executablePath === null) throw new Error('The project "browser" needs Chromium');
  await buildDashboard();
  const world = await startWorld();
  const browser = await chromium.launch({ executablePath, args: FLAGS });
  const outside: string[] = [];
  const faults: string[] = [];
  const open = async (a: { width: number; dark: boolean; from?: BrowserContext }) => {
    const context = await newContext(browser, a);
    await context.route('**/*', (route) => {
      const { hostname } = new URL(route.request().url());
      if (hostname === '127.0.0.1') return route.continue();
      outside.push(route.request().url());
      return route.abort();
    });
    const page = await context.newPage();
    page.setDefaultTimeout(SLOW_MACHINE_MS);
    page.on('pageerror', (error) => faults.push(error.message));
    return page;
  };
  const page = await open({ width: 1440, dark: false });
  return {
    world,
    page,
    outside,
    faults,
    window: (a) => open({ ...a, from: page.context() }),
    close: async () => {
      await browser.close();
      await world.close();
    },
  };
}

async function newContext(browser: Browser, a: { width: number; dark: boolean; from?: BrowserContext }): Promise<BrowserContext> {
  return browser.newContext({
    viewport: { width: a.width, height: a.width < 600 ? 844 : 900 },
    colorScheme: a.dark ? 'dark' : 'light',
    reducedMotion: 'reduce',
    ...(a.from ? { storageState: await a.from.storageState() } : {}),
  });
}

/** Opens the one-time link of the first start and becomes the owner. */
export async function becomeOwner({ world, page }: Pick<BrowserWorld, 'world' | 'page'>): Promise<void> {
  await page.goto(world.server.firstRun.sign_in_url ?? '');
  await page.getByLabel('Your name').fill('Ada Lovelace');
  await page.getByLabel('E-mail').fill('ada@example.com');
  await page.getByLabel('Password').fill('correct horse battery');
  await page.getByRole('button', { name: 'Start' }).click();
  await page.getByRole('heading', { name: 'Hello, Ada' }).waitFor();
}

/** What axe-core finds on a page, serious and critical; mails in frames are not ours to judge. */
export async function axeFindings(page: Page): Promise<string[]> {
  await page.evaluate(axe.source);
  const { violations } = await page.evaluate<axe.AxeResults>(`axe.run(${JSON.stringify(AXE_OPTIONS)})`);
  return violations
    .filter(({ impact }) => impact === 'serious' || impact === 'critical')
    .map(({ id, nodes }) => `${id}: ${nodes.map(({ html }) => html.slice(0, 160)).join(' | ')}`);
}

/** True where the page is wider than its window, which makes a phone scroll sideways. */
export function isTooWide(page: Page): Promise<boolean> {
  return page.evaluate('document.documentElement.scrollWidth > document.documentElement.clientWidth + 1');
}

/** A picture to look at, in test-results/dashboard. */
export async function picture(page: Page, name: string): Promise<void> {
  mkdirSync(PICTURES, { recursive: true });
  await page.screenshot({ path: join(PICTURES, `${name}.png`) });
}
