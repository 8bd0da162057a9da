import { execFileSync } from 'node:child_process';
import { join } from 'node:path';
import { PGlite } from '@electric-sql/pglite';
import { createPgConfig } from '@electric-sql/pglite/node-postgres';
import pg from 'pg';
import { postgresStore } from 'stripe-sandbox';
import type { Row } from '../lib/report.ts';
import { bareApi, bareCommit } from '../lib/sandbox-floor.ts';
import { call, type Life, liveAYear, startLife, subscribe } from '../lib/sandbox-life.ts';

const WARM_UP = 500;
const CALLS = 3000;
/** A monthly renewal: upcoming, period end, finalization. */
const TIMERS_PER_RENEWAL = 3;
const GROWTH = [250, 500, 1000];

/** The Stripe Sandbox by itself: calls, start, a year of renewals, memory. Its figures do not depend on Billow's database: measured once. */
export async function sandbox(a: { postgres: unknown }): Promise<Row[]> {
  if (a.postgres) return [];
  return [...(await calls()), ...start(), ...(await years()), ...(await growth()), ...memory()];
}

async function calls(): Promise<Row[]> {
  const life = await startLife();
  const { id } = await life.stripe.customers.create({ name: 'Bench' });
  const floor = await measure(bareCall(bareApi()));
  const reads = await measure(() => call(life, { method: 'GET', path: `/v1/customers/${id}` }));
  const writes = await measure((n) => call(life, { method: 'POST', path: '/v1/customers', body: 'name=Bench', key: `key_${n}` }));
  await life.sandbox.close();
  const database = await openPglite();
  const durable = await startLife({ store: postgresStore(database.pool) });
  const commit = await measure(await bareCommit(database.pool));
  const stored = await measure((n) => call(durable, { method: 'POST', path: '/v1/customers', body: 'name=Bench', key: `key_${n}` }));
  await durable.sandbox.close();
  await database.close();
  return [
    timed('sandbox GET, memory, p50', { ours: reads.p50, floor: floor.p50, most: 0.3 }),
    timed('sandbox GET, memory, p99', { ours: reads.p99, floor: floor.p99, most: 1 }),
    timed('sandbox POST, memory, p50', { ours: writes.p50, floor: floor.p50, most: 0.3 }),
    timed('sandbox POST, memory, p99', { ours: writes.p99, floor: floor.p99, most: 1 }),
    timed('sandbox POST, PGlite, p50', { ours: stored.p50, floor: commit.p50, most: writes.p50 + 1 }),
  ];
}

function bareCall(api: ReturnType<typeof bareApi>): () => Promise<void> {
  return () => api({ method: 'POST', body: 'name=Bench' });
}

function start(): Row[] {
  const { cold, warm } = ownProcess<{ cold: number; warm: number }>('sandbox-start', []);
  return [
    limited('sandbox created to first answer', { ours: warm, most: 50, unit: 'ms' }),
    limited('the same, modules cold', { ours: cold, most: 500, unit: 'ms' }),
  ];
}

async function years(): Promise<Row[]> {
  const inMemory = await yearOf(100);
  const database = await openPglite();
  const onPglite = await yearOf(100, () => startLife({ store: postgresStore(database.pool) }));
  await database.close();
  const timers = (100 * 12 * TIMERS_PER_RENEWAL) / inMemory;
  return [
    limited('a year of 100 monthly subscriptions, memory', { ours: inMemory, most: 3, unit: 's' }),
    limited('a year of 100 monthly subscriptions, PGlite', { ours: onPglite, most: 20, unit: 's' }),
    {
      name: 'timers a second, memory',
      ours: `${Math.round(timers)}/s`,
      floor: '2000/s',
      ratio: timers / 2000,
      target: '>= 1',
      reached: timers >= 2000,
    },
  ];
}

async function yearOf(subscriptions: number, open: () => Promise<Life> = startLife): Promise<number> {
  const life = await open();
  await subscribe(life, subscriptions);
  const seconds = await liveAYear(life, subscriptions);
  await life.sandbox.close();
  return seconds;
}

/** Each subscription costs the same, however many there are: four times as many may take at most 1.4 times as long apiece. */
async function growth(): Promise<Row[]> {
  const each: number[] = [];
  for (const count of GROWTH) each.push(((await yearOf(count)) * 1000) / count);
  const [small = 0, , large = 0] = each;
  return [
    {
      name: `a year of one of ${GROWTH.at(-1)} subscriptions (of ${GROWTH.slice(0, -1).join(', ')}: ${each
        .slice(0, -1)
        .map((ms) => ms.toFixed(1))
        .join(', ')} ms)`,
      ours: `${large.toFixed(1)} ms`,
      floor: `${small.toFixed(1)} ms`,
      ratio: large / small,
      target: '<= 1.4',
      reached: large <= 1.4 * small,
    },
  ];
}

function memory(): Row[] {
  const { objects, growth } = ownProcess<{ objects: number; growth: number }>('sandbox-memory', ['--expose-gc']);
  return [
    limited('100,000 objects with their events in memory', { ours: objects, most: 300, unit: 'MB' }),
    limited('heap growth by 40,000 further reads', { ours: Math.max(0, growth), most: 15, unit: 'MB' }),
  ];
}

function ownProcess<T>(name: string, flags: string[]): T {
  const file = join(import.meta.dirname, `../lib/${name}.ts`);
  return JSON.parse(execFileSync(process.execPath, [...flags, file], { encoding: 'utf8' })) as T;
}

async function measure(run: (n: number) => Promise<void>): Promise<{ p50: number; p99: number }> {
  const times: number[] = [];
  for (let n = 0; n < CALLS + WARM_UP; n++) {
    const started = performance.now();
    await run(n);
    if (n >= WARM_UP) times.push(performance.now() - started);
  }
  times.sort((x, y) => x - y);
  return { p50: times[Math.floor(CALLS / 2)] ?? 0, p99: times[Math.floor(CALLS * 0.99)] ?? 0 };
}

function timed(name: string, a: { ours: number; floor: number; most: number }): Row {
  const text = (ms: number) => `${ms.toFixed(3)} ms`;
  return {
    name,
    ours: text(a.ours),
    floor: text(a.floor),
    ratio: a.ours / a.floor,
    target: `<= ${text(a.most)}`,
    reached: a.ours <= a.most,
  };
}

/** No floor in sight: the ratio is to the target. */
function limited(name: string, a: { ours: number; most: number; unit: string }): Row {
  const target = `<= ${a.most} ${a.unit}`;
  return { name, ours: `${a.ours.toFixed(1)} ${a.unit}`, floor: '–', ratio: a.ours / a.most, target, reached: a.ours <= a.most };
}

async function openPglite() {
  const pglite = await PGlite.create('memory://');
  const config = createPgConfig(pglite) as unknown as pg.PoolConfig;
  const pool = new pg.Pool({ ...config, max: 1, idleTimeoutMillis: 0 });
  return {
    pool,
    async close() {
      await pool.end();
      await pglite.close();
    },
  };
}
