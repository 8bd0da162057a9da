import { expect, test } from 'vitest';
import { exitCode, type Report, summarize, summaryLine } from './summary.ts';

const report = (part: Partial<Report>): Report => ({
  numPassedTests: 0,
  numFailedTests: 0,
  numPendingTests: 0,
  numTodoTests: 0,
  testResults: [],
  ...part,
});

test('a clean run names no skipped tests', () => {
  expect(summaryLine(summarize(report({ numPassedTests: 12 })))).toBe('12 passed, 0 failed');
});

test('skipped tests are named where there are some', () => {
  expect(summaryLine(summarize(report({ numPassedTests: 1, numPendingTests: 2, numTodoTests: 1 })))).toBe('1 passed, 0 failed, 3 skipped');
});

test('a file that does not load counts as a failure, a file with failed tests is not counted twice', () => {
  const testResults = [
    { name: 'broken.test.ts', status: 'failed', assertionResults: [] },
    { name: 'red.test.ts', status: 'failed', assertionResults: [{ status: 'failed' }, { status: 'passed' }] },
  ];
  expect(summarize(report({ numPassedTests: 1, numFailedTests: 1, testResults }))).toEqual({ passed: 1, failed: 2, skipped: 0 });
});

test('a run without an executed test fails even when the runner is content', () => {
  expect(exitCode({ passed: 0, failed: 0, skipped: 4 }, 0)).toBe(1);
  expect(exitCode({ passed: 1, failed: 0, skipped: 0 }, 0)).toBe(0);
  expect(exitCode({ passed: 9, failed: 0, skipped: 0 }, 130)).toBe(130);
});
