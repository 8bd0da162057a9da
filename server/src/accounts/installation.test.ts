import { afterAll, beforeAll, expect, test } from 'vitest';
import { type Kit, startKit } from '../../test/support/kit.ts';
import { readInstallation } from './installation.ts';

let kit: Kit;
beforeAll(async () => {
  kit = await startKit();
});
afterAll(() => kit?.close());

async function connectLive() {
  const environmentId = await kit.addEnvironment({ mode: 'live', now: null });
  const at = kit.app.machineClock.now();
  await kit.app.db
    .insertInto('stripe_connections')
    .values({
      id: kit.app.ids.make('connection'),
      environment_id: environmentId,
      provider: 'stripe',
      auth_kind: 'api_key',
      account_id: 'acct_live',
      livemode: true,
      status: 'active',
      api_version: '2026-01-01',
      transport: 'webhook',
      activated_at: at,
      created_at: at,
      updated_at: at,
      actor: 'system',
    })
    .execute();
}

test('[D13] a database without a Live connection is its own primary; with one it must be the confirmed one, on PostgreSQL', async () => {
  const fresh = await readInstallation(kit.app);
  expect(fresh).toMatchObject({ isHeld: false, reason: null });
  expect(fresh.identity).toMatch(/^\d+:\d+$/);
  await connectLive();
  const isEmbedded = kit.app.engine === 'pglite';
  expect((await readInstallation(kit.app)).isHeld).toBe(isEmbedded);
  await kit.app.db.updateTable('installation').set({ database_identity: 'another:1' }).execute();
  expect((await readInstallation(kit.app)).isHeld).toBe(true);
  kit.app.config.confirmPrimary = true;
  expect((await readInstallation(kit.app)).isHeld).toBe(isEmbedded);
  kit.app.config.confirmPrimary = false;
  kit.app.config.hold = true;
  expect(await readInstallation(kit.app)).toMatchObject({ isHeld: true, reason: 'The server was started with --hold.' });
});
