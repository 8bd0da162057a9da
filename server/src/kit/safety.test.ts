import { mkdtempSync, readFileSync, rmSync, statSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { inspect } from 'node:util';
import fc from 'fast-check';
import { afterAll, expect, test } from 'vitest';
import { readConfig } from '../config.ts';
import { DataDirInUse, openDataDir } from './data-dir.ts';
import { createHttpOut, isBlockedAddress } from './http-out.ts';
import { systemIds } from './ids.ts';
import { createLog } from './log.ts';
import { hostClock } from './machine-clock.ts';
import { createSecrets, SecretUnreadable } from './secrets.ts';

const folder = mkdtempSync(join(tmpdir(), 'billow-safety-'));
afterAll(() => rmSync(folder, { recursive: true }));
const ids = systemIds(hostClock());
const secrets = createSecrets({ masterKey: new Uint8Array(32).fill(7), random: ids.random });
const place = { table: 'stripe_connections', column: 'secret_sealed', rowId: 'connection_1', environmentId: 'environment_1' };

test('[13.1] a sealed secret opens only in its own row, under its own key, and never prints', () => {
  const sealed = secrets.seal(place, 'sk_test_4242');
  const opened = secrets.open(place, sealed);
  expect(opened.reveal()).toBe('sk_test_4242');
  expect([`${opened}`, JSON.stringify({ opened }), inspect(opened)]).toEqual(['[secret]', '{"opened":"[secret]"}', '[secret]']);
  expect(() => secrets.open({ ...place, rowId: 'connection_2' }, sealed)).toThrow(SecretUnreadable);
  expect(() => secrets.open({ ...place, environmentId: 'environment_2' }, sealed)).toThrow(SecretUnreadable);
  const flipped = Buffer.from(sealed);
  flipped[flipped.length - 3] = flipped[flipped.length - 3] === 65 ? 66 : 65;
  expect(() => secrets.open(place, flipped)).toThrow(SecretUnreadable);
  const others = createSecrets({ masterKey: new Uint8Array(32).fill(8), random: ids.random });
  expect(() => others.open(place, sealed)).toThrow(`sealed with the master key ${secrets.keyId}`);
});

test('ids carry their kind and sort in the order they were made', () => {
  const made = Array.from({ length: 2_000 }, () => ids.make('customer'));
  expect(made).toEqual(made.toSorted());
  expect(new Set(made).size).toBe(made.length);
  for (const id of made.slice(0, 5)) expect(id).toMatch(/^customer_[0-9a-hjkmnp-tv-z]{26}$/);
  expect(ids.token(43)).toMatch(/^[0-9A-Za-z]{43}$/);
});

test('[13.2] no secret, address or card number reaches the log, not even inside an error', () => {
  const lines: string[] = [];
  const log = createLog({ level: 'info', write: (line) => lines.push(line) }).with({ environment_id: 'environment_1' });
  const leak =
    'sk_test_51Habc whsec_abc123 bk_sandbox_abc_def Bearer abc.def mail ada@example.com 4242 4242 4242 4242 postgres://me:pw@db/x';
  log.error('trouble', { reason: leak, error: new Error(leak, { cause: new Error('rk_live_secretpart') }) });
  const text = lines.join('');
  for (const part of ['51Habc', 'abc123', 'abc_def', 'abc.def', 'ada@', '4242', ':pw@', 'secretpart']) expect(text).not.toContain(part);
  expect(JSON.parse(text)).toMatchObject({ event: 'trouble', environment_id: 'environment_1' });
});

test('[7.3] a data directory has one holder; its files are private; the key stays the same', () => {
  const open = () => openDataDir({ path: folder, embedded: true, startedAt: '2026-01-01T00:00:00Z', version: '0.1.0' });
  const first = open();
  expect(open).toThrow(DataDirInUse);
  expect(open).toThrow(`pid ${process.pid}, started 2026-01-01T00:00:00Z`);
  const key = first.masterKey(null, ids.random);
  expect(statSync(join(folder, 'master.key')).mode & 0o777).toBe(0o600);
  first.release();
  const second = open();
  expect(second.masterKey(null, ids.random)).toEqual(key);
  expect(() => second.masterKey('c2hvcnQ=', ids.random)).toThrow('BILLOW_MASTER_KEY must be 32 bytes');
  second.writePrivate('first-run.json', '{}');
  expect(readFileSync(join(folder, 'first-run.json'), 'utf8')).toBe('{}');
  second.release();
});

test('[11.2] no address inside the host or its network is called, in any notation', async () => {
  const inside = [
    '127.0.0.1',
    '10.1.2.3',
    '169.254.169.254',
    '192.168.0.1',
    '172.31.0.1',
    '100.64.0.1',
    '0.0.0.0',
    '255.255.255.255',
    '::1',
    '::',
    '::ffff:127.0.0.1',
    'fe80::1',
    'fd00::1',
    '64:ff9b::1',
  ];
  expect(inside.filter((address) => !isBlockedAddress(address))).toEqual([]);
  expect(['1.1.1.1', '8.8.8.8', '172.32.0.1', '2606:4700::1111'].filter(isBlockedAddress)).toEqual([]);
  const out = createHttpOut();
  for (const url of [
    'http://example.com/',
    'https://user:pw@example.com/',
    'https://example.com:8443/',
    'https://127.1/',
    'https://0x7f000001/',
    'https://[::1]/',
    'https://2130706433/',
    'nonsense',
  ]) {
    await expect(out.request({ url, method: 'GET' })).rejects.toThrow();
  }
  fc.assert(fc.property(fc.ipV4(), (address) => isBlockedAddress(`::ffff:${address}`) === isBlockedAddress(address)));
});

test('a wrong variable is refused by its name', () => {
  expect(readConfig({ env: {} })).toMatchObject({
    host: '127.0.0.1',
    port: 4242,
    stripeSandboxPort: 12111,
    smtpPort: 1025,
    role: 'all',
    databaseUrl: null,
  });
  expect(readConfig({ env: { BILLOW_PORT: '0', BILLOW_PUBLIC_URL: 'https://billow.example.com/' } })).toMatchObject({
    port: 0,
    publicUrl: 'https://billow.example.com',
  });
  expect(() => readConfig({ env: { BILLOW_PORT: '70000' } })).toThrow('BILLOW_PORT');
  expect(() => readConfig({ env: { BILLOW_ROLE: 'boss' } })).toThrow('BILLOW_ROLE must be one of all, web, worker');
  expect(() => readConfig({ env: { BILLOW_PUBLIC_URL: 'https://a.example/path' } })).toThrow('BILLOW_PUBLIC_URL');
});
