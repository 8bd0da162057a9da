import { ChevronsUpDown } from 'lucide-react';
import type { ComponentProps, ReactNode } from 'react';

/** The wide button at the top and bottom of the navigation: two lines and a hint that it opens. */
export function IdentityButton({
  before,
  title,
  detail,
  purpose,
  ...rest
}: Omit<ComponentProps<'button'>, 'className' | 'title'> & {
  before: ReactNode;
  title: ReactNode;
  detail: ReactNode /** What it opens, for screen readers. */;
  purpose: string;
}) {
  return (
    <button
      type="button"
      {...rest}
      className="flex w-full min-w-0 items-center gap-2.5 rounded-md px-2 py-1.5 text-left hover:bg-hover data-popup-open:bg-hover"
    >
      {before}
      <span className="min-w-0 flex-1">
        <span className="block truncate text-sm font-semibold text-ink">{title}</span>
        <span className="flex items-center gap-1.5 truncate text-xs text-ink-2">{detail}</span>
      </span>
      <span className="sr-only">{purpose}</span>
      <ChevronsUpDown aria-hidden className="size-3.5 shrink-0 text-ink-3" />
    </button>
  );
}

/** The first letter of a name in a circle. */
export function Initial({ name }: { name: string }) {
  return (
    <span
      aria-hidden
      className="flex size-6 shrink-0 items-center justify-center rounded-full bg-accent text-xs font-semibold text-on-accent"
    >
      {name.trim().charAt(0).toUpperCase() || '?'}
    </span>
  );
}
