import { execFileSync, spawn } from 'node:child_process';
import { chmodSync, chownSync, mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { createServer } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as wait } from 'node:timers/promises';
import { findPostgres } from './machine.ts';

const START_TIMEOUT_MS = 30_000;
const LOOK_EVERY_MS = 20;
const MAX_CONNECTIONS = 200;

const COMMON = {
  max_connections: String(MAX_CONNECTIONS),
  shared_buffers: '64MB',
  listen_addresses: '127.0.0.1',
  unix_socket_directories: '',
  timezone: 'UTC',
};
/** Where durability is not under test nothing waits for the disk. */
const FAST = { fsync: 'off', synchronous_commit: 'off', full_page_writes: 'off' };

export type Postgres = { url: string; stop(): Promise<void> };

/**
 * Starts an empty PostgreSQL on a free port of 127.0.0.1; `stop` ends it and removes its files (so does the death of this process).
 * `durable` keeps fsync on, as a benchmark must.
 */
export async function startPostgres(a: { durable: boolean }): Promise<Postgres> {
  const bin = findPostgres();
  if (!bin) throw new Error('PostgreSQL 15 or later (initdb, postgres) is needed: install it or set BILLOW_POSTGRES_BIN');
  const owner = unprivilegedOwner();
  const folder = mkdtempSync(join(tmpdir(), 'billow-pg-'));
  if (owner) chownSync(folder, owner.uid, owner.gid);
  chmodSync(folder, 0o700);
  const data = join(folder, 'data');
  const run = { cwd: '/', stdio: ['ignore', 'ignore', 'pipe'] as ['ignore', 'ignore', 'pipe'], ...owner };
  execFileSync(join(bin, 'initdb'), ['--no-sync', '--auth=trust', '--username=postgres', '--encoding=UTF8', '--locale=C', '-D', data], run);
  const port = await freePort();
  const stop = await start({ bin, folder, data, port, owner, settings: a.durable ? COMMON : { ...COMMON, ...FAST } });
  return {
    url: `postgres://postgres@127.0.0.1:${port}/postgres`,
    stop: async () => {
      await stop();
      rmSync(folder, { recursive: true, force: true });
    },
  };
}

type Owner = { uid: number; gid: number };

/** PostgreSQL refuses to run as root, so root lends it the account its package made. */
function unprivilegedOwner(): Owner | undefined {
  if (process.getuid?.() !== 0) return undefined;
  const id = (flag: string) => Number(execFileSync('id', [flag, 'postgres'], { encoding: 'utf8' }).trim());
  return { uid: id('-u'), gid: id('-g') };
}

/** The server lives as long as the shell's standard input is open: it ends, and its files go, even when we are killed with -9. */
const KEEPER = 'folder=$1; shift; "$@" </dev/null & server=$!; cat >/dev/null; kill -QUIT $server; wait $server; rm -rf "$folder"';

async function start(input: {
  bin: string;
  folder: string;
  data: string;
  port: number;
  owner: Owner | undefined;
  settings: Record<string, string>;
}): Promise<() => Promise<void>> {
  const settings = Object.entries(input.settings).flatMap(([name, value]) => ['-c', `${name}=${value}`]);
  const command = [join(input.bin, 'postgres'), '-D', input.data, '-p', String(input.port), ...settings];
  const keeper = spawn('sh', ['-c', KEEPER, 'sh', input.folder, ...command], {
    cwd: '/',
    detached: true,
    stdio: ['pipe', 'ignore', 'ignore'],
    ...input.owner,
  });
  const ended = new Promise<void>((resolve) => keeper.once('exit', () => resolve()));
  await ready(input.data);
  return async () => {
    keeper.stdin.end();
    await ended;
  };
}

/** The eighth line of postmaster.pid says "ready" once connections are accepted (this is what pg_ctl -w looks at). */
async function ready(data: string): Promise<void> {
  for (let waited = 0; waited < START_TIMEOUT_MS; waited += LOOK_EVERY_MS) {
    if (statusLine(data) === 'ready') return;
    await wait(LOOK_EVERY_MS);
  }
  throw new Error(`PostgreSQL did not become ready within ${START_TIMEOUT_MS / 1000} s`);
}

function statusLine(data: string): string | undefined {
  try {
    return readFileSync(join(data, 'postmaster.pid'), 'utf8').split('\n')[7]?.trim();
  } catch {
    return undefined;
  }
}

async function freePort(): Promise<number> {
  const probe = createServer();
  await new Promise<void>((resolve) => probe.listen(0, '127.0.0.1', resolve));
  const address = probe.address();
  await new Promise((resolve) => probe.close(resolve));
  if (!address || typeof address === 'string') throw new Error('No free port');
  return address.port;
}
