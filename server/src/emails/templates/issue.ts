/** What lint says about a template, with the place in the source it speaks of. */

export type LintIssue = {
  level: 'error' | 'warning';
  /** The rule of email.md that the text breaks, such as `L2.1`. */
  rule: string;
  message: string;
  row: number;
  column: number;
  /** The text complained about. */
  found: string;
  /** The nearest thing that would be accepted, when there is one. */
  suggestion?: string;
};

/** A problem at an offset of the source; rows and columns are added once, at the end. */
export type Finding = Omit<LintIssue, 'row' | 'column'> & { offset: number };

/** Row and column (both from 1) of an offset. */
export function positionOf(source: string, offset: number): { row: number; column: number } {
  const before = source.slice(0, offset);
  const row = before.split('\n').length;
  return { row, column: offset - (before.lastIndexOf('\n') + 1) + 1 };
}

export function toIssues(source: string, findings: Finding[]): LintIssue[] {
  return [...findings].sort((a, b) => a.offset - b.offset).map(({ offset, ...rest }) => ({ ...rest, ...positionOf(source, offset) }));
}
