import './parent-watch.ts';
import { existsSync, mkdirSync, readFileSync, rmSync } from 'node:fs';
import { buildDashboard } from './lib/dashboard.ts';
import { availableProjects, wantedProjects, withoutProjects } from './lib/projects.ts';
import { at } from './lib/root.ts';
import { runNode } from './lib/run.ts';
import { suspects, unstableLines } from './lib/second-run.ts';
import { exitCode, type Report, type Summary, summarize, summaryLine } from './lib/summary.ts';
import { prepareDatabase } from './lib/template.ts';

/**
 * `npm test [-- --project unit path …]`: everything, on a fresh clone, by itself. The last line is `N passed, N failed`,
 * alone; zero tests are a failure. With CI set, a project that cannot run here is a failure instead of a skip, and up to three failed
 * files run once more, alone: what passes then is printed as UNSTABLE.
 */
const PROJECTS = ['unit', 'pg', 'browser'];
const REPORT = at('.cache', `test-report-${process.pid}.json`);
const NOTHING: Summary = { passed: 0, failed: 0, skipped: 0 };

process.exitCode = await test(process.argv.slice(2));

async function test(args: string[]): Promise<number> {
  const { projects, skipped } = availableProjects(wantedProjects(PROJECTS, args));
  if (projects.includes('browser')) await buildDashboard();
  await prepareDatabase();
  const isCi = Boolean(process.env.CI) && process.env.CI !== 'false';
  const { summary, code } = projects.length > 0 ? await runAll(projects, withoutProjects(args), isCi) : { summary: NOTHING, code: 1 };
  for (const line of skipped) console.error(isCi ? `${line} With CI set this is a failure.` : line);
  if (summary.passed + summary.failed === 0) console.error('No test ran, which counts as a failure.');
  console.log(`\n${summaryLine(summary)}`);
  return isCi && skipped.length > 0 ? Math.max(1, exitCode(summary, code)) : exitCode(summary, code);
}

type Result = { summary: Summary; code: number };

async function runAll(projects: string[], args: string[], isCi: boolean): Promise<Result> {
  const whole = await runVitest(projects, args);
  const doubted = isCi && whole.report ? suspects(whole.report) : null;
  if (doubted === null) return whole;
  console.error(`\nOnce more, alone: ${doubted.files.join(', ')}`);
  const alone = await runVitest(projects, doubted.files);
  if (exitCode(alone.summary, alone.code) !== 0) return whole;
  for (const line of unstableLines(doubted)) console.error(line);
  const { passed, failed, skipped } = whole.summary;
  return { summary: { passed: passed + failed, failed: 0, skipped }, code: 0 };
}

async function runVitest(projects: string[], args: string[]): Promise<Result & { report: Report | null }> {
  mkdirSync(at('.cache'), { recursive: true });
  rmSync(REPORT, { force: true });
  const selection = projects.flatMap((project) => ['--project', project]);
  const reporters = ['--reporter=default', '--reporter=json', `--outputFile.json=${REPORT}`];
  const { code } = await runNode([at('node_modules/vitest/vitest.mjs'), 'run', ...selection, ...reporters, ...args]);
  const report = existsSync(REPORT) ? (JSON.parse(readFileSync(REPORT, 'utf8')) as Report) : null;
  rmSync(REPORT, { force: true });
  return { summary: report === null ? NOTHING : summarize(report), code, report };
}
