import { CircleCheck, Info, type LucideIcon, OctagonAlert, TriangleAlert } from 'lucide-react';
import type { ReactNode } from 'react';
import { cn } from './cn.ts';

type Tone = 'info' | 'ok' | 'warn' | 'bad';
const TONES: Record<Tone, [string, LucideIcon]> = {
  info: ['bg-info-soft text-info', Info],
  ok: ['bg-ok-soft text-ok', CircleCheck],
  warn: ['bg-warn-soft text-warn', TriangleAlert],
  bad: ['bg-bad-soft text-bad', OctagonAlert],
};

/** Something to know before reading on; with what to do about it. */
export function Callout({
  tone = 'info',
  title,
  action,
  children,
}: {
  tone?: Tone;
  title: string;
  action?: ReactNode;
  children?: ReactNode;
}) {
  const [colour, Icon] = TONES[tone];
  return (
    <div role={tone === 'bad' ? 'alert' : 'note'} className={cn('flex flex-wrap items-start gap-x-3 gap-y-2 rounded-lg px-4 py-3', colour)}>
      <Icon aria-hidden className="mt-0.5 size-4.5 shrink-0" />
      <div className="min-w-0 flex-1 basis-60">
        <p className="text-base font-medium">{title}</p>
        {children !== undefined && <div className="max-w-[72ch] text-base text-ink-2">{children}</div>}
      </div>
      {action}
    </div>
  );
}
