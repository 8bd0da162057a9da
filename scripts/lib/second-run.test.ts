import { describe, expect, test } from 'vitest';
import { suspects, unstableLines } from './second-run.ts';
import type { Report } from './summary.ts';

function report(files: { name: string; failures?: { fullName: string; message: string }[] }[]): Report {
  return {
    numPassedTests: 1,
    numFailedTests: files.flatMap((file) => file.failures ?? []).length,
    numPendingTests: 0,
    numTodoTests: 0,
    testResults: files.map((file) => ({
      name: file.name,
      status: file.failures ? 'failed' : 'passed',
      assertionResults: [
        { status: 'passed' },
        ...(file.failures ?? []).map((one) => ({ status: 'failed', fullName: one.fullName, failureMessages: [one.message] })),
      ],
    })),
  };
}
const late = { fullName: 'a refund arrives', message: 'Test timed out' };

describe('which failed files CI runs once more', () => {
  test('none after a green run', () => {
    expect(suspects(report([{ name: 'a.test.ts' }]))).toBeNull();
  });

  test('a few, named with their tests', () => {
    const found = suspects(report([{ name: 'a.test.ts' }, { name: 'b.test.ts', failures: [late] }]));
    expect(found?.files).toEqual(['b.test.ts']);
    expect(unstableLines(found as NonNullable<typeof found>)).toEqual([
      'UNSTABLE (failed in the whole run, passed alone): b.test.ts: a refund arrives',
    ]);
  });

  test('a file that could not be loaded', () => {
    expect(suspects(report([{ name: 'c.test.ts', failures: [] }]))).toEqual({ files: ['c.test.ts'], titles: [] });
  });

  test('none where many failed: that is no accident', () => {
    expect(suspects(report(['a', 'b', 'c', 'd'].map((name) => ({ name, failures: [late] }))))).toBeNull();
  });

  test('none where a property has a counterexample: another seed proves nothing', () => {
    const found = { fullName: 'sums agree', message: 'Property failed after 3 tests\nCounterexample: [0]' };
    expect(suspects(report([{ name: 'a.test.ts', failures: [found] }]))).toBeNull();
  });
});
