import type { LucideIcon } from 'lucide-react';
import type { ReactNode } from 'react';

/** What this place is for and how to get the first one. */
export function EmptyState({
  icon: Icon,
  title,
  children,
  action,
}: {
  icon: LucideIcon;
  title: string;
  children: ReactNode;
  action?: ReactNode;
}) {
  return (
    <div className="flex flex-col items-center gap-3 px-4 py-12 text-center">
      <span className="flex size-10 items-center justify-center rounded-full bg-accent-soft text-accent">
        <Icon aria-hidden className="size-5" />
      </span>
      <div className="flex flex-col gap-1">
        <p className="text-base font-semibold text-ink">{title}</p>
        <div className="max-w-[56ch] text-base text-pretty text-ink-2">{children}</div>
      </div>
      {action}
    </div>
  );
}
