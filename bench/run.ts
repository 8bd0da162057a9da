import { findPostgres } from '../scripts/lib/machine.ts';
import { startPostgres } from '../scripts/lib/postgres.ts';
import { mails } from './cases/mails.ts';
import { sandbox } from './cases/sandbox.ts';
import { startAndMemory } from './cases/start.ts';
import { webhooks } from './cases/webhooks.ts';
import { printReport, type Row } from './lib/report.ts';

/**
 * `npm run bench [-- webhooks mails start sandbox] [-- --engine pglite|postgres]`: each figure beside its floor, measured in the same run.
 * Exits 1 when a target is missed.
 */
const CASES = { webhooks, mails, start: startAndMemory, sandbox };
type CaseName = keyof typeof CASES;

const args = process.argv.slice(2);
const engineAt = args.indexOf('--engine');
const engine = engineAt >= 0 ? args[engineAt + 1] : null;
const named = args.filter((arg, index) => !arg.startsWith('--') && (engineAt < 0 || index !== engineAt + 1)) as CaseName[];
const unknown = named.filter((name) => !(name in CASES));
if (unknown.length > 0) throw new Error(`No such case: ${unknown.join(', ')}. There are ${Object.keys(CASES).join(', ')}.`);

const rows: Row[] = [];
if (engine !== 'postgres') await runAll(null);
if (engine !== 'pglite') {
  if (!findPostgres()) console.log('PostgreSQL was not found: its figures were not measured.');
  else {
    const postgres = await startPostgres({ durable: true });
    await runAll(postgres).finally(() => postgres.stop());
  }
}
printReport(rows);
process.exit(rows.every((row) => row.reached) ? 0 : 1);

async function runAll(postgres: Awaited<ReturnType<typeof startPostgres>> | null): Promise<void> {
  for (const name of named.length > 0 ? named : (Object.keys(CASES) as CaseName[])) {
    console.log(`${name} on ${postgres ? 'PostgreSQL' : 'PGlite'} …`);
    rows.push(...(await CASES[name]({ postgres })));
  }
}
