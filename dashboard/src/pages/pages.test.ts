import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, it } from 'vitest';

/** Looks belong to ui/: pages and the shell put its parts together and style no raw element themselves. */
const FOLDERS = [import.meta.dirname, join(import.meta.dirname, '..', 'shell')];

it('no page styles a raw element by itself', () => {
  const found = FOLDERS.flatMap((folder) =>
    readdirSync(folder, { recursive: true, encoding: 'utf8' })
      .filter((name) => name.endsWith('.tsx'))
      .flatMap((name) => rawIn(readFileSync(join(folder, name), 'utf8')).map((what) => `${name}: ${what}`)),
  );
  expect(found).toEqual([]);
});

function rawIn(source: string): string[] {
  const tags = source.match(/^\s*<[a-z][a-z0-9]*[\s>]/gm) ?? [];
  const styles = source.match(/\b(className|style)=/g) ?? [];
  return [...tags, ...styles].map((text) => text.trim());
}
