import { getMigrations } from 'better-auth/db/migration';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { type Kit, startKit } from '../../test/support/kit.ts';
import { authOptions } from './sign-in.ts';

let kit: Kit;
beforeAll(async () => {
  kit = await startKit();
});
afterAll(() => kit?.close());

test('the sign-in library finds every table and column it wants in our migration', async () => {
  const options = authOptions(kit.app, { plainDb: kit.database.plainDb, publicUrl: 'http://127.0.0.1:4242' });
  const { toBeCreated, toBeAdded } = await getMigrations(options);
  expect({ toBeCreated, toBeAdded }).toEqual({ toBeCreated: [], toBeAdded: [] });
});

test('[12.5] over https the cookie is host-bound and secure', () => {
  const options = authOptions(kit.app, { plainDb: kit.database.plainDb, publicUrl: 'https://billow.example.com' });
  expect(options.advanced.cookies.session_token.name).toBe('__Host-billow');
  expect(options.advanced.defaultCookieAttributes).toMatchObject({ secure: true, httpOnly: true, sameSite: 'lax' });
});
