import { existsSync, mkdtempSync, readdirSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { gzipSync } from 'node:zlib';
import { afterAll, expect, test } from 'vitest';
import { unpackTemplate } from './unpack-template.ts';

const home = mkdtempSync(join(tmpdir(), 'billow-unpack-'));
afterAll(() => rmSync(home, { recursive: true, force: true }));

test('files and empty folders of a dump appear as they were, and nothing else stays behind', async () => {
  const folder = join(home, 'database');
  const template = dump([
    { name: '/pg_notify/', type: '5', text: '' },
    { name: '/PG_VERSION', type: '0', text: '17\n' },
    { name: '/base/1/2600', type: '0', text: 'x'.repeat(1_000) },
  ]);
  await unpackTemplate({ template, folder });
  expect(readFileSync(join(folder, 'PG_VERSION'), 'utf8')).toBe('17\n');
  expect(readFileSync(join(folder, 'base/1/2600'), 'utf8')).toHaveLength(1_000);
  expect(readdirSync(join(folder, 'pg_notify'))).toEqual([]);
  expect(readdirSync(home)).toEqual(['database']);
});

test('a way out of the folder and a link are refused, and no database appears', async () => {
  for (const entry of [
    { name: '/../escaped', type: '0', text: 'x' },
    { name: '/link', type: '2', text: '' },
  ]) {
    const folder = join(home, 'refused');
    await expect(unpackTemplate({ template: dump([entry]), folder })).rejects.toThrow('The database template');
    expect(existsSync(folder)).toBe(false);
    expect(existsSync(join(home, 'escaped'))).toBe(false);
  }
});

function dump(entries: { name: string; type: string; text: string }[]): Blob {
  const blocks = entries.flatMap(({ name, type, text }) => {
    const header = Buffer.alloc(512);
    header.write(name, 0);
    header.write(text.length.toString(8).padStart(11, '0'), 124);
    header.write(type, 156);
    const body = Buffer.alloc(Math.ceil(text.length / 512) * 512);
    body.write(text);
    return [header, body];
  });
  return new Blob([gzipSync(Buffer.concat([...blocks, Buffer.alloc(1_024)]))]);
}
