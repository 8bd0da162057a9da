import type { ReactNode } from 'react';
import { cn } from './cn.ts';

/** A list and the thing chosen in it; on narrow screens one of the two. */
export function MasterDetail({ list, detail, chosen }: { list: ReactNode; detail: ReactNode; chosen: boolean }) {
  return (
    <div className="grid min-h-120 grid-cols-1 rounded-lg border border-line bg-surface shadow-panel lg:grid-cols-[22rem_minmax(0,1fr)]">
      <div className={cn('min-w-0 border-line lg:border-r', chosen && 'max-lg:hidden')}>{list}</div>
      <div className={cn('min-w-0 p-4 sm:p-5', !chosen && 'max-lg:hidden')}>{detail}</div>
    </div>
  );
}

export type MailRow = { id: string; who: string; subject: string; when: ReactNode; chosen: boolean };

/** Mails as a reader's list; arrow keys move, Enter opens. */
export function MailList({ rows, onOpen }: { rows: MailRow[]; onOpen(id: string): void }) {
  return (
    <ul
      aria-label="Mails"
      className="flex flex-col divide-y divide-line overflow-y-auto lg:max-h-[calc(100dvh-14rem)]"
      onKeyDown={(event) => {
        const step = { ArrowDown: 1, ArrowUp: -1 }[event.key];
        if (step === undefined) return;
        const buttons = [...event.currentTarget.querySelectorAll('button')];
        const next = buttons[buttons.indexOf(document.activeElement as HTMLButtonElement) + step];
        if (!next) return;
        event.preventDefault();
        next.focus();
      }}
    >
      {rows.map((row) => (
        <li key={row.id}>
          <button
            type="button"
            aria-current={row.chosen ? 'true' : undefined}
            onClick={() => onOpen(row.id)}
            className={cn('block w-full px-4 py-2.5 text-left outline-offset-[-2px]', row.chosen ? 'bg-accent-soft' : 'hover:bg-hover')}
          >
            <span className="flex items-baseline justify-between gap-2 text-sm text-ink-2">
              <span className="min-w-0 truncate">{row.who}</span>
              <span className="shrink-0 text-xs text-ink-3">{row.when}</span>
            </span>
            <span className="block truncate text-base font-medium text-ink">{row.subject}</span>
          </button>
        </li>
      ))}
    </ul>
  );
}

/** A thin bar over the list: filters and a menu. */
export function ListBar({ children }: { children: ReactNode }) {
  return <div className="flex flex-wrap items-center gap-2 border-b border-line px-4 py-2.5">{children}</div>;
}

/** Only on narrow screens: the way from the detail back to the list. */
export function NarrowOnly({ children }: { children: ReactNode }) {
  return <div className="lg:hidden">{children}</div>;
}
