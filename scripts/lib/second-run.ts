import type { Report } from './summary.ts';

/** More than this many broken files are no accident of a busy machine. */
const FILES_MAX = 3;
/** A counterexample that fast-check found stays one, whatever the next seed finds. */
const COUNTEREXAMPLE = /Property failed|Counterexample/;

export type Suspects = { files: string[]; titles: string[] };

/**
 * The few failed files that may run once more, alone, before CI believes them: a test that a busy machine broke is told from a broken
 * one that way. Null where there is nothing to doubt: all passed, too many failed, or a property has a counterexample.
 */
export function suspects(report: Report): Suspects | null {
  const failed = report.testResults.filter((file) => file.status === 'failed');
  if (failed.length === 0 || failed.length > FILES_MAX) return null;
  const broken = failed.flatMap((file) => file.assertionResults.filter((test) => test.status === 'failed').map((test) => ({ file, test })));
  if (broken.some(({ test }) => COUNTEREXAMPLE.test((test.failureMessages ?? []).join('\n')))) return null;
  return {
    files: failed.map((file) => file.name),
    titles: broken.map(({ file, test }) => `${file.name}: ${test.fullName ?? 'a test'}`),
  };
}

/** What CI prints of tests that passed only the second time: each is a defect to be found, not a success. */
export function unstableLines(found: Suspects): string[] {
  return found.titles.map((title) => `UNSTABLE (failed in the whole run, passed alone): ${title}`);
}
