import './parent-watch.ts';
import { existsSync, mkdirSync, readFileSync, rmSync } from 'node:fs';
import { buildDashboard } from './lib/dashboard.ts';
import { availableProjects, wantedProjects, withoutProjects } from './lib/projects.ts';
import { at } from './lib/root.ts';
import { runNode } from './lib/run.ts';
import { exitCode, type Report, type Summary, summarize, summaryLine } from './lib/summary.ts';
import { prepareDatabase } from './lib/template.ts';

/**
 * `npm test [-- --project unit path …]`: everything, on a fresh clone, by itself. The last line is `N passed, N failed`,
 * alone; zero tests are a failure. With CI set, a project that cannot run here is a failure instead of a skip.
 */
const PROJECTS = ['unit', 'pg', 'browser'];
const REPORT = at('.cache', `test-report-${process.pid}.json`);
const NOTHING: Summary = { passed: 0, failed: 0, skipped: 0 };

process.exitCode = await test(process.argv.slice(2));

async function test(args: string[]): Promise<number> {
  const { projects, skipped } = availableProjects(wantedProjects(PROJECTS, args));
  if (projects.includes('browser')) await buildDashboard();
  await prepareDatabase();
  const { summary, code } = projects.length > 0 ? await runVitest(projects, withoutProjects(args)) : { summary: NOTHING, code: 1 };
  const isCi = Boolean(process.env.CI) && process.env.CI !== 'false';
  for (const line of skipped) console.error(isCi ? `${line} With CI set this is a failure.` : line);
  if (summary.passed + summary.failed === 0) console.error('No test ran, which counts as a failure.');
  console.log(`\n${summaryLine(summary)}`);
  return isCi && skipped.length > 0 ? Math.max(1, exitCode(summary, code)) : exitCode(summary, code);
}

async function runVitest(projects: string[], args: string[]): Promise<{ summary: Summary; code: number }> {
  mkdirSync(at('.cache'), { recursive: true });
  rmSync(REPORT, { force: true });
  const selection = projects.flatMap((project) => ['--project', project]);
  const reporters = ['--reporter=default', '--reporter=json', `--outputFile.json=${REPORT}`];
  const { code } = await runNode([at('node_modules/vitest/vitest.mjs'), 'run', ...selection, ...reporters, ...args]);
  const summary = existsSync(REPORT) ? summarize(JSON.parse(readFileSync(REPORT, 'utf8')) as Report) : NOTHING;
  rmSync(REPORT, { force: true });
  return { summary, code };
}
