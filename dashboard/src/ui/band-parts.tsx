import { LoaderCircle, type LucideIcon } from 'lucide-react';
import type { ComponentProps, ReactNode } from 'react';

/** A quiet button on the mode's band, in the band's own colours. */
export function BandButton({
  icon: Icon,
  busy = false,
  children,
  ...rest
}: Omit<ComponentProps<'button'>, 'className' | 'style'> & { icon?: LucideIcon; busy?: boolean }) {
  return (
    <button
      type="button"
      {...rest}
      className="inline-flex h-7 items-center gap-1.5 rounded-md px-2 text-sm font-medium outline-current hover:bg-current/10 disabled:pointer-events-none disabled:opacity-60 data-popup-open:bg-current/10 max-sm:h-9"
    >
      {busy ? <LoaderCircle aria-hidden className="size-3.5 animate-spin" /> : Icon && <Icon aria-hidden className="size-3.5" />}
      {children}
    </button>
  );
}

export function BandText({ strong, children }: { strong: ReactNode; children: ReactNode }) {
  return (
    <p className="min-w-0">
      <strong className="font-semibold">{strong}</strong>
      <span className="max-md:hidden"> · {children}</span>
    </p>
  );
}

/** The environment's clock: what it shows, and what moves it. */
export function BandClock({ children }: { children: ReactNode }) {
  return <div className="flex items-center gap-1 tabular-nums max-sm:-ml-1">{children}</div>;
}

/** What is going on, said again to screen readers when it changes. */
export function BandStatus({ children }: { children: ReactNode }) {
  return <output aria-live="polite">{children}</output>;
}
