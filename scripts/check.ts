import './parent-watch.ts';
import { existsSync } from 'node:fs';
import { importFaults, supplyChainFaults } from './lib/dependencies.ts';
import { at } from './lib/root.ts';
import { type RunResult, run, runNode } from './lib/run.ts';

/**
 * `npm run check`: everything that can be judged without running the product. All steps run; one line each, faults below.
 * `npm run check -- types architecture` runs the steps with one of these words in their name.
 */
type Step = { name: string; run: () => Promise<RunResult> };
type Outcome = Step & RunResult & { seconds: number };

const TSC = at('node_modules/typescript/bin/tsc');
const VITEST = at('node_modules/vitest/vitest.mjs');
const BIOME = at('node_modules/@biomejs/biome/bin/biome');
const quiet = { quiet: true, env: { NO_COLOR: '1' } };
const MAX_LINES_PER_STEP = 150;

const STEPS: Step[] = [
  { name: 'format and lint (biome)', run: () => runNode([BIOME, 'ci', '--colors=off', '--max-diagnostics=50', '.'], quiet) },
  { name: 'types', run: () => runNode([TSC, '-p', at('tsconfig.json')], quiet) },
  { name: 'types of the dashboard', run: typesOfDashboard },
  { name: 'architecture', run: () => runNode([VITEST, 'run', '--project', 'unit', '--reporter=dot', 'server/test/architecture'], quiet) },
  { name: 'generated files are fresh', run: () => runNode([at('scripts/generate.ts'), '--check'], quiet) },
  { name: 'dependency tree (npm ls --all)', run: npmList },
  { name: 'supply chain', run: async () => asResult(supplyChainFaults()) },
  { name: 'each dependency can be imported', run: async () => asResult(await importFaults()) },
];

const outcomes: Outcome[] = [];
const words = process.argv.slice(2);
for (const step of STEPS.filter(({ name }) => words.length === 0 || words.some((word) => name.includes(word))))
  outcomes.push(await timed(step));
const failed = outcomes.filter(({ code }) => code !== 0);
for (const { name, output } of failed) console.log(`\n${name}:\n${shortened(output)}`);
console.log(failed.length === 0 ? '\nAll checks passed.' : `\n${failed.length} of ${outcomes.length} checks failed.`);
// Imported dependencies may keep handles open.
process.exit(failed.length === 0 ? 0 : 1);

async function timed(step: Step): Promise<Outcome> {
  const started = performance.now();
  const result = await step.run().catch((error: Error) => ({ code: 1, output: error.stack ?? error.message }));
  const seconds = (performance.now() - started) / 1000;
  console.log(`${result.code === 0 ? 'ok    ' : 'FAILED'} ${`${seconds.toFixed(1)} s`.padStart(7)}  ${step.name}`);
  return { ...step, ...result, seconds };
}

async function typesOfDashboard(): Promise<RunResult> {
  if (!existsSync(at('dashboard/tsconfig.json'))) return { code: 1, output: 'dashboard/tsconfig.json is missing' };
  return runNode([TSC, '-p', at('dashboard/tsconfig.json')], quiet);
}

/** npm exits 1 on missing, invalid and extraneous packages; its long list is not wanted. */
async function npmList(): Promise<RunResult> {
  const { code, output } = await run('npm', ['ls', '--all', '--loglevel=error'], quiet);
  const faults = output.split('\n').filter((line) => /UNMET (?!OPTIONAL)|\binvalid\b|\bextraneous\b|npm (ERR|error)/i.test(line));
  return { code, output: faults.join('\n') || output.slice(-2000) };
}

function shortened(output: string): string {
  const lines = output.trim().split('\n');
  const rest = lines.length - MAX_LINES_PER_STEP;
  return rest > 0 ? `${lines.slice(0, MAX_LINES_PER_STEP).join('\n')}\n… and ${rest} lines more` : lines.join('\n');
}

function asResult(faults: string[]): RunResult {
  return { code: faults.length > 0 ? 1 : 0, output: faults.join('\n') };
}
