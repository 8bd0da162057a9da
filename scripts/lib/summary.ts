/** The part of vitest's JSON report (Jest's form) that the summary reads. */
export type Report = {
  numPassedTests: number;
  numFailedTests: number;
  numPendingTests: number;
  numTodoTests: number;
  testResults: { name: string; status: string; assertionResults: Assertion[] }[];
};

export type Assertion = { status: string; fullName?: string; failureMessages?: string[] };

export type Summary = { passed: number; failed: number; skipped: number };

/** Counts tests; a file that could not even be loaded is one failure, since the report counts no test for it. */
export function summarize(report: Report): Summary {
  const brokenFiles = report.testResults.filter(
    (file) => file.status === 'failed' && !file.assertionResults.some((test) => test.status === 'failed'),
  );
  return {
    passed: report.numPassedTests,
    failed: report.numFailedTests + brokenFiles.length,
    skipped: report.numPendingTests + report.numTodoTests,
  };
}

/** `12 passed, 0 failed`, with `, 3 skipped` where some are. */
export function summaryLine(summary: Summary): string {
  const skipped = summary.skipped > 0 ? `, ${summary.skipped} skipped` : '';
  return `${summary.passed} passed, ${summary.failed} failed${skipped}`;
}

/** A run without a single executed test proves nothing and fails, whatever the runner said. */
export function exitCode(summary: Summary, runnerCode: number): number {
  if (runnerCode !== 0) return runnerCode;
  return summary.failed > 0 || summary.passed === 0 ? 1 : 0;
}
