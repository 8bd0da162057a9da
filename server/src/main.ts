import { enableCompileCache } from 'node:module';
import { join } from 'node:path';
import { setFlagsFromString } from 'node:v8';
import { runInNewContext } from 'node:vm';
import { type Config, helpText, readConfig } from './config.ts';
import { type DataDir, DataDirInUse, openDataDir } from './kit/data-dir.ts';
import { SHUTDOWN_MS } from './kit/limits.ts';
import { hostClock, nextTurn } from './kit/machine-clock.ts';
import { isoSeconds } from './kit/time.ts';
import type { Server } from './start-server.ts';

/** The process: configuration, data directory, server, signals. Exit codes: 0 ended as asked, 1 cannot start, 2 another Billow is running. */
const VERSION = '0.1.0';
const CANNOT_START = 1;
const IN_USE = 2;
/** By then what was left undone is taken up. */
const AFTER_START_MS = 2_000;

const COMPILED = join(import.meta.dirname, '../../.cache/compile');
const PIECES = [
  () => import('zod'),
  () => import('fastify'),
  () => import('stripe-sandbox'),
  () => import('./providers/stripe/index.ts'),
  () => import('./emails/index.ts'),
  () => import('./rooms.ts'),
];

const clock = hostClock();
const args = process.argv.slice(2);
if (args.includes('--help')) process.stdout.write(helpText());
else await run();

async function run(): Promise<void> {
  try {
    const starting = start();
    endOnSignal(starting);
    process.stdout.write(greeting(await starting));
    clock.after(AFTER_START_MS, giveBack);
  } catch (error) {
    process.stderr.write(`${error instanceof Error ? error.message : String(error)}\n`);
    process.exit(error instanceof DataDirInUse ? IN_USE : CANNOT_START);
  }
}

async function start(): Promise<Server & { release(): void }> {
  const config = readConfig({ env: process.env, args });
  const startedAt = isoSeconds(clock.now());
  const dataDir = openDataDir({ path: config.dataDir, embedded: config.databaseUrl === null, startedAt, version: VERSION });
  const server = await loadAndStart({ config, dataDir });
  return { ...server, release: dataDir.release };
}

/** The database opens beside the loading of the code, which takes as long; between the pieces it gets its turns. */
async function loadAndStart(a: { config: Config; dataDir: DataDir }): Promise<Server> {
  // Stripping and compiling some hundred sources takes seconds; the kept result a fraction of one.
  enableCompileCache(COMPILED);
  const { openDatabase } = await import('./open-database.ts');
  const opening = openDatabase(a);
  // Said where it is awaited below.
  opening.catch(() => {});
  for (const piece of PIECES) {
    await nextTurn();
    await piece();
  }
  const { startServer } = await import('./start-server.ts');
  return startServer({ ...a, database: await opening });
}

/** What reading a thousand modules left behind goes back to the machine: V8 would keep it until the heap is full again. */
function giveBack(): void {
  setFlagsFromString('--expose-gc');
  const collect = runInNewContext('gc') as (how: { type: 'major'; execution: 'async'; flavor: 'last-resort' }) => Promise<void>;
  void collect({ type: 'major', execution: 'async', flavor: 'last-resort' });
}

function greeting(server: Server): string {
  const { dashboard_url, sign_in_url, stripe_sandbox, smtp } = server.firstRun;
  const lines = [
    `Billow is ready: ${dashboard_url}`,
    ...(sign_in_url === null ? [] : [`Sign in once (15 minutes): ${sign_in_url}`]),
    ...(stripe_sandbox === null ? [] : [`Stripe Sandbox: ${stripe_sandbox.url}`]),
    ...(smtp === null ? [] : [`Mailbox (SMTP): ${smtp.host}:${smtp.port}`]),
  ];
  return `${lines.join('\n')}\n`;
}

/** The first signal ends the server in order, once it has started; a second one, or 25 s, ends the process. */
function endOnSignal(starting: Promise<Server & { release(): void }>): void {
  let isEnding = false;
  const end = async () => {
    if (isEnding) process.exit(CANNOT_START);
    isEnding = true;
    clock.after(SHUTDOWN_MS, () => process.exit(CANNOT_START));
    const server = await starting;
    await server.close();
    server.release();
    process.exit(0);
  };
  for (const signal of ['SIGTERM', 'SIGINT'] as const) process.on(signal, () => void end());
}
