import type { Postgres } from '../../scripts/lib/postgres.ts';
import { startServer } from '../../scripts/lib/server-process.ts';
import { freshDatabase } from '../lib/databases.ts';
import { startFloor } from '../lib/floor.ts';
import { type LoadResult, sendAll, signedEvents } from '../lib/load.ts';
import { median, type Row } from '../lib/report.ts';

const ROUNDS = 3;
const SECONDS = 1.5;
const CONNECTIONS = 16;
const EVENTS_PER_ROUND = 20_000;
const FLOOR_SECRET = 'whsec_floor';
const API_VERSION = '2026-10-28.endive';
const RESPECTABLE = 0.6;

/** Webhooks verified, stored and answered per second, against the least code that does the same, on the given database. */
export async function webhooks(a: { postgres: Postgres | null }): Promise<Row[]> {
  const ours = await startServer({ databaseUrl: await freshDatabase(a.postgres), role: 'web' });
  const floor = await startFloor({ name: 'webhook', databaseUrl: await freshDatabase(a.postgres), env: { FLOOR_SECRET } });
  const rounds = { ours: [] as LoadResult[], floor: [] as LoadResult[] };
  const round = async (name: 'ours' | 'floor', url: string, secret: string) => {
    const events = signedEvents({ count: EVENTS_PER_ROUND, secret, type: 'customer.updated', account: '', apiVersion: API_VERSION });
    rounds[name].push(await sendAll({ url, events, connections: CONNECTIONS, seconds: SECONDS }));
  };
  try {
    for (let n = 0; n < ROUNDS; n++) {
      await round('floor', `${floor.url}/webhook`, FLOOR_SECRET);
      await round('ours', ours.firstRun.webhook_url, ours.firstRun.webhook_secret);
    }
  } finally {
    await floor.stop();
    await ours.stop();
  }
  return [toRow({ engine: a.postgres ? 'PostgreSQL' : 'PGlite', ...rounds })];
}

function toRow(a: { engine: string; ours: LoadResult[]; floor: LoadResult[] }): Row {
  const failures = [...a.ours, ...a.floor].reduce((sum, result) => sum + result.failures, 0);
  if (failures > 0) throw new Error(`${failures} webhooks were not answered 200: the figure would mean nothing`);
  const rate = (results: LoadResult[]) => median(results.map((result) => result.perSecond));
  const p99 = median(a.ours.map((result) => result.p99Ms));
  const ratio = rate(a.ours) / rate(a.floor);
  return {
    name: `webhook accepted, ${CONNECTIONS} connections, ${a.engine}`,
    ours: `${Math.round(rate(a.ours))}/s, p99 ${p99.toFixed(1)} ms`,
    floor: `${Math.round(rate(a.floor))}/s`,
    ratio,
    target: `>= ${RESPECTABLE}`,
    reached: ratio >= RESPECTABLE,
  };
}
