import { cn } from './cn.ts';
import { type DiffLine, diffLines } from './diff-lines.ts';
import { ScrollBox } from './scroll-box.tsx';

const LOOKS: Record<DiffLine['kind'], [string, string, string]> = {
  same: ['', ' ', ''],
  added: ['bg-ok-soft', '+', 'added'],
  removed: ['bg-bad-soft', '−', 'removed'],
};

/** What changed between two texts, line by line. */
export function Diff({ before, after, label }: { before: string; after: string; label: string }) {
  const lines = diffLines(before, after);
  return (
    <ScrollBox label={label} look="max-h-110 overflow-auto rounded-md border border-line bg-surface py-2 font-mono text-xs leading-5">
      {lines.map((line, index) => {
        const [colour, sign, word] = LOOKS[line.kind];
        return (
          // biome-ignore lint/suspicious/noArrayIndexKey: a line's place is its identity
          <div key={index} className={cn('flex gap-2 px-3 whitespace-pre-wrap', colour)}>
            <span aria-hidden className="w-3 shrink-0 text-ink-3 select-none">
              {sign}
            </span>
            {word && <span className="sr-only">{word}: </span>}
            <span className="min-w-0 break-words">{line.text || ' '}</span>
          </div>
        );
      })}
    </ScrollBox>
  );
}
