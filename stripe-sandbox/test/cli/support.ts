/** The real Stripe CLI against a Sandbox on 127.0.0.1: an empty home, no telemetry, no way out to the internet. */
import { type ChildProcess, spawn } from 'node:child_process';
import { existsSync, mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { createRequire } from 'node:module';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import Stripe from 'stripe';
import { createSandbox, type Sandbox, type SandboxOptions, seededRandom } from '../../src/index.ts';

const ROOT = fileURLToPath(new URL('../../../', import.meta.url));
const SHARED = process.env.BILLOW_SHARED ?? join(ROOT, '../shared');
const COMMAND_MS = 40_000;
const WAIT_MS = 15_000;
const POLL_MS = 25;
/** Nothing listens there: what the CLI wants from the internet (its own new versions, stripe.com) fails at once. */
const DEAD_END = 'http://127.0.0.1:9';
export const IS_CI = Boolean(process.env.CI) && process.env.CI !== 'false';

/** Path of the CLI: `BILLOW_STRIPE_CLI`, else the package of this platform; null with a word on stderr when there is none. */
export const CLI = findCli();

/** With CI set a missing CLI is a failure, not a skip. */
export const CLI_IS_MISSING = CLI === null && !IS_CI;

function findCli(): string | null {
  const named = process.env.BILLOW_STRIPE_CLI;
  if (named) return named;
  const require = createRequire(import.meta.url);
  try {
    const manifest = require.resolve(`@stripe/cli-${process.platform}-${process.arch}/package.json`);
    const program = join(dirname(manifest), 'bin', process.platform === 'win32' ? 'stripe.exe' : 'stripe');
    if (existsSync(program)) return program;
  } catch {
    // Not installed for this platform.
  }
  console.warn(`SKIPPED: no Stripe CLI for ${process.platform}-${process.arch}; name one with BILLOW_STRIPE_CLI=/path/to/stripe`);
  return null;
}

export type Result = { code: number; output: string; stdout: string };
export type Running = { output(): string; saw(text: string | RegExp): Promise<void>; stop(): Promise<number> };
export type CliAccount = {
  account: string;
  stripe: Stripe;
  /** Runs a command to its end. */
  run(...args: string[]): Promise<Result>;
  /** Starts one that keeps running. */
  start(...args: string[]): Running;
};
export type CliWorld = {
  sandbox: Sandbox;
  url: string;
  account(options?: { name?: string; virtual?: boolean }): Promise<CliAccount>;
  close(): Promise<void>;
};

/** A Sandbox with contract checks on: an answer or event that breaks the SDK's types is a 500, so the command fails. */
export async function openCliWorld(options: SandboxOptions = {}): Promise<CliWorld> {
  const sandbox = await createSandbox({ random: seededRandom(1), validateResponses: true, ...options });
  const { url, port } = await sandbox.listen(0);
  const home = mkdtempSync(join(tmpdir(), 'stripe-cli-'));
  const running = new Set<ChildProcess>();
  return {
    sandbox,
    url,
    async account({ name = 'Acme', virtual = false } = {}) {
      const now = Math.floor(Date.now() / 1000);
      const access = await sandbox.control.createAccount({ name, ...(virtual ? { clock: { mode: 'virtual', now } } : {}) });
      const command = (args: string[]) => spawnCli({ home, running }, ['--api-key', access.secretKey, '--api-base', url, ...args]);
      return {
        account: access.account,
        stripe: new Stripe(access.secretKey, { host: '127.0.0.1', port, protocol: 'http', telemetry: false, maxNetworkRetries: 0 }),
        run: (...args) => toEnd(command(args)),
        start: (...args) => keepRunning(command(args)),
      };
    },
    async close() {
      await Promise.all([...running].map((child) => endOf(child, 'SIGTERM')));
      await sandbox.close();
      rmSync(home, { recursive: true, force: true });
    },
  };
}

/** Every one of the items, at most `parallel` at the same time. */
export async function eachOf<T>(items: readonly T[], parallel: number, work: (item: T) => Promise<void>): Promise<void> {
  const queue = [...items];
  const worker = async (): Promise<void> => {
    for (let item = queue.shift(); item !== undefined; item = queue.shift()) await work(item);
  };
  await Promise.all(Array.from({ length: parallel }, worker));
}

/** Asks until the answer is true; an error that says what was waited for after 15 seconds. */
export async function until(what: string, isSo: () => boolean | Promise<boolean>): Promise<void> {
  const end = Date.now() + WAIT_MS;
  while (!(await isSo())) {
    if (Date.now() > end) throw new Error(`Waited in vain until ${what}.`);
    await new Promise((resolve) => setTimeout(resolve, POLL_MS));
  }
}

/** A file of the shared Stripe material, or null where that is not there. */
export function sharedJson<T>(name: string): T | null {
  const file = join(SHARED, 'stripe', name);
  if (existsSync(file)) return JSON.parse(readFileSync(file, 'utf8')) as T;
  if (IS_CI) throw new Error(`${file} must be there in CI.`);
  console.warn(`SKIPPED: no ${file}`);
  return null;
}

function spawnCli(world: { home: string; running: Set<ChildProcess> }, args: string[]): ChildProcess {
  if (CLI === null) throw new Error('There is no Stripe CLI here.');
  const child = spawn(CLI, args, {
    stdio: ['ignore', 'pipe', 'pipe'],
    env: {
      HOME: world.home,
      USERPROFILE: world.home,
      XDG_CONFIG_HOME: world.home,
      PATH: process.env.PATH,
      STRIPE_CLI_TELEMETRY_OPTOUT: '1',
      HTTPS_PROXY: DEAD_END,
      NO_PROXY: '127.0.0.1',
    },
  });
  world.running.add(child);
  child.once('exit', () => world.running.delete(child));
  return child;
}

function toEnd(child: ChildProcess): Promise<Result> {
  let output = '';
  let stdout = '';
  child.stdout!.on('data', (chunk) => {
    output += chunk;
    stdout += chunk;
  });
  child.stderr!.on('data', (chunk) => {
    output += chunk;
  });
  const timer = setTimeout(() => child.kill('SIGKILL'), COMMAND_MS);
  return new Promise((resolve, reject) => {
    child.once('error', reject);
    child.once('close', (code) => {
      clearTimeout(timer);
      resolve({ code: code ?? -1, output, stdout });
    });
  });
}

function keepRunning(child: ChildProcess): Running {
  let output = '';
  child.stdout!.on('data', (chunk) => {
    output += chunk;
  });
  child.stderr!.on('data', (chunk) => {
    output += chunk;
  });
  const has = (text: string | RegExp) => (typeof text === 'string' ? output.includes(text) : text.test(output));
  return {
    output: () => output,
    saw: (text) => until(`the CLI says ${text}; it said:\n${output}`, () => has(text)),
    stop: () => endOf(child, 'SIGINT'),
  };
}

function endOf(child: ChildProcess, signal: NodeJS.Signals): Promise<number> {
  if (child.exitCode !== null) return Promise.resolve(child.exitCode);
  return new Promise((resolve) => {
    child.once('exit', (code) => resolve(code ?? -1));
    child.kill(signal);
  });
}
