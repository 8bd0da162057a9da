import { CircleX, TriangleAlert } from 'lucide-react';

export type ListedProblem = {
  level: 'error' | 'warning';
  row: number;
  column: number;
  message: string;
  rule: string;
  suggestion?: string | undefined;
};

/** What is wrong with a text, by position; a press leads there. */
export function ProblemList({ problems, onJump }: { problems: ListedProblem[]; onJump(problem: ListedProblem): void }) {
  return (
    <ul aria-label="Problems" className="flex flex-col divide-y divide-line rounded-md border border-line bg-surface">
      {problems.map((problem, index) => (
        // biome-ignore lint/suspicious/noArrayIndexKey: two problems may be equal
        <li key={index}>
          <button
            type="button"
            onClick={() => onJump(problem)}
            className="flex w-full items-start gap-2 px-3 py-2 text-left text-sm hover:bg-hover"
          >
            {problem.level === 'error' ? (
              <CircleX aria-label="Error" className="mt-0.5 size-4 shrink-0 text-bad" />
            ) : (
              <TriangleAlert aria-label="Warning" className="mt-0.5 size-4 shrink-0 text-warn" />
            )}
            <span className="min-w-0 flex-1 [overflow-wrap:anywhere] text-ink">
              {problem.message}
              {problem.suggestion && <span className="text-ink-2"> Did you mean {problem.suggestion}?</span>}
            </span>
            <span className="shrink-0 font-mono text-xs text-ink-3 tabular-nums">
              {problem.row}:{problem.column}
            </span>
          </button>
        </li>
      ))}
    </ul>
  );
}
