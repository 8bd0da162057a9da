import { describe, expect, test } from 'vitest';
import { factsOf } from './facts.ts';
import * as imports from './import-rules.ts';
import { routesWithoutScope } from './route-rules.ts';
import * as source from './source-rules.ts';
import * as storage from './storage-rules.ts';

/** A rule that cannot fail is a defect: each is shown a bad sample it must name and a good one it must leave alone. */
const facts = (path: string, text: string) => [factsOf({ path, text })];
const importing = (path: string, target: string) => facts(path, `import { x } from '${target}';\n`);
const lines = (count: number) => 'x();\n'.repeat(count);

describe('import rules', () => {
  const cases: [string, imports.Rule, bad: [string, string], good: [string, string]][] = [
    ['room order', imports.roomOrder, ['server/src/usage/a.ts', '../invoices/index.ts'], ['server/src/invoices/a.ts', '../usage/index.ts']],
    ['kit is leftmost', imports.roomOrder, ['server/src/kit/a.ts', '../accounts/index.ts'], ['server/src/accounts/a.ts', '../kit/ids.ts']],
    ['config knows nothing', imports.roomOrder, ['server/src/config.ts', './kit/ids.ts'], ['server/src/kit/a.ts', '../config.ts']],
    [
      'main is rightmost',
      imports.roomOrder,
      ['server/src/doors/api/a.ts', '../../main.ts'],
      ['server/src/main.ts', './doors/api/index.ts'],
    ],
    [
      'by-hand tools are free',
      imports.roomOrder,
      ['server/src/kit/a.ts', '../main.ts'],
      ['server/src/doors/api/generate-openapi.ts', '../../main.ts'],
    ],
    [
      'front door',
      imports.frontDoors,
      ['server/src/emails/a.ts', '../payments/queries.ts'],
      ['server/src/emails/a.ts', '../payments/index.ts'],
    ],
    [
      'front door of a part',
      imports.frontDoors,
      ['server/src/providers/mail/smtp.ts', '../stripe/client.ts'],
      ['server/src/providers/stripe/push/customer.ts', '../client.ts'],
    ],
    [
      'no tests imported',
      imports.toolsAndTestsAreLeaves,
      ['server/src/emails/a.ts', '../../test/support/world.ts'],
      ['server/src/emails/a.test.ts', '../../test/support/world.ts'],
    ],
    [
      'no tools imported',
      imports.toolsAndTestsAreLeaves,
      ['server/src/kit/a.ts', './generate-schema.ts'],
      ['scripts/generate.ts', '../server/src/kit/generate-schema.ts'],
    ],
    ['package borders', imports.packageBorders, ['dashboard/src/a.ts', '../../sdk/src/index.ts'], ['dashboard/src/a.ts', '@billow/sdk']],
    [
      'the Sandbox is alone',
      imports.sandboxKnowsNothingOfBillow,
      ['stripe-sandbox/src/a.ts', '../../server/src/kit/money.ts'],
      ['stripe-sandbox/src/a.ts', './ports.ts'],
    ],
    [
      'no SDK in the Sandbox',
      imports.sandboxKnowsNothingOfBillow,
      ['stripe-sandbox/src/a.ts', '@billow/sdk'],
      ['stripe-sandbox/src/a.ts', 'ajv'],
    ],
    [
      'the Sandbox in main',
      imports.sandboxOnlyAtTheRoot,
      ['server/src/providers/stripe/a.ts', 'stripe-sandbox'],
      ['server/src/main.ts', 'stripe-sandbox'],
    ],
    [
      'the Sandbox by name',
      imports.sandboxOnlyAtTheRoot,
      ['server/src/main.ts', '../../stripe-sandbox/src/index.ts'],
      ['server/test/support/world.ts', 'stripe-sandbox'],
    ],
    [
      'stripe',
      imports.stripeOnlyInItsProvider,
      ['server/src/payments/collect.ts', 'stripe'],
      ['server/src/providers/stripe/client.ts', 'stripe'],
    ],
    [
      'stripe in the Sandbox',
      imports.stripeOnlyInItsProvider,
      ['stripe-sandbox/src/a.ts', 'stripe'],
      ['stripe-sandbox/scripts/generate-contract.ts', 'stripe'],
    ],
    ['pg-boss', imports.queueOnlyInJobs, ['server/src/emails/jobs.ts', 'pg-boss'], ['server/src/kit/jobs.ts', 'pg-boss']],
    [
      'sockets',
      imports.networkOnlyInAdapters,
      ['server/src/webhooks/deliver.ts', 'node:https'],
      ['server/src/kit/http-out.ts', 'node:https'],
    ],
  ];
  test.each(cases)('%s', (_name, rule, bad, good) => {
    expect(rule(importing(...bad))).toHaveLength(1);
    expect(rule(importing(...good))).toEqual([]);
  });

  test('a folder that is no room', () => {
    expect(imports.knownRooms(facts('server/src/helpers/a.ts', ''))).toHaveLength(1);
    expect(imports.knownRooms(facts('server/src/invoices/a.ts', ''))).toEqual([]);
  });

  test.each([
    "import type { A } from '../invoices/index.ts';",
    "export * from '../invoices/index.ts';",
    "await import('../invoices/index.ts');",
  ])('every way to import counts: %s', (text) => expect(imports.roomOrder(facts('server/src/usage/a.ts', text))).toHaveLength(1));

  test('an import in a comment or a string does not count', () => {
    const text = "// import { x } from '../invoices/index.ts';\nconst y = \"from '../invoices/index.ts'\";\n";
    expect(imports.roomOrder(facts('server/src/usage/a.ts', text))).toEqual([]);
  });
});

describe('source rules', () => {
  test.each([
    'Date.now()',
    'new Date()',
    'Math.random()',
    'crypto.randomUUID()',
    'randomUUID()',
    'Temporal.Now.instant()',
    'setTimeout(f, 1)',
    'globalThis.setTimeout(f, 1)',
    "import { setTimeout as wait } from 'node:timers/promises'",
    "import { randomUUID as fresh } from 'node:crypto'",
    'process.hrtime.bigint()',
  ])('%s only in kit/ and ports.ts', (text) => {
    expect(source.effectsOnlyInPorts(facts('server/src/emails/a.ts', text)).length).toBeGreaterThan(0);
    expect(source.effectsOnlyInPorts(facts('stripe-sandbox/src/a.ts', text)).length).toBeGreaterThan(0);
    expect(source.effectsOnlyInPorts(facts('server/src/kit/time.ts', text))).toEqual([]);
    expect(source.effectsOnlyInPorts(facts('stripe-sandbox/src/ports.ts', text))).toEqual([]);
  });

  test.each([
    'new Date(0)',
    'ctx.clock.now()',
    'ports.setTimeout(f, 1)',
    '// Date.now()',
    "'new Date()'",
    'type T = ReturnType<typeof setTimeout>',
  ])('%s is fine everywhere', (text) => expect(source.effectsOnlyInPorts(facts('server/src/emails/a.ts', text))).toEqual([]));

  test('file budget', () => {
    expect(source.fileBudget(facts('sdk/src/a.ts', lines(401)))).toHaveLength(1);
    expect(source.fileBudget(facts('sdk/src/a.ts', lines(400)))).toEqual([]);
    expect(source.fileBudget(facts('sdk/src/a.generated.ts', lines(401)))).toEqual([]);
  });

  test('function budget', () => {
    const long = `export function f() {\n${lines(69)}}\n`;
    expect(source.functionBudget(facts('server/src/kit/a.ts', long))[0]).toContain('f has 71 lines');
    expect(source.functionBudget(facts('server/src/kit/a.ts', `const f = () => {\n${lines(68)}};\n`))).toEqual([]);
    expect(source.functionBudget(facts('server/src/kit/a.test.ts', long))).toEqual([]);
  });

  test('front doors and the composition root', () => {
    expect(source.indexBudget(facts('server/src/emails/index.ts', lines(41)))).toHaveLength(1);
    expect(source.indexBudget(facts('server/src/emails/index.ts', lines(40)))).toEqual([]);
    expect(source.mainBudget(facts('server/src/main.ts', lines(121)))).toHaveLength(1);
    expect(source.mainBudget(facts('server/src/main.ts', lines(120)))).toEqual([]);
  });

  test('held tests', () => {
    const held = ['test', 'it', 'describe'].flatMap((name) => ['skip', 'only', 'todo'].map((how) => `${name}.${how}('a', () => {});`));
    expect(source.noHeldTests(facts('server/src/a.test.ts', held.join('\n')))).toHaveLength(9);
    expect(source.noHeldTests(facts('server/src/a.test.ts', "test.skipIf(absent)('a', () => {}); list.skip(2);"))).toEqual([]);
  });

  test('promises of work', () => {
    expect(source.noPromises([{ path: 'a.ts', text: `// ${'TO'}${'DO'}: later` }])).toHaveLength(1);
    expect(source.noPromises([{ path: 'a.ts', text: '// a to-do list of the customer' }])).toEqual([]);
  });

  test('machine paths', () => {
    const bad = ['/wo' + 'rk/main/x', '/ro' + 'ot/.npm', '/ho' + 'me/ann/billow', 'C:\\Use' + 'rs\\ann'];
    expect(source.noMachinePaths(bad.map((path) => ({ path: 'a.md', text: `see '${path}'` })))).toHaveLength(bad.length);
    expect(source.noMachinePaths([{ path: 'a.md', text: 'https://example.com/work/1 and ./work/a and /v1/home' }])).toEqual([]);
  });

  test('the README of a room', () => {
    expect(source.readmeBudget([{ path: 'server/src/emails/README.md', text: lines(41) }])).toHaveLength(1);
    expect(source.readmeBudget([{ path: 'README.md', text: lines(41) }])).toEqual([]);
  });

  test('the report counts tests apart from source', () => {
    const files = [...facts('sdk/src/a.ts', lines(10)), ...facts('sdk/src/a.test.ts', lines(30))];
    expect(source.sizeReport(files)).toMatchObject({ sourceLines: 10, testLines: 30, fileMedian: 10 });
  });
});

describe('storage rules', () => {
  const migration = (text: string, path = 'server/migrations/0001_a.sql') => [{ path, text }];

  test('a table without environment_id', () => {
    expect(storage.environmentColumn(migration('CREATE TABLE plans (id text);'))).toHaveLength(1);
    expect(storage.environmentColumn(migration('create table if not exists "plans" ("environment_id" text NOT NULL, id text);'))).toEqual(
      [],
    );
    expect(storage.environmentColumn(migration('CREATE TABLE plans (id text); -- environment_id text'))).toHaveLength(1);
    expect(storage.environmentColumn(migration('CREATE TABLE environments (id text);'))).toEqual([]);
    expect(storage.environmentColumn(migration('CREATE TABLE usage_2026_01 PARTITION OF usage FOR VALUES IN (1);'))).toEqual([]);
  });

  test('the column of one table does not excuse the next', () => {
    const text = 'CREATE TABLE a (environment_id text, n numeric(3, 2)); CREATE TABLE b (id text);';
    expect(storage.environmentColumn(migration(text))).toEqual(['server/migrations/0001_a.sql: table b has no environment_id']);
  });

  test('numbers', () => {
    expect(storage.migrationNumbers([...migration(''), ...migration('', 'server/migrations/0001_b.sql')])).toHaveLength(1);
    expect(storage.migrationNumbers(migration('', 'server/migrations/first.sql'))).toHaveLength(1);
    expect(storage.migrationNumbers([...migration(''), ...migration('', 'server/migrations/0003_c.sql')])).toEqual([]);
  });

  test.each(['CREATE EXTENSION citext;', 'SELECT uuidv7();', 'x timestamptz DEFAULT now()', 'EXCLUDE USING gist (a WITH =)'])(
    'not portable: %s',
    (text) => {
      expect(storage.portableSql(migration(text))).toHaveLength(1);
      expect(storage.portableSql(migration(`-- ${text}`))).toEqual([]);
    },
  );
});

test('a route without a scope', () => {
  const document = { paths: { '/v1/plans': { get: { 'x-scope': 'plans:read' }, post: {} }, '/healthz': { get: { 'x-scope': 'public' } } } };
  expect(routesWithoutScope(document)).toEqual(['POST /v1/plans']);
});
