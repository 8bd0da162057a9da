import type { ReactNode } from 'react';
import { cn } from './cn.ts';

const GAPS = { none: 'gap-0', xs: 'gap-1', sm: 'gap-2', md: 'gap-4', lg: 'gap-6', xl: 'gap-8' };
export type Gap = keyof typeof GAPS;

/** Things below one another. */
export function Stack({ gap = 'md', children }: { gap?: Gap; children: ReactNode }) {
  return <div className={cn('flex min-w-0 flex-col', GAPS[gap])}>{children}</div>;
}

/** Things beside one another; wraps where there is no room. */
export function Inline({
  gap = 'sm',
  align = 'center',
  spread = false,
  children,
}: {
  gap?: Gap;
  align?: 'center' | 'start' | 'end' | 'baseline';
  spread?: boolean;
  children: ReactNode;
}) {
  const aligned = { center: 'items-center', start: 'items-start', end: 'items-end', baseline: 'items-baseline' }[align];
  return <div className={cn('flex min-w-0 flex-wrap', aligned, spread && 'justify-between', GAPS[gap])}>{children}</div>;
}

/** Equal cards, as many in a row as there is room for. */
export function Grid({ min = 'md', gap = 'md', children }: { min?: 'sm' | 'md' | 'lg'; gap?: Gap; children: ReactNode }) {
  const columns = {
    sm: 'grid-cols-[repeat(auto-fit,minmax(min(100%,11rem),1fr))]',
    md: 'grid-cols-[repeat(auto-fit,minmax(min(100%,17rem),1fr))]',
    lg: 'grid-cols-[repeat(auto-fit,minmax(min(100%,24rem),1fr))]',
  }[min];
  return <div className={cn('grid', columns, GAPS[gap])}>{children}</div>;
}

/** A main part and a narrower one beside it; below it on narrow screens. */
export function Split({ main, aside, even = false }: { main: ReactNode; aside: ReactNode; even?: boolean }) {
  return (
    <div className={cn('grid grid-cols-1 items-start gap-6', even ? 'xl:grid-cols-2' : 'lg:grid-cols-[minmax(0,1fr)_22rem]')}>
      <div className="min-w-0">{main}</div>
      <div className="min-w-0">{aside}</div>
    </div>
  );
}

/** The usual distance from a flush panel's edges. */
export function Inset({ children }: { children: ReactNode }) {
  return <div className="px-4 py-4 sm:px-5">{children}</div>;
}

type PanelProps = { title?: ReactNode; description?: ReactNode; actions?: ReactNode; flush?: boolean; children: ReactNode };

/** A titled box. `flush` lets a table or a mail reach its edges. */
export function Panel({ title, description, actions, flush = false, children }: PanelProps) {
  return (
    <section className="min-w-0 rounded-lg border border-line bg-surface shadow-panel">
      {title !== undefined && (
        <header className="flex flex-wrap items-center justify-between gap-x-4 gap-y-2 border-b border-line px-4 py-2.5 sm:px-5">
          <div className="min-w-0">
            <h2 className="text-base font-semibold text-ink">{title}</h2>
            {description !== undefined && <p className="text-sm text-ink-2">{description}</p>}
          </div>
          {actions !== undefined && <div className="flex items-center gap-2">{actions}</div>}
        </header>
      )}
      <div className={flush ? 'overflow-hidden rounded-b-lg' : 'px-4 py-4 sm:px-5'}>{children}</div>
    </section>
  );
}
