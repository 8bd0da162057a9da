import { type ChildProcess, spawn } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync, statSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, expect, test } from 'vitest';

const START_MS = 60_000;
const folder = mkdtempSync(join(tmpdir(), 'billow-main-'));
const children: ChildProcess[] = [];
afterAll(() => {
  for (const child of children) if (child.exitCode === null) child.kill('SIGKILL');
  rmSync(folder, { recursive: true, force: true });
});

type Run = { child: ChildProcess; output(): string; ended: Promise<number | null> };

function run(env: Record<string, string> = {}, args: string[] = []): Run {
  const child = spawn(process.execPath, [join(import.meta.dirname, 'main.ts'), ...args], {
    env: {
      PATH: process.env.PATH ?? '',
      BILLOW_DATA_DIR: folder,
      BILLOW_PORT: '0',
      BILLOW_SMTP_PORT: '0',
      BILLOW_STRIPE_SANDBOX_PORT: '0',
      BILLOW_LOG_LEVEL: 'error',
      ...env,
    },
    stdio: ['ignore', 'pipe', 'pipe'],
  });
  children.push(child);
  let text = '';
  for (const stream of [child.stdout, child.stderr]) stream?.on('data', (chunk: Buffer) => (text += chunk.toString()));
  return { child, output: () => text, ended: new Promise((resolve) => child.once('exit', resolve)) };
}

async function ready(one: Run): Promise<string> {
  for (let waited = 0; waited < START_MS; waited += 50) {
    const url = /Billow is ready: (\S+)/.exec(one.output())?.[1];
    if (url !== undefined) return url;
    if (one.child.exitCode !== null) break;
    await new Promise((resolve) => setTimeout(resolve, 50));
  }
  throw new Error(`The server did not start: ${one.output()}`);
}

const firstRun = () => JSON.parse(readFileSync(join(folder, 'first-run.json'), 'utf8'));

test('[7.3] first start, a second one beside it, a kill, a restart and a clean end', async () => {
  const first = run();
  const url = await ready(first);
  expect((await fetch(`${url}/readyz`)).status).toBe(200);
  const file = firstRun();
  expect(file).toMatchObject({
    dashboard_url: url,
    api_key: expect.stringMatching(/^bk_sandbox_/),
    sign_in_url: expect.stringContaining(`${url}/welcome#`),
  });
  expect(Object.keys(file)).toEqual([
    'dashboard_url',
    'sign_in_url',
    'environment_id',
    'api_key',
    'connection_id',
    'webhook_url',
    'webhook_secret',
    'stripe_sandbox',
    'smtp',
  ]);
  expect(statSync(join(folder, 'first-run.json')).mode & 0o777).toBe(0o600);
  const second = run();
  expect(await second.ended).toBe(2);
  expect(second.output().trim()).toMatch(/^Another Billow \(pid \d+, started \S+\) uses this data directory: \S+$/);
  first.child.kill('SIGKILL');
  await first.ended;
  const third = run();
  const again = await ready(third);
  const kept = firstRun();
  expect([kept.api_key, kept.environment_id, kept.dashboard_url]).toEqual([file.api_key, file.environment_id, again]);
  expect(kept.sign_in_url).not.toBe(file.sign_in_url);
  const me = await fetch(`${again}/v1/me`, { headers: { authorization: `Bearer ${kept.api_key}` } });
  expect(me.status).toBe(200);
  third.child.kill('SIGTERM');
  expect(await third.ended).toBe(0);
}, 180_000);

test('a wrong variable and --help end at once with one sentence or the list', async () => {
  const wrong = run({ BILLOW_PORT: 'many' });
  expect(await wrong.ended).toBe(1);
  expect(wrong.output().trim()).toBe('BILLOW_PORT must be a port number from 0 to 65535, not "many".');
  const help = run({}, ['--help']);
  expect(await help.ended).toBe(0);
  expect(help.output()).toContain('BILLOW_MASTER_KEY');
}, 60_000);
