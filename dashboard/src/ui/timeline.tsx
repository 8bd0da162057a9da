import type { LucideIcon } from 'lucide-react';
import type { ReactNode } from 'react';
import { cn } from './cn.ts';

export type TimelineEntry = {
  id: string;
  icon: LucideIcon;
  tone?: 'neutral' | 'ok' | 'warn' | 'bad' | 'accent';
  title: ReactNode;
  when: ReactNode;
  detail?: ReactNode;
};

const TONES = {
  neutral: 'bg-sunken text-ink-2',
  ok: 'bg-ok-soft text-ok',
  warn: 'bg-warn-soft text-warn',
  bad: 'bg-bad-soft text-bad',
  accent: 'bg-accent-soft text-accent',
};

/** What happened, in order, on one line. */
export function Timeline({ entries }: { entries: TimelineEntry[] }) {
  return (
    <ol className="flex flex-col">
      {entries.map(({ id, icon: Icon, tone = 'neutral', title, when, detail }, index) => (
        <li key={id} className="relative flex gap-3 pb-5 last:pb-0">
          {index < entries.length - 1 && <span aria-hidden className="absolute top-7 bottom-0 left-3.5 w-px bg-line" />}
          <span className={cn('flex size-7 shrink-0 items-center justify-center rounded-full', TONES[tone])}>
            <Icon aria-hidden className="size-3.5" />
          </span>
          <div className="min-w-0 flex-1 pt-0.5">
            <div className="flex flex-wrap items-baseline justify-between gap-x-3">
              <span className="text-base font-medium text-ink">{title}</span>
              <span className="text-xs text-ink-3">{when}</span>
            </div>
            {detail && <div className="text-sm [overflow-wrap:anywhere] text-ink-2">{detail}</div>}
          </div>
        </li>
      ))}
    </ol>
  );
}
