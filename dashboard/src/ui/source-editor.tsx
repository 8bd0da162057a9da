import { type ReactNode, type RefObject, useImperativeHandle, useRef } from 'react';
import { cn } from './cn.ts';
import { type Piece, piecesOf } from './source-pieces.ts';

export type Problem = { level: 'error' | 'warning'; row: number; column: number; length: number };
export type EditorHandle = { jump(row: number, column: number, length: number): void; insert(text: string): void };

type Props = {
  label: string;
  value: string;
  onChange(value: string): void;
  problems: Problem[];
  handle: RefObject<EditorHandle | null>;
  onSave?: () => void;
};

const COLOURS: Record<Piece['kind'], string> = {
  text: '',
  liquid: 'text-accent',
  directive: 'text-info',
  front: 'text-ink-3',
  heading: 'font-semibold',
};
const BOX = 'pl-12 pr-4 py-3 font-mono text-sm leading-5.5 break-words whitespace-pre-wrap [overflow-wrap:anywhere] [tab-size:2]';

/**
 * A plain text area whose letters are drawn by a copy below it: colours, line numbers and squiggles without an editor library,
 * so that selection, undo, spelling and screen readers stay the browser's own. Ctrl/Cmd-S saves.
 */
export function SourceEditor({ label, value, onChange, problems, handle, onSave }: Props) {
  const area = useRef<HTMLTextAreaElement>(null);
  useImperativeHandle(handle, () => ({
    jump: (row, column, length) => jumpTo(area.current, { value, row, column, length }),
    insert: (text) => insertAt(area.current, text),
  }));
  return (
    <div className="max-h-[70dvh] min-h-80 overflow-y-auto rounded-md border border-field bg-surface focus-within:border-accent focus-within:outline-2 focus-within:outline-accent">
      <div className="relative min-h-80">
        <pre aria-hidden className={cn(BOX, 'pointer-events-none min-h-80 text-ink [counter-reset:line]')}>
          {value.split('\n').map((line, index) => (
            // biome-ignore lint/suspicious/noArrayIndexKey: a line's place is its identity
            <Line key={index} text={line} row={index + 1} problems={problems} isFront={inFront(value, index)} />
          ))}
        </pre>
        <textarea
          ref={area}
          aria-label={label}
          value={value}
          spellCheck
          onChange={(event) => onChange(event.target.value)}
          onKeyDown={(event) => {
            if (!(event.ctrlKey || event.metaKey) || event.key !== 's' || !onSave) return;
            event.preventDefault();
            onSave();
          }}
          className={cn(
            BOX,
            'absolute inset-0 h-full w-full resize-none overflow-hidden bg-transparent text-transparent caret-ink outline-none selection:bg-accent/25 selection:text-transparent',
          )}
        />
      </div>
    </div>
  );
}

function Line({ text, row, problems, isFront }: { text: string; row: number; problems: Problem[]; isFront: boolean }) {
  const here = problems.filter((problem) => problem.row === row);
  const nodes: ReactNode[] = piecesOf(text, { isFront, marks: here }).map((piece) => (
    <span key={piece.at} className={cn(COLOURS[piece.kind], piece.level && `squiggle-${piece.level}`)}>
      {piece.text}
    </span>
  ));
  return <div className="editor-line relative -ml-12 pl-12">{text === '' ? '\u200b' : nodes}</div>;
}

/** Front matter lies between the first two lines of `---`. */
function inFront(value: string, index: number): boolean {
  if (!value.startsWith('---\n')) return false;
  const end = value.indexOf('\n---', 3);
  return end >= 0 && index <= value.slice(0, end + 1).split('\n').length - 1;
}

function jumpTo(area: HTMLTextAreaElement | null, a: { value: string; row: number; column: number; length: number }): void {
  if (!area) return;
  const lines = a.value.split('\n');
  const start = lines.slice(0, a.row - 1).reduce((sum, line) => sum + line.length + 1, 0) + a.column - 1;
  area.focus({ preventScroll: true });
  area.setSelectionRange(start, start + a.length);
  const line = area.parentElement?.querySelectorAll('.editor-line')[a.row - 1];
  line?.scrollIntoView({ block: 'center' });
}

/** By the browser's own insertion, so that undo takes it back. */
function insertAt(area: HTMLTextAreaElement | null, text: string): void {
  if (!area) return;
  area.focus();
  if (!document.execCommand('insertText', false, text)) area.setRangeText(text, area.selectionStart, area.selectionEnd, 'end');
}
