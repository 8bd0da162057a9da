import { setTimeout as wait } from 'node:timers/promises';
import type { Postgres } from '../../scripts/lib/postgres.ts';
import { residentMb, startServer } from '../../scripts/lib/server-process.ts';
import { freshDatabase } from '../lib/databases.ts';
import { startFloor } from '../lib/floor.ts';
import { median, type Row } from '../lib/report.ts';

const ROUNDS = 3;
/** Memory is read once garbage of the start has had time to go. */
const SETTLE_MS = 5_000;
const RESPECTABLE_START = 2;
const RESPECTABLE_MEMORY = 1.5;

type Samples = { first: number[]; warm: number[]; memory: number[] };

/** Time to the first 200 of /readyz on a new and on a used data directory, and settled memory, against a bare database and HTTP server. */
export async function startAndMemory(a: { postgres: Postgres | null }): Promise<Row[]> {
  const ours: Samples = { first: [], warm: [], memory: [] };
  const floor: Samples = { first: [], warm: [], memory: [] };
  for (let round = 0; round < ROUNDS; round++) {
    await floorRound({ samples: floor, databaseUrl: await freshDatabase(a.postgres) });
    await ourRound({ samples: ours, databaseUrl: await freshDatabase(a.postgres) });
  }
  const engine = a.postgres ? 'PostgreSQL' : 'PGlite';
  return [
    row({ name: `first start, ${engine}`, ours: ours.first, floor: floor.first, unit: 'ms', respectable: RESPECTABLE_START }),
    row({ name: `later start, ${engine}`, ours: ours.warm, floor: floor.warm, unit: 'ms', respectable: RESPECTABLE_START }),
    row({ name: `settled memory, ${engine}`, ours: ours.memory, floor: floor.memory, unit: 'MB', respectable: RESPECTABLE_MEMORY }),
  ];
}

async function ourRound(a: { samples: Samples; databaseUrl: string | null }): Promise<void> {
  const first = await startServer({ databaseUrl: a.databaseUrl });
  a.samples.first.push(first.readyMs);
  await first.stop({ keepData: true });
  const warm = await startServer({ databaseUrl: a.databaseUrl, dataDir: first.dataDir });
  a.samples.warm.push(warm.readyMs);
  await wait(SETTLE_MS);
  a.samples.memory.push(residentMb(warm.child.pid ?? 0));
  await warm.stop();
}

async function floorRound(a: { samples: Samples; databaseUrl: string | null }): Promise<void> {
  const first = await startFloor({ name: 'idle', databaseUrl: a.databaseUrl });
  a.samples.first.push(first.readyMs);
  await first.stop({ keepData: true });
  const warm = await startFloor({ name: 'idle', databaseUrl: a.databaseUrl, folder: first.folder, env: { FLOOR_WARM: '1' } });
  a.samples.warm.push(warm.readyMs);
  await wait(SETTLE_MS);
  a.samples.memory.push(residentMb(warm.pid));
  await warm.stop();
}

/** Here less is better: the ratio is ours to the floor. */
function row(a: { name: string; ours: number[]; floor: number[]; unit: string; respectable: number }): Row {
  const ratio = median(a.ours) / median(a.floor);
  return {
    name: a.name,
    ours: `${Math.round(median(a.ours))} ${a.unit}`,
    floor: `${Math.round(median(a.floor))} ${a.unit}`,
    ratio,
    target: `<= ${a.respectable}`,
    reached: ratio <= a.respectable,
  };
}
