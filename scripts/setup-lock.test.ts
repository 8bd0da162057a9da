import { type ChildProcess, spawn } from 'node:child_process';
import { mkdirSync, mkdtempSync, readdirSync, rmSync, utimesSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as wait } from 'node:timers/promises';
import { pathToFileURL } from 'node:url';
import { afterEach, beforeEach, expect, test } from 'vitest';

type Held = { child: (pid: number) => void; release: () => void };
type Acquire = (folder: string, say: (text: string) => void) => Promise<Held>;

/** Plain JavaScript, since it runs before anything is installed: its type is said here. */
const lockModule = join(import.meta.dirname, 'setup-lock.mjs');
const { acquire } = (await import(pathToFileURL(lockModule).href)) as { acquire: Acquire };

/** Starts that install at the same time, some of them killed: at each moment one of them works. */
let folder: string;
let lock: string;
const children: ChildProcess[] = [];

beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'billow-lock-'));
  lock = join(folder, 'setup.lock');
});
afterEach(() => {
  for (const child of children.splice(0)) child.kill('SIGKILL');
  rmSync(folder, { recursive: true, force: true });
});

const silent = () => undefined;

test('a free lock is taken at once and leaves nothing behind', async () => {
  const held = await acquire(lock, silent);
  expect(readdirSync(lock)).toHaveLength(1);
  held.release();
  expect(readdirSync(folder)).toEqual([]);
});

test('a second start waits until the first is done, and says for whom', async () => {
  const first = await acquire(lock, silent);
  const said: string[] = [];
  let isTaken = false;
  const second = acquire(lock, (text) => said.push(text)).then((held) => {
    isTaken = true;
    return held;
  });
  await wait(600);
  expect(isTaken).toBe(false);
  expect(said).toEqual([expect.stringContaining(`process ${process.pid}`)]);
  first.release();
  (await second).release();
});

test('the lock of a process that was killed is taken over after it has been silent', async () => {
  mkdirSync(lock);
  const dead = join(lock, 'holder-4190001-1');
  writeFileSync(dead, '');
  const longAgo = new Date(Date.now() - 60_000);
  utimesSync(dead, longAgo, longAgo);
  const held = await acquire(lock, silent);
  expect(readdirSync(lock)).toEqual([expect.stringMatching(new RegExp(`^holder-${process.pid}-`))]);
  held.release();
});

test('a process id that was given to another process since does not hold the lock', async () => {
  mkdirSync(lock);
  const reused = join(lock, `holder-${process.pid}-1`);
  writeFileSync(reused, '');
  const longAgo = new Date(Date.now() - 60_000);
  utimesSync(reused, longAgo, longAgo);
  (await acquire(lock, silent)).release();
});

test('an install whose start was killed is waited for before the next begins', async () => {
  const orphan = spawn(process.execPath, ['-e', 'setTimeout(() => {}, 60000)'], { stdio: 'ignore' });
  children.push(orphan);
  const first = await acquire(lock, silent);
  first.child(orphan.pid ?? 0);
  const own = readdirSync(lock).find((name) => name.startsWith('holder-')) ?? '';
  const longAgo = new Date(Date.now() - 60_000);
  rmSync(join(lock, own));
  writeFileSync(join(lock, 'holder-4190001-1'), '');
  utimesSync(join(lock, 'holder-4190001-1'), longAgo, longAgo);
  let isTaken = false;
  const next = acquire(lock, silent).then((held) => {
    isTaken = true;
    return held;
  });
  await wait(700);
  expect(isTaken).toBe(false);
  orphan.kill('SIGKILL');
  (await next).release();
});

test('of eight starts at once one works at a time', async () => {
  let working = 0;
  let most = 0;
  const starts = Array.from({ length: 8 }, async (_, index) => {
    const child = spawn(process.execPath, ['--input-type=module', '-e', worker(index)], { stdio: ['ignore', 'pipe', 'inherit'] });
    children.push(child);
    for await (const chunk of child.stdout.setEncoding('utf8')) {
      for (const word of String(chunk).trim().split('\n')) working += word === 'in' ? 1 : -1;
      most = Math.max(most, working);
    }
  });
  await Promise.all(starts);
  expect(most).toBe(1);
});

/** "out" is said before the lock is given back, so two that overlap show as two inside. */
function worker(index: number): string {
  return `import { acquire } from ${JSON.stringify(pathToFileURL(lockModule).href)};
    const held = await acquire(${JSON.stringify(lock)}, () => {});
    await new Promise((done) => process.stdout.write('in\\n', done));
    await new Promise((done) => setTimeout(done, ${20 + index}));
    await new Promise((done) => process.stdout.write('out\\n', done));
    held.release();`;
}
