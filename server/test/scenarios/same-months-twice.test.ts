import { cpSync, mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, inject, test } from 'vitest';
import { readConfig } from '../../src/config.ts';
import { cancelAtPeriodEnd, openCompany, replaceCard, subscribe } from '../../src/demo/acts.ts';
import { type Api, apiOf } from '../../src/demo/api.ts';
import { DECLINING_CARD } from '../../src/demo/company.ts';
import { openDataDir } from '../../src/kit/data-dir.ts';
import { sdkFor } from '../../src/providers/stripe/index.ts';
import { type Server, startServer } from '../../src/start-server.ts';

/** Done means 5. The snapshot is a copied data folder, so this story is told on the embedded database only. */
const otherEngine = inject('databaseUrl') !== null;
const TIMEOUT_MS = 280_000;
const FOUR_MONTHS_DAYS = 122;

type Running = { server: Server; api: Api; stop(): Promise<void> };
type Sent = { trigger: string; to: string; subject: string; status: string; created_at: string };

async function startOn(folder: string): Promise<Running> {
  const ports = { BILLOW_PORT: '0', BILLOW_STRIPE_SANDBOX_PORT: '0', BILLOW_SMTP_PORT: '0' };
  const config = readConfig({ env: { ...ports, BILLOW_DATA_DIR: folder, BILLOW_LOG_LEVEL: 'error' } });
  const dataDir = openDataDir({ path: folder, embedded: true, startedAt: 'test', version: 'test' });
  const server = await startServer({ config, dataDir });
  const stop = async () => {
    await server.close();
    dataDir.release();
  };
  return { server, api: apiOf({ url: server.url, apiKey: server.firstRun.api_key ?? '' }), stop };
}

const clockOf = ({ server }: Running) => `/v1/environments/${server.firstRun.environment_id}/clock`;
const advance = (running: Running, to: Temporal.Instant) => running.api.post(`${clockOf(running)}/advance`, { to: to.toString() });
const nowOf = async (running: Running) => Temporal.Instant.from((await running.api.get<{ now: string }>(clockOf(running))).now);

/** Four customers on the first day: one stays, one tries, one leaves at the end of the month, and one whose card declines from now on. */
async function firstDay(running: Running): Promise<void> {
  const { url, secret_key } = running.server.firstRun.stripe_sandbox ?? { url: '', secret_key: '' };
  const cast = await openCompany(sdkFor({ url, secretKey: secret_key ?? '' }));
  await subscribe('ben', ['starter'])(cast);
  await subscribe('clara', ['team'], { trialDays: 14 })(cast);
  await subscribe('dmitri', ['starter'])(cast);
  await cancelAtPeriodEnd('dmitri')(cast);
  await subscribe('farid', ['starter'])(cast);
  await replaceCard('farid', DECLINING_CARD)(cast);
  await advance(running, await nowOf(running));
}

/** Every message with the instant it was made, in the order of instants; ids differ from run to run. */
async function messages({ api }: Running): Promise<Sent[]> {
  const all = await api.list<Sent>('/v1/emails/messages');
  const lines = all.map(({ trigger, to, subject, status, created_at }) => ({ trigger, to, subject, status, created_at }));
  return lines.sort((a, b) => Object.values(a).toReversed().join().localeCompare(Object.values(b).toReversed().join()));
}

describe.skipIf(otherEngine)('the same four months from one snapshot', () => {
  const folders: string[] = [];
  const copies: string[] = [];
  let start: Temporal.Instant;

  const newFolder = () => {
    const folder = mkdtempSync(join(tmpdir(), 'billow-months-'));
    folders.push(folder);
    return folder;
  };

  /** Lives the four months in a copy of the first day. */
  async function live(copy: string, months: (running: Running) => Promise<void>): Promise<Sent[]> {
    const running = await startOn(copy);
    try {
      await months(running);
      return await messages(running);
    } finally {
      await running.stop();
    }
  }

  beforeAll(async () => {
    const first = newFolder();
    const running = await startOn(first);
    start = await nowOf(running);
    await firstDay(running);
    await running.stop();
    for (let copy = 0; copy < 3; copy++) {
      copies.push(newFolder());
      cpSync(first, copies.at(-1) ?? '', { recursive: true });
    }
  }, TIMEOUT_MS);
  afterAll(() => {
    for (const folder of folders) rmSync(folder, { recursive: true, force: true });
  });

  const day = (n: number) => start.add({ hours: 24 * n });
  const inOneCall = (running: Running) => advance(running, day(FOUR_MONTHS_DAYS)).then(() => undefined);
  const dayByDay = async (running: Running) => {
    for (let n = 1; n <= FOUR_MONTHS_DAYS; n++) await advance(running, day(n));
  };

  test(
    'in one call, in one call again, and day by day give the same messages at the same instants',
    async () => {
      const [once, again, daily] = [await live(copies[0]!, inOneCall), await live(copies[1]!, inOneCall), await live(copies[2]!, dayByDay)];
      expect(again).toEqual(once);
      expect(daily).toEqual(once);
      const triggers = new Set(once.map(({ trigger }) => trigger));
      expect([...triggers].sort()).toEqual([
        'payment.failed',
        'payment.received',
        'subscription.canceled',
        'subscription.created',
        'subscription.renewing',
        'trial.ending',
      ]);
      expect(new Set(once.map(({ status }) => status)).has('expired')).toBe(false);
    },
    TIMEOUT_MS,
  );
});
