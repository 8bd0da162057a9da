import { type ChildProcess, spawn } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type Stripe from 'stripe';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { ended, type Started, startServer } from '../../../scripts/lib/server-process.ts';
import { get, list, post, stripeOf } from './api.ts';
import { ownDatabase } from './own-database.ts';

const ROOT = join(import.meta.dirname, '../../..');
const TIMEOUT_MS = 120_000;
const MONTHS = 3;

let web: Started;
let worker: ChildProcess;
const workerDir = mkdtempSync(join(tmpdir(), 'billow-worker-'));

beforeAll(async () => {
  const databaseUrl = (await ownDatabase()) ?? '';
  web = await startServer({ databaseUrl, role: 'web' });
  worker = await startWorker({ databaseUrl, masterKey: readFileSync(join(web.dataDir, 'master.key'), 'utf8').trim() });
}, TIMEOUT_MS);
afterAll(async () => {
  if (worker) await ended(worker);
  await web?.stop();
  rmSync(workerDir, { recursive: true, force: true });
});

/** A worker beside the web process: the same database and master key, a folder of its own. Ready when it says so. */
async function startWorker(a: { databaseUrl: string; masterKey: string }): Promise<ChildProcess> {
  const child = spawn(process.execPath, [join(ROOT, 'server/src/main.ts')], {
    cwd: ROOT,
    stdio: ['ignore', 'pipe', 'inherit'],
    env: {
      ...process.env,
      NODE_COMPILE_CACHE: join(ROOT, '.cache/compile'),
      BILLOW_DATA_DIR: workerDir,
      BILLOW_MASTER_KEY: a.masterKey,
      BILLOW_PORT: '0',
      BILLOW_LOG_LEVEL: 'error',
      BILLOW_ROLE: 'worker',
      DATABASE_URL: a.databaseUrl,
    },
  });
  await new Promise<void>((resolve, reject) => {
    child.stdout.on('data', (text: Buffer) => String(text).includes('Billow is ready') && resolve());
    child.once('exit', (code) => reject(new Error(`The worker ended with code ${code} before it was ready`)));
  });
  return child;
}

async function subscribe(stripe: Stripe, email: string): Promise<string> {
  const product = await stripe.products.create({
    name: `Plan of ${email}`,
    default_price_data: { currency: 'usd', unit_amount: 1900, recurring: { interval: 'month' } },
  });
  const customer = await stripe.customers.create({
    email,
    payment_method: 'pm_card_visa',
    invoice_settings: { default_payment_method: 'pm_card_visa' },
  });
  await stripe.subscriptions.create({ customer: customer.id, items: [{ price: String(product.default_price) }] });
  return customer.id;
}

const triggersOf = async (customer: string) =>
  (await list(web.firstRun, `/v1/emails/messages?limit=100&customer=${customer}`))
    .map(({ trigger, status }) => `${trigger} ${status}`)
    .sort();

test(
  'web and worker on one database: advances asked of the API while both work arrive, again and again, and lose no mail',
  async () => {
    const { firstRun } = web;
    const clock = `/v1/environments/${firstRun.environment_id}/clock`;
    const customer = await subscribe(stripeOf(firstRun), 'ada@example.com');
    const start = Temporal.Instant.from((await get<{ now: string }>(firstRun, clock)).now).toZonedDateTimeISO('UTC');
    for (let month = 1; month <= MONTHS; month++) {
      const to = start.add({ months: month, hours: 2 }).toInstant().toString();
      const arrived = await post<{ now: string }>(firstRun, `${clock}/advance`, { to });
      expect(Temporal.Instant.from(arrived.now).toString()).toBe(to);
    }
    expect(await triggersOf(customer)).toEqual([
      ...Array(MONTHS + 1).fill('payment.received sent'),
      'subscription.created sent',
      ...Array(MONTHS).fill('subscription.renewing sent'),
    ]);
  },
  TIMEOUT_MS,
);
