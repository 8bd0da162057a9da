import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import { factsOf } from './architecture/facts.ts';
import * as imports from './architecture/import-rules.ts';
import { routesWithoutScope } from './architecture/route-rules.ts';
import * as source from './architecture/source-rules.ts';
import * as storage from './architecture/storage-rules.ts';
import { readTree, root } from './architecture/tree.ts';

/** The rules of ARCHITECTURE.md, held against the tree as it is. That each rule can fail is shown in architecture/rules.test.ts. */
const code = readTree(['.ts', '.tsx', '.mjs']);
const files = code.map(factsOf);
const texts = readTree(['.ts', '.tsx', '.mjs', '.md', '.json', '.sql', '.css', '.html', '.yml', '.yaml', '/run']);
const handWritten = texts.filter(({ path }) => path !== 'package-lock.json' && path !== 'openapi.json' && !path.includes('/contract/'));
const migrations = readTree(['.sql']).filter(({ path }) => path.startsWith('server/migrations/'));

describe('import order', () => {
  test('every folder of server/src is a room', () => expect(imports.knownRooms(files)).toEqual([]));
  test('a room imports only to its left', () => expect(imports.roomOrder(files)).toEqual([]));
  test('a room is entered by its front door', () => expect(imports.frontDoors(files)).toEqual([]));
  test('tools and tests are imported by nothing', () => expect(imports.toolsAndTestsAreLeaves(files)).toEqual([]));
  test('packages know one another by name', () => expect(imports.packageBorders(files)).toEqual([]));
  test('the Sandbox knows nothing of Billow', () => expect(imports.sandboxKnowsNothingOfBillow(files)).toEqual([]));
  test('the Sandbox is plugged in at the composition root only', () => expect(imports.sandboxOnlyAtTheRoot(files)).toEqual([]));
  test('stripe is imported only in providers/stripe', () => expect(imports.stripeOnlyInItsProvider(files)).toEqual([]));
  test('pg-boss is imported only in kit/jobs.ts', () => expect(imports.queueOnlyInJobs(files)).toEqual([]));
  test('sockets are opened only in adapters', () => expect(imports.networkOnlyInAdapters(files)).toEqual([]));
});

describe('source', () => {
  test('clocks, chance and timers only in kit/ and ports.ts', () => expect(source.effectsOnlyInPorts(files)).toEqual([]));
  test('files have at most 400 lines', () => expect(source.fileBudget(files)).toEqual([]));
  test('functions have at most 70 lines', () => expect(source.functionBudget(files)).toEqual([]));
  test('front doors have at most 40 lines', () => expect(source.indexBudget(files)).toEqual([]));
  test('main.ts has at most 120 lines', () => expect(source.mainBudget(files)).toEqual([]));
  test('no test is skipped or runs alone', () => expect(source.noHeldTests(files)).toEqual([]));
  test('no comment promises work', () => expect(source.noPromises(handWritten)).toEqual([]));
  test('no path of one machine', () => expect(source.noMachinePaths(handWritten)).toEqual([]));
  test('the README of a room fits on a screen', () => expect(source.readmeBudget(texts)).toEqual([]));
});

describe('storage', () => {
  test('every business table has environment_id', () => expect(storage.environmentColumn(migrations)).toEqual([]));
  test('migrations have a number each', () => expect(storage.migrationNumbers(migrations)).toEqual([]));
  test('migrations use portable SQL', () => expect(storage.portableSql(migrations)).toEqual([]));
});

describe('routes', () => {
  const document = join(root, 'openapi.json');
  test.skipIf(!existsSync(document))('every route declares its scope', () => {
    expect(routesWithoutScope(JSON.parse(readFileSync(document, 'utf8')))).toEqual([]);
  });
});

test('sizes (a report: the soft budgets of ARCHITECTURE.md)', () => {
  const packages = ['server', 'stripe-sandbox', 'sdk', 'dashboard', 'bench', 'scripts'];
  const rows = packages.map((name) => ({ package: name, ...source.sizeReport(files.filter(({ path }) => path.startsWith(`${name}/`))) }));
  console.table(rows);
  expect(rows.find((row) => row.package === 'scripts')?.sourceLines).toBeGreaterThan(0);
});
