/** Chromium in front of a listening Sandbox, for the pages' own tests. */
import { readFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { type Browser, chromium, type Page } from 'playwright-core';
import { expect, inject } from 'vitest';
import { startSandbox, type TestSandbox } from '../testing/index.ts';

const FLAGS = ['--no-sandbox', '--disable-gpu', '--disable-background-networking'];

export type BrowserWorld = TestSandbox & {
  url: string;
  page: Page;
  browser: Browser;
  /** Requests that went to another host than the Sandbox. */
  outside(): string[];
};

/** Starts the Sandbox on a free port and a page without script, so that nothing depends on it. */
export async function startBrowserWorld(options: { width?: number; dark?: boolean } = {}): Promise<BrowserWorld> {
  const executablePath = inject('chromium');
  if (executablePath === null) throw new Error('No Chromium was found: see CONTRIBUTING.md, browser tests.');
  const world = await startSandbox({ now: '2026-03-01T09:00:00Z' });
  const { url } = await world.sandbox.listen(0);
  const browser = await chromium.launch({ executablePath, args: FLAGS });
  const context = await browser.newContext({
    viewport: { width: options.width ?? 1180, height: 900 },
    colorScheme: options.dark ? 'dark' : 'light',
    bypassCSP: false,
  });
  const page = await context.newPage();
  const asked: string[] = [];
  page.on('request', (request) => void asked.push(request.url()));
  return {
    ...world,
    url,
    page,
    browser,
    outside: () => asked.filter((address) => !address.startsWith(`${url}/`) && !address.startsWith('data:')),
    async close() {
      await browser.close();
      await world.close();
    },
  };
}

/** Serious and critical findings of axe-core on the page as it is. */
export async function axeFindings(page: Page): Promise<string[]> {
  const source = readFileSync(createRequire(import.meta.url).resolve('axe-core/axe.min.js'), 'utf8');
  const text: string = await page.evaluate(`(async () => {
    ${source}
    const found = await axe.run(document);
    return JSON.stringify(found.violations.map((one) => one.id + ': ' + one.nodes.map((node) => node.html).join(' | ')));
  })()`);
  return JSON.parse(text) as string[];
}

/** What every page must be as it stands: nothing that axe-core complains of, nothing wider than the window. Takes its picture too. */
export async function look(page: Page, name: string): Promise<void> {
  await picture(page, name);
  expect(await axeFindings(page)).toEqual([]);
  const overflow = await page.evaluate('document.documentElement.scrollWidth - document.documentElement.clientWidth');
  expect(overflow, `${name} is wider than the window`).toBeLessThanOrEqual(0);
}

/** Writes a screenshot where `SCREENSHOTS` says, for people to look at. */
export async function picture(page: Page, name: string): Promise<void> {
  const folder = process.env.SCREENSHOTS;
  if (folder) await page.screenshot({ path: `${folder}/${name}.png`, fullPage: true });
}
