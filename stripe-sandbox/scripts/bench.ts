/** Prints the figures of the design's size-and-speed section for the memory store and the embedded database: `node stripe-sandbox/scripts/bench.ts`. */
import { performance } from 'node:perf_hooks';
import { createSandbox, type Sandbox } from '../src/index.ts';
import { openPglite, sdkFor } from '../src/testing/index.ts';

const CALLS = 2000;
const WARM_UP = 300;
const CUSTOMERS = 12;
const START = Date.UTC(2026, 0, 1) / 1000;
const FOUR_MONTHS_LATER = Date.UTC(2026, 4, 1) / 1000;

for (const kind of ['memory', 'PGlite'] as const) {
  const opened = kind === 'PGlite' ? await openPglite() : null;
  const started = performance.now();
  const sandbox = await createSandbox({
    deliver: async () => ({ status: 200, body: '' }),
    ...(opened === null ? {} : { store: opened.store }),
  });
  const ready = performance.now() - started;
  const { account, secretKey } = await sandbox.control.createAccount({ clock: { mode: 'virtual', now: START } });
  const customer = await sdkFor(sandbox, secretKey).customers.create({ name: 'Bench' });
  const reads = await measure(() => call(sandbox, secretKey, { method: 'GET', path: `/v1/customers/${customer.id}` }));
  const writes = await measure((n) =>
    call(sandbox, secretKey, { method: 'POST', path: '/v1/customers', body: 'name=Bench', key: `k${n}` }),
  );
  const months = await fourMonths(sandbox, account, secretKey);
  console.table({
    [kind]: {
      'start ms': round(ready),
      'GET p50': reads.p50,
      'GET p99': reads.p99,
      'POST p50': writes.p50,
      'POST p99': writes.p99,
      ...months,
    },
  });
  await sandbox.close();
  await opened?.close();
}

type Call = { method: string; path: string; body?: string; key?: string };

async function call(sandbox: Sandbox, key: string, request: Call): Promise<void> {
  const headers: Record<string, string> = { authorization: `Bearer ${key}`, 'content-type': 'application/x-www-form-urlencoded' };
  if (request.key !== undefined) headers['idempotency-key'] = request.key;
  const init = request.body === undefined ? {} : { body: request.body };
  const response = await sandbox.fetch(`https://api.stripe.com${request.path}`, { method: request.method, headers, ...init });
  if (response.status !== 200) throw new Error(`${request.method} ${request.path} answered ${response.status}`);
}

async function measure(run: (n: number) => Promise<void>): Promise<{ p50: number; p99: number }> {
  const times: number[] = [];
  for (let n = 0; n < CALLS + WARM_UP; n += 1) {
    const started = performance.now();
    await run(n);
    if (n >= WARM_UP) times.push(performance.now() - started);
  }
  times.sort((a, b) => a - b);
  return { p50: round(times[Math.floor(CALLS / 2)]!), p99: round(times[Math.floor(CALLS * 0.99)]!) };
}

/** Twelve customers with monthly plans and an endpoint, four months in one advance. */
async function fourMonths(sandbox: Sandbox, account: string, key: string) {
  const stripe = sdkFor(sandbox, key);
  await stripe.webhookEndpoints.create({ url: 'http://127.0.0.1:1/hook', enabled_events: ['*'] });
  const product = await stripe.products.create({ name: 'Pro' });
  const price = await stripe.prices.create({ product: product.id, currency: 'usd', unit_amount: 1000, recurring: { interval: 'month' } });
  for (let n = 0; n < CUSTOMERS; n += 1) {
    const { id } = await stripe.customers.create({
      payment_method: 'pm_card_visa',
      invoice_settings: { default_payment_method: 'pm_card_visa' },
    });
    await stripe.subscriptions.create({ customer: id, items: [{ price: price.id }], trial_period_days: 7 + n });
  }
  const started = performance.now();
  await sandbox.control.advance({ account, to: FOUR_MONTHS_LATER });
  const seconds = (performance.now() - started) / 1000;
  const events = (await sandbox.control.events({ account, limit: 100_000 })).length;
  return { 'four months s': round(seconds), 'events/s': Math.round(events / seconds) };
}

function round(value: number): number {
  return Math.round(value * 1000) / 1000;
}
