import type { FileFacts, ImportFact } from './facts.ts';
import { isFrontDoor, partOf, rank, roomOf, TOOLS } from './rooms.ts';

/** A rule looks at all files and names what breaks it, one line each; an empty list is a pass. */
export type Rule = (files: FileFacts[]) => string[];

const PACKAGES = ['server', 'stripe-sandbox', 'sdk', 'widgets', 'dashboard', 'bench'];
const MAY_START_SANDBOX = [/^server\/src\/(main|sandbox)\.ts$/, /^server\/src\/demo\//, /^server\/test\//, /\.test\.ts$/];

/** Rooms import only to their left. Tests and by-hand tools look at the whole from outside and are free. */
export const roomOrder: Rule = (files) =>
  eachImport(inside(files), (file, { target }) => {
    const from = roomOf(file.path);
    const to = roomOf(target);
    if (from === null || to === null || from === to || rank(to) < rank(from)) return null;
    return `${from} must not import ${to} (${target}): announce an event or declare a port`;
  });

/** Every folder of server/src is a room of the order, so that none escapes it. */
export const knownRooms: Rule = (files) =>
  files
    .filter((file) => file.path.startsWith('server/src/') && roomOf(file.path) === null)
    .map((file) => `${file.path}: not in a room of architecture.md`);

/** Another room is entered by its index.ts. */
export const frontDoors: Rule = (files) =>
  eachImport(inside(files), (file, { target }) => {
    if (roomOf(target) === null || partOf(target) === partOf(file.path) || isFrontDoor(target)) return null;
    return `${target} is inside ${partOf(target)}: import its index.ts`;
  });

/** Nothing imports a by-hand tool, and nothing but a test imports a test. */
export const toolsAndTestsAreLeaves: Rule = (files) =>
  eachImport(
    files.filter((file) => !file.isTest && !file.path.startsWith('scripts/')),
    (_file, { target }) => {
      if (TOOLS.includes(target)) return `${target} is run by hand and imported by nothing`;
      return /\.test\.tsx?$/.test(target) || target.startsWith('server/test/') ? `${target} belongs to the tests` : null;
    },
  );

/** Packages know one another by package name only, never by a path that leaves the package. */
export const packageBorders: Rule = (files) =>
  eachImport(
    files.filter((file) => !file.isTest && PACKAGES.includes(packageOf(file.path)) && packageOf(file.path) !== 'bench'),
    (file, { target }) => {
      const to = packageOf(target);
      return PACKAGES.includes(to) && target.includes('/') && to !== packageOf(file.path)
        ? `${target} lies in another package: use its name`
        : null;
    },
  );

/** The Sandbox knows Stripe and nothing of Billow. */
export const sandboxKnowsNothingOfBillow: Rule = (files) =>
  eachImport(
    files.filter((file) => file.path.startsWith('stripe-sandbox/')),
    (_file, { target }) =>
      /^(server|sdk|dashboard|widgets|bench)\//.test(target) || target.startsWith('@billow/')
        ? `the Sandbox must not import ${target}`
        : null,
  );

/** Billow plugs the Sandbox in at the composition root, by its package name, and nowhere else. */
export const sandboxOnlyAtTheRoot: Rule = (files) =>
  eachImport(
    files.filter((file) => file.path.startsWith('server/')),
    (file, { target }) => {
      if (target.startsWith('stripe-sandbox/src/') && roomOf(file.path) !== null) return `${target}: use the package name stripe-sandbox`;
      if (!/^stripe-sandbox(\/|$)/.test(target)) return null;
      return MAY_START_SANDBOX.some((allowed) => allowed.test(file.path))
        ? null
        : 'stripe-sandbox is imported only by main.ts, the demo and tests';
    },
  );

/** The official SDK stays behind providers/stripe; the Sandbox's generator reads its types. */
export const stripeOnlyInItsProvider: Rule = (files) =>
  eachImport(
    files.filter(
      (file) => !file.isTest && /^(server|stripe-sandbox)\/src\//.test(file.path) && !file.path.startsWith('server/src/providers/stripe/'),
    ),
    (_file, { target }) => (/^stripe(\/|$)/.test(target) ? 'stripe is imported only in providers/stripe and tests' : null),
  );

/** The queue library stays behind kit/jobs.ts. */
export const queueOnlyInJobs: Rule = (files) =>
  eachImport(
    files.filter((file) => !file.isTest && file.path.startsWith('server/src/') && file.path !== 'server/src/kit/jobs.ts'),
    (_file, { target }) => (/^pg-boss(\/|$)/.test(target) ? 'pg-boss is imported only in kit/jobs.ts' : null),
  );

const NETWORK_MODULES = /^(node:)?(http|https|http2|net|tls|dns|dgram)(\/promises)?$/;
const MAY_USE_NETWORK = /^server\/src\/(kit|providers|demo|doors\/mailbox)\//;

/** Sockets and name look-ups belong to adapters, where simulation replaces them. */
export const networkOnlyInAdapters: Rule = (files) =>
  eachImport(
    files.filter((file) => !file.isTest && file.path.startsWith('server/src/') && !MAY_USE_NETWORK.test(file.path)),
    (_file, { target, typeOnly }) =>
      NETWORK_MODULES.test(target) && !typeOnly ? `${target} belongs in kit/ or an adapter in providers/` : null,
  );

function inside(files: FileFacts[]): FileFacts[] {
  return files.filter((file) => !file.isTest && roomOf(file.path) !== null && !TOOLS.includes(file.path));
}

function eachImport(files: FileFacts[], judge: (file: FileFacts, item: ImportFact) => string | null): string[] {
  return files.flatMap((file) =>
    file.imports.flatMap((item) => {
      const fault = judge(file, item);
      return fault === null ? [] : [`${file.path}:${item.line}: ${fault}`];
    }),
  );
}

function packageOf(path: string): string {
  return path.split('/')[0] ?? '';
}
