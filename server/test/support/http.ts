import { createHash } from 'node:crypto';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { readConfig } from '../../src/config.ts';
import { type DataDir, openDataDir } from '../../src/kit/data-dir.ts';
import type { Database } from '../../src/kit/engine.ts';
import type { MachineClock } from '../../src/kit/machine-clock.ts';
import { type Server, startServer } from '../../src/start-server.ts';
import { openTestDatabase } from './kit.ts';

// biome-ignore lint/suspicious/noExplicitAny: tests look into answers of every shape
export type HttpAnswer = { status: number; headers: Headers; body: any };
export type CallOptions = { key?: string | null; headers?: Record<string, string>; raw?: string };
export type HttpInput = { machineClock?: MachineClock; verbose?: boolean; env?: Record<string, string> };

export type RunningServer = {
  /** The one that runs now; another after `restart`. */
  readonly server: Server;
  readonly url: string;
  /** Where first-run.json lies. */
  folder: string;
  apiKey: string;
  environmentId: string;
  /** One JSON call; with the first API key unless `key` says another (null: none). */
  call(method: string, path: string, body?: unknown, options?: CallOptions): Promise<HttpAnswer>;
  /** Stops the server in order. */
  stop(): Promise<void>;
  /** Starts it again on the same database and data directory, on other ports. Stops it first where it runs. */
  restart(): Promise<void>;
  close(): Promise<void>;
};

/** The whole server in this process on free ports, with a database of its own and a temporary data directory. */
export async function startHttp(a: HttpInput = {}): Promise<RunningServer> {
  const folder = mkdtempSync(join(tmpdir(), 'billow-http-'));
  const database = await openTestDatabase();
  let running: Started | null = await start(a, { folder, database });
  let last = running;
  const stop = async () => {
    await running?.server.close();
    running?.dataDir.release();
    running = null;
  };
  const apiKey = running.server.firstRun.api_key ?? '';
  return {
    get server() {
      return last.server;
    },
    get url() {
      return last.server.url;
    },
    folder,
    apiKey,
    environmentId: running.server.firstRun.environment_id,
    call: (method, path, body, options = {}) =>
      call({ url: last.server.url, key: options.key === undefined ? apiKey : options.key, method, path, body, options }),
    stop,
    restart: async () => {
      await stop();
      running = await start(a, { folder, database });
      last = running;
    },
    close: async () => {
      await stop();
      await database.close();
      rmSync(folder, { recursive: true, force: true });
    },
  };
}

type Started = { server: Server; dataDir: DataDir };

async function start(a: HttpInput, on: { folder: string; database: Database }): Promise<Started> {
  const config = readConfig({
    env: {
      BILLOW_PORT: '0',
      BILLOW_STRIPE_SANDBOX_PORT: '0',
      BILLOW_SMTP_PORT: '0',
      BILLOW_DATA_DIR: on.folder,
      BILLOW_MASTER_KEY: createHash('sha256').update(on.folder).digest('base64'),
      BILLOW_LOG_LEVEL: a.verbose ? 'debug' : 'silent',
      ...a.env,
    },
  });
  const dataDir = openDataDir({ path: on.folder, embedded: true, startedAt: 'test', version: 'test' });
  // The database outlives the server, as it does on a disk.
  const database = { ...on.database, close: async () => {} };
  const server = await startServer({ config, dataDir, database, ...(a.machineClock ? { machineClock: a.machineClock } : {}) });
  return { server, dataDir };
}

type Call = { url: string; key: string | null; method: string; path: string; body: unknown; options: CallOptions };

async function call(a: Call): Promise<HttpAnswer> {
  const text = a.options.raw ?? (a.body === undefined ? undefined : JSON.stringify(a.body));
  const response = await fetch(`${a.url}${a.path}`, {
    method: a.method,
    redirect: 'manual',
    headers: {
      ...(text === undefined ? {} : { 'content-type': 'application/json' }),
      ...(a.key === null ? {} : { authorization: `Bearer ${a.key}` }),
      ...a.options.headers,
    },
    ...(text === undefined ? {} : { body: text }),
  });
  const answer = await response.text();
  const isJson = response.headers.get('content-type')?.includes('json') === true && answer !== '';
  return { status: response.status, headers: response.headers, body: isJson ? JSON.parse(answer) : answer };
}
