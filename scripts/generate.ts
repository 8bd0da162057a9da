import { existsSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { dirname } from 'node:path';
import { at, load } from './lib/root.ts';

/**
 * `npm run generate [-- --check]`: writes everything that is derived and checked in. With --check nothing is written: a file
 * that differs by a byte, or is missing, is named and fails.
 */
type Generator = { module: string; makes: string };
export type GeneratedFile = { path: string; text: string };

/** In this order: later ones may read what earlier ones wrote. */
const GENERATORS: Generator[] = [
  { module: 'server/src/kit/generate-schema.ts', makes: 'Kysely types from the migrations' },
  { module: 'stripe-sandbox/scripts/generate-contract.ts', makes: "Stripe's contract from the pinned SDK's types" },
  { module: 'stripe-sandbox/scripts/generate-support.ts', makes: 'which routes the Stripe Sandbox supports' },
  { module: 'server/src/emails/defaults/generate.ts', makes: 'compiled default templates' },
  { module: 'server/src/doors/api/generate-openapi.ts', makes: 'openapi.json from the routes' },
  { module: 'sdk/generate.ts', makes: 'SDK types from openapi.json' },
];

const check = process.argv.includes('--check');
const only = process.argv.slice(2).filter((arg) => !arg.startsWith('--'));
const faults: string[] = [];
for (const generator of GENERATORS.filter(({ module }) => only.length === 0 || only.some((part) => module.includes(part)))) {
  faults.push(...(await run(generator)));
}
for (const fault of faults) console.error(fault);
// A generator may have left a pool or a server open; what it wrote is complete.
process.exit(faults.length > 0 ? 1 : 0);

async function run({ module, makes }: Generator): Promise<string[]> {
  const started = performance.now();
  const files = await filesOf(module);
  if (typeof files === 'string') return [files];
  const stale = files.filter(({ path, text }) => !existsSync(at(path)) || readFileSync(at(path), 'utf8') !== text);
  if (!check) stale.forEach(write);
  const what = check ? `${stale.length} of ${files.length} stale` : `${stale.length} of ${files.length} written`;
  console.log(`${makes}: ${what} (${((performance.now() - started) / 1000).toFixed(1)} s)`);
  return check ? stale.map(({ path }) => `${path} is stale: run npm run generate`) : [];
}

/** The generator's files, or why there are none. */
async function filesOf(module: string): Promise<GeneratedFile[] | string> {
  if (!existsSync(at(module))) return `${module} is missing`;
  const { generate } = await load(module);
  if (typeof generate !== 'function') return `${module} does not export generate()`;
  const files = (await generate()) as GeneratedFile[];
  return files.length > 0 ? files : `${module} generated nothing`;
}

function write({ path, text }: GeneratedFile): void {
  mkdirSync(dirname(at(path)), { recursive: true });
  writeFileSync(at(path), text);
}
