/** What a stranger gets: the packed package, installed into an empty folder, without anything else of this repository. */
import { type ChildProcess, spawn, spawnSync } from 'node:child_process';
import { cpSync, mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import Stripe from 'stripe';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { buildPackage } from '../../scripts/build-package.ts';

const ROOT = join(import.meta.dirname, '../../..');
const EXAMPLE = join(import.meta.dirname, '../../examples/vitest');
/** No proxy, no registry: whatever tries to reach the network fails. */
const ENV = { PATH: process.env.PATH ?? '', HOME: tmpdir(), npm_config_offline: 'true', npm_config_registry: 'http://127.0.0.1:9' };

let folder: string;
let tarball: string;
beforeAll(() => {
  folder = mkdtempSync(join(tmpdir(), 'stripe-sandbox-package-'));
  buildPackage(join(folder, 'built'));
  const packed = run('npm', ['pack', '--json', '--ignore-scripts', '--pack-destination', folder], join(folder, 'built'));
  tarball = readdirSync(folder).find((name) => name.endsWith('.tgz')) ?? '';
  expect(packed).toContain('bin/stripe-sandbox.mjs');
  mkdirSync(join(folder, 'user'));
  cpSync(EXAMPLE, join(folder, 'user'), { recursive: true });
  // What a user has besides: their test runner and Stripe's SDK, taken from here because there is no network.
  writeFileSync(join(folder, 'user/package.json'), '{ "private": true, "type": "module" }');
  run('npm', ['install', '--offline', '--no-audit', '--no-fund', '--ignore-scripts', join(folder, tarball)], join(folder, 'user'));
  for (const name of ['vitest', 'stripe']) symlinkSync(join(ROOT, 'node_modules', name), join(folder, 'user/node_modules', name));
});
afterAll(() => rmSync(folder, { recursive: true, force: true }));

function run(program: string, args: string[], cwd: string): string {
  const { status, stdout, stderr, error } = spawnSync(program, args, { cwd, encoding: 'utf8', env: ENV });
  if (status !== 0) throw new Error(`${program} ${args.join(' ')} ended with ${status ?? String(error)}:\n${stdout}${stderr}`);
  return stdout;
}

describe('the published package', () => {
  it('is JavaScript with types and nothing of the workspace', () => {
    const installed = join(folder, 'user/node_modules/stripe-sandbox');
    const files = readdirSync(installed, { recursive: true, encoding: 'utf8' });
    expect(
      files.filter(
        (name) =>
          (name.startsWith('lib') && /(?<!\.d)\.ts$/.test(name)) ||
          (name.startsWith('lib') && /\.test\./.test(name)) ||
          name.includes('test-world'),
      ),
    ).toEqual([]);
    expect(files).toEqual(expect.arrayContaining(['lib/index.js', 'lib/index.d.ts', 'lib/contract/routes.json', 'README.md', 'LICENSE']));
    const manifest = JSON.parse(readFileSync(join(installed, 'package.json'), 'utf8'));
    expect(manifest).toMatchObject({ name: 'stripe-sandbox', engines: { node: '>=22.1' }, bin: { 'stripe-sandbox': expect.any(String) } });
    const code = files.filter((name) => name.endsWith('.js')).map((name) => readFileSync(join(installed, name), 'utf8'));
    expect(code.filter((text) => /from ['"][^'"]+\.ts['"]/.test(text))).toEqual([]);
  });

  it('has every handler of the workspace', () => {
    const count =
      "const { buildRegistry, loadFolders } = await import(process.argv[1] + '/resources/registry.js'); const { loadContract } = await import(process.argv[1] + '/contract/contract.js'); console.log([...buildRegistry(loadContract(), await loadFolders()).routes.keys()].sort().join())";
    const lib = join(folder, 'user/node_modules/stripe-sandbox/lib');
    const built = run(process.execPath, ['--input-type=module', '-e', count, lib], join(folder, 'user'));
    const ours = run(
      process.execPath,
      ['--input-type=module', '-e', count.replaceAll('.js', '.ts'), join(ROOT, 'stripe-sandbox/src')],
      ROOT,
    );
    expect(built).toBe(ours);
    expect(built.split(',').length).toBeGreaterThan(130);
  });

  it('type-checks the example, and runs it offline with plain vitest', () => {
    const user = join(folder, 'user');
    const settings = { module: 'nodenext', target: 'es2023', strict: true, noEmit: true, skipLibCheck: false, types: ['node'] };
    writeFileSync(join(user, 'tsconfig.json'), JSON.stringify({ compilerOptions: { ...settings, skipLibCheck: true }, include: ['*.ts'] }));
    symlinkSync(join(ROOT, 'node_modules/@types'), join(user, 'node_modules/@types'));
    run(process.execPath, [join(ROOT, 'node_modules/typescript/bin/tsc'), '-p', '.'], user);
    run(process.execPath, ['node_modules/vitest/vitest.mjs', 'run', '--reporter=json', '--outputFile=result.json'], user);
    const result = JSON.parse(readFileSync(join(user, 'result.json'), 'utf8'));
    expect(result).toMatchObject({ success: true, numPassedTests: 2, numTotalTests: 2 });
  });

  it('does what its README says', () => {
    const user = join(folder, 'user');
    const readme = readFileSync(join(user, 'node_modules/stripe-sandbox/README.md'), 'utf8');
    const code = [...readme.matchAll(/```ts\n([\s\S]*?)```/g)].map((block) => block[1]!).find((block) => block.includes('createSandbox()'));
    expect(code).toContain('// past_due');
    const last = /\(await (stripe\.subscriptions\.retrieve\([^)]*\))\)\.status;\s*\/\/ past_due/;
    expect(code).toMatch(last);
    writeFileSync(join(user, 'readme.mjs'), `${code!.replace(last, 'console.log((await $1).status);')}\nawait sandbox.close();\n`);
    expect(run(process.execPath, ['readme.mjs'], user)).toBe('past_due\n');
  });

  it('starts by `npx stripe-sandbox` and answers the SDK', async () => {
    const args = [
      '--offline',
      'stripe-sandbox',
      '--port',
      '0',
      '--clock',
      '2026-01-01T00:00:00Z',
      '--key',
      'sk_test_aStrangersVeryOwnTestKey00',
    ];
    const child = spawn('npx', args, { cwd: join(folder, 'user'), env: ENV, stdio: ['ignore', 'pipe', 'pipe'], detached: true });
    try {
      const { port } = new URL(await urlPrinted(child));
      const stripe = new Stripe('sk_test_aStrangersVeryOwnTestKey00', { host: '127.0.0.1', port, protocol: 'http', telemetry: false });
      expect((await stripe.customers.create({ name: 'Max' })).created).toBe(Date.UTC(2026, 0, 1) / 1000);
    } finally {
      // npx starts the program as a child of its own: the whole group ends.
      const ended = new Promise((resolve) => child.once('close', resolve));
      process.kill(-child.pid!, 'SIGTERM');
      await ended;
    }
  });
});

function urlPrinted(child: ChildProcess): Promise<string> {
  let output = '';
  return new Promise((resolve, reject) => {
    const look = (chunk: Buffer): void => {
      output += chunk.toString();
      const url = /http:\/\/127\.0\.0\.1:\d+/.exec(output)?.[0];
      if (url !== undefined) resolve(url);
    };
    child.stdout!.on('data', look);
    child.stderr!.on('data', look);
    child.once('exit', (code) => reject(new Error(`It ended with ${code}:\n${output}`)));
  });
}
