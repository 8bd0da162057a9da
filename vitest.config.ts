import { configDefaults, defineConfig } from 'vitest/config';
import { findChromium } from './scripts/lib/machine.ts';

/**
 * Three projects over one tree.
 *
 *  - `unit`    everything that needs nothing but Node: the embedded database, the Sandbox in process
 *  - `pg`      the server's tests and the Sandbox's store contract again, on a real PostgreSQL that
 *              `server/test/support/global-setup.pg.ts` starts and throws away, plus `*.pg.test.ts`
 *  - `browser` pages in Chromium, one file after the other
 *
 * Test support asks `inject('databaseUrl')`: null means the embedded database.
 */
const TEST_TIMEOUT_MS = 60_000;
const HOOK_TIMEOUT_MS = 120_000;

const PG_ONLY = '**/*.pg.test.ts';
const BROWSER_ONLY = '**/*.browser.test.ts';
const NEVER = [...configDefaults.exclude, '**/dist/**', 'data/**', 'data-demo/**', '.cache/**'];

declare module 'vitest' {
  interface ProvidedContext {
    /** Where PostgreSQL listens in the project `pg`, null in the others. */
    databaseUrl: string | null;
    /** Path of the Chromium executable in the project `browser`, null in the others or when there is none. */
    chromium: string | null;
  }
}

export default defineConfig({
  test: {
    maxWorkers: 2,
    testTimeout: TEST_TIMEOUT_MS,
    hookTimeout: HOOK_TIMEOUT_MS,
    teardownTimeout: HOOK_TIMEOUT_MS,
    coverage: { provider: 'v8', include: ['server/src/**/*.ts', 'stripe-sandbox/src/**/*.ts', 'sdk/src/**/*.ts'] },
    projects: [
      {
        extends: true,
        test: {
          name: 'unit',
          include: ['{server,stripe-sandbox,sdk,widgets,scripts,bench,dashboard}/**/*.test.{ts,tsx}'],
          exclude: [...NEVER, PG_ONLY, BROWSER_ONLY],
          provide: { databaseUrl: null, chromium: null },
        },
      },
      {
        extends: true,
        test: {
          name: 'pg',
          include: ['server/**/*.test.ts', 'stripe-sandbox/src/store/*.test.ts', PG_ONLY],
          exclude: [...NEVER, BROWSER_ONLY, 'server/test/architecture.test.ts', 'server/test/architecture/**'],
          provide: { chromium: null },
          globalSetup: ['server/test/support/global-setup.pg.ts'],
        },
      },
      {
        extends: true,
        test: {
          name: 'browser',
          include: [BROWSER_ONLY],
          exclude: NEVER,
          provide: { databaseUrl: null, chromium: findChromium() },
          fileParallelism: false,
          // A group of its own: projects of one group must share a number of workers.
          sequence: { groupOrder: 1 },
        },
      },
    ],
  },
});
