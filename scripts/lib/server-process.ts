import { type ChildProcess, spawn } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync, statSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as wait } from 'node:timers/promises';

const ROOT = join(import.meta.dirname, '../..');
const READY_TIMEOUT_MS = 60_000;
const LOOK_EVERY_MS = 5;

export type FirstRun = {
  dashboard_url: string;
  sign_in_url: string | null;
  environment_id: string;
  api_key: string;
  connection_id: string;
  webhook_url: string;
  webhook_secret: string;
  stripe_sandbox: { url: string; secret_key: string };
  smtp: { host: string; port: number };
};
export type Started = {
  child: ChildProcess;
  dataDir: string;
  firstRun: FirstRun;
  readyMs: number;
  stop(a?: { keepData?: boolean }): Promise<void>;
};

/** `sandboxPort`: where the Stripe Sandbox has to be found again after a restart; default any free port. */
export type StartOptions = { databaseUrl?: string | null; dataDir?: string; role?: string; sandboxPort?: number };

/** Starts the server as its own process on free ports and waits until /readyz answers 200. */
export async function startServer(a: StartOptions = {}): Promise<Started> {
  const dataDir = a.dataDir ?? mkdtempSync(join(tmpdir(), 'billow-run-'));
  const started = performance.now();
  const child = spawn(process.execPath, [join(ROOT, 'server/src/main.ts')], {
    cwd: ROOT,
    stdio: ['ignore', 'ignore', 'inherit'],
    env: {
      ...process.env,
      // What setup.mjs does through lib/root.ts: stripped and compiled sources are kept between starts.
      NODE_COMPILE_CACHE: join(ROOT, '.cache/compile'),
      BILLOW_DATA_DIR: dataDir,
      BILLOW_PORT: '0',
      BILLOW_STRIPE_SANDBOX_PORT: String(a.sandboxPort ?? 0),
      BILLOW_SMTP_PORT: '0',
      BILLOW_LOG_LEVEL: 'error',
      BILLOW_ROLE: a.role ?? 'all',
      DATABASE_URL: a.databaseUrl ?? '',
    },
  });
  const firstRun = await ready({ child, dataDir, since: Date.now() });
  const readyMs = performance.now() - started;
  return {
    child,
    dataDir,
    firstRun,
    readyMs,
    stop: async (options = {}) => {
      await ended(child);
      if (!options.keepData) rmSync(dataDir, { recursive: true, force: true });
    },
  };
}

/** Resident memory of a process in MB (Linux). */
export function residentMb(pid: number): number {
  const line = /VmRSS:\s+(\d+) kB/.exec(readFileSync(`/proc/${pid}/status`, 'utf8'));
  return Number(line?.[1] ?? 0) / 1024;
}

/** Ends a process we started and waits for it. */
export async function ended(child: ChildProcess): Promise<void> {
  if (child.exitCode !== null || child.signalCode !== null) return;
  const gone = new Promise<void>((resolve) => child.once('exit', () => resolve()));
  child.kill('SIGTERM');
  await gone;
}

async function ready(a: { child: ChildProcess; dataDir: string; since: number }): Promise<FirstRun> {
  for (let waited = 0; waited < READY_TIMEOUT_MS; waited += LOOK_EVERY_MS) {
    if (a.child.exitCode !== null) throw new Error(`The server ended with code ${a.child.exitCode} before it was ready`);
    const firstRun = readFirstRun(a.dataDir, a.since);
    if (firstRun && (await answers(new URL('/readyz', firstRun.dashboard_url)))) return firstRun;
    await wait(LOOK_EVERY_MS);
  }
  throw new Error('The server was not ready in time');
}

/** The file is written again at every start, since free ports may have changed; an older one belongs to the start before. */
function readFirstRun(dataDir: string, since: number): FirstRun | null {
  const file = join(dataDir, 'first-run.json');
  try {
    return statSync(file).mtimeMs < since ? null : (JSON.parse(readFileSync(file, 'utf8')) as FirstRun);
  } catch {
    return null;
  }
}

async function answers(url: URL): Promise<boolean> {
  return fetch(url).then(
    (answer) => answer.status === 200,
    () => false,
  );
}
