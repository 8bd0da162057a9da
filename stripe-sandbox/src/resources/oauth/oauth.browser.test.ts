import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { afterEach, expect, test } from 'vitest';
import { axeFindings, type BrowserWorld, picture, startBrowserWorld } from '../../pages/test-browser.ts';

let world: BrowserWorld;
let stop: () => void = () => undefined;
afterEach(async () => {
  await world.close();
  stop();
});

/** The platform's own server, to which the person comes back. */
async function startPlatform(): Promise<string> {
  const server = createServer((_request, response) => response.end('back at the platform'));
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  stop = () => void server.close();
  return `http://127.0.0.1:${(server.address() as AddressInfo).port}/callback`;
}

async function openConsent(): Promise<void> {
  const callback = await startPlatform();
  const { clientId } = await world.sandbox.control.createPlatform({ name: 'Ledgerly', redirectUris: [callback] });
  const query = new URLSearchParams({
    response_type: 'code',
    client_id: clientId,
    scope: 'read_write',
    redirect_uri: callback,
    state: 's1',
  });
  await world.page.goto(`${world.url}/oauth/authorize?${query}`);
}

test('allowing leads back to the platform with a code, across origins', async () => {
  world = await startBrowserWorld();
  await openConsent();
  const { page } = world;
  await picture(page, 'consent');
  expect(await axeFindings(page)).toEqual([]);
  await page.getByLabel(/^Acme/).check();
  await page.getByRole('button', { name: 'Allow access' }).click();
  await page.waitForURL('**/callback?**');
  expect(page.url()).toMatch(/code=ac_\w+&state=s1$/);
});

test('denying leads back with access_denied', async () => {
  world = await startBrowserWorld({ width: 390, dark: true });
  await openConsent();
  const { page } = world;
  await picture(page, 'consent-phone-dark');
  expect(await axeFindings(page)).toEqual([]);
  await page.getByRole('button', { name: 'Deny' }).click();
  await page.waitForURL('**/callback?**');
  expect(new URL(page.url()).searchParams.get('error')).toBe('access_denied');
});
