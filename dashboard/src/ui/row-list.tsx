import { Link, type LinkProps } from '@tanstack/react-router';
import { ChevronRight } from 'lucide-react';
import type { ReactNode } from 'react';
import { cn } from './cn.ts';

export type RowItem = { id: string; icon?: ReactNode; title: ReactNode; detail?: ReactNode; end?: ReactNode; link?: LinkProps };

/** Short rows that lead somewhere. */
export function RowList({
  items,
  label,
  wrap = false,
}: {
  items: RowItem[];
  label: string /** Whole sentences instead of one line each. */;
  wrap?: boolean;
}) {
  return (
    <ul aria-label={label} className="flex flex-col divide-y divide-line">
      {items.map((item) => (
        <li key={item.id} className="relative">
          {item.link ? (
            <Link {...item.link} className="flex items-center gap-3 px-4 py-2.5 outline-offset-[-2px] hover:bg-hover sm:px-5">
              <RowBody {...item} wrap={wrap} />
              <ChevronRight aria-hidden className="size-4 shrink-0 text-ink-3" />
            </Link>
          ) : (
            <div className="flex items-center gap-3 px-4 py-2.5 sm:px-5">
              <RowBody {...item} wrap={wrap} />
            </div>
          )}
        </li>
      ))}
    </ul>
  );
}

function RowBody({ icon, title, detail, end, wrap }: RowItem & { wrap: boolean }) {
  return (
    <>
      {icon}
      <span className="min-w-0 flex-1">
        <span className={cn('block text-base font-medium text-ink', !wrap && 'truncate')}>{title}</span>
        {detail && <span className={cn('block text-sm text-ink-2', !wrap && 'truncate')}>{detail}</span>}
      </span>
      {end && <span className="shrink-0 text-sm text-ink-2">{end}</span>}
    </>
  );
}
