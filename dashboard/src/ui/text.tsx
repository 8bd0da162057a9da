import type { ReactNode } from 'react';
import { cn } from './cn.ts';

const TONES = { ink: 'text-ink', muted: 'text-ink-2', subtle: 'text-ink-3', ok: 'text-ok', warn: 'text-warn', bad: 'text-bad' };
const SIZES = { xs: 'text-xs', sm: 'text-sm', base: 'text-base', lg: 'text-lg' };

type Props = { tone?: keyof typeof TONES; size?: keyof typeof SIZES; strong?: boolean; children: ReactNode };

/** A paragraph of at most a comfortable line length. */
export function Text({ tone = 'ink', size = 'base', strong = false, children }: Props) {
  return <p className={cn('max-w-[72ch] text-pretty', TONES[tone], SIZES[size], strong && 'font-medium')}>{children}</p>;
}

/** A few words inside a line. */
export function Words({
  tone = 'ink',
  size,
  strong = false,
  cut = false,
  children,
}: Omit<Props, 'size'> & { size?: keyof typeof SIZES; cut?: boolean }) {
  return (
    <span
      className={cn(TONES[tone], size && SIZES[size], strong && 'font-medium', cut && 'block min-w-0 truncate')}
      title={cut && typeof children === 'string' ? children : undefined}
    >
      {children}
    </span>
  );
}

/** A heading inside a panel. */
export function Subheading({ children }: { children: ReactNode }) {
  return <h3 className="text-sm font-semibold text-ink">{children}</h3>;
}

/** A list of short sentences. */
export function Bullets({ items }: { items: ReactNode[] }) {
  return (
    <ul className="flex list-disc flex-col gap-1 pl-5 text-base text-ink-2 marker:text-ink-3">
      {items.map((item, index) => (
        // The list is fixed text: its order is its identity.
        // biome-ignore lint/suspicious/noArrayIndexKey: see above
        <li key={index}>{item}</li>
      ))}
    </ul>
  );
}

/** Label and value, below one another in a grid. */
export function Facts({ items, columns = 2 }: { items: [label: string, value: ReactNode][]; columns?: 1 | 2 | 3 }) {
  const grid = { 1: 'grid-cols-1', 2: 'grid-cols-1 sm:grid-cols-2', 3: 'grid-cols-1 sm:grid-cols-2 lg:grid-cols-3' }[columns];
  return (
    <dl className={cn('grid gap-x-6 gap-y-3.5', grid)}>
      {items.map(([label, value]) => (
        <div key={label} className="min-w-0">
          <dt className="text-sm text-ink-3">{label}</dt>
          <dd className="mt-0.5 min-w-0 text-base break-words text-ink">{value}</dd>
        </div>
      ))}
    </dl>
  );
}

export function Kbd({ children }: { children: ReactNode }) {
  return <kbd className="rounded-sm border border-line bg-sunken px-1 font-mono text-xs text-ink-2">{children}</kbd>;
}
