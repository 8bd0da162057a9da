import { Link, type LinkProps } from '@tanstack/react-router';
import { type LucideIcon, Menu as MenuIcon } from 'lucide-react';
import { type ReactNode, useState } from 'react';
import type { Mode } from '../api/types.ts';
import { IconButton } from './button.tsx';
import { cn } from './cn.ts';
import { Drawer } from './drawer.tsx';

export type NavItem = { label: string; link: LinkProps; icon: LucideIcon; exact?: boolean };
export type NavGroup = { label?: string; items: NavItem[] };

type Props = {
  band: ReactNode;
  hasBand: boolean;
  nav: NavGroup[];
  top: ReactNode;
  bottom: ReactNode;
  compactTitle: ReactNode;
  pageKey: string;
  children: ReactNode;
};

/** The frame of all pages: the mode's band, the navigation at the left (a drawer on phones), the page. */
export function AppFrame({ band, hasBand, nav, top, bottom, compactTitle, pageKey, children }: Props) {
  const [open, setOpen] = useState<string | null>(null);
  return (
    <div className={cn('flex min-h-dvh flex-col', hasBand ? '[--band:2.25rem]' : '[--band:0rem]')}>
      <a
        href="#page"
        className="sr-only z-60 rounded-md bg-accent px-3 py-2 text-on-accent focus:not-sr-only focus:fixed focus:top-2 focus:left-2"
      >
        Skip to the page
      </a>
      {band}
      <div className="sticky top-0 z-30 flex items-center gap-2 border-b border-line bg-surface px-2 py-1.5 lg:hidden">
        <IconButton icon={MenuIcon} label="Open navigation" onClick={() => setOpen(pageKey)} />
        <div className="min-w-0 flex-1">{compactTitle}</div>
      </div>
      <Drawer open={open === pageKey} onOpenChange={(next) => setOpen(next ? pageKey : null)} title="Billow" side="left">
        <div className="flex min-h-full flex-col gap-4">
          {top}
          <Navigation nav={nav} />
          <div className="mt-auto">{bottom}</div>
        </div>
      </Drawer>
      <div className="flex flex-1">
        <aside className="sticky top-(--band) hidden h-[calc(100dvh-var(--band))] w-60 shrink-0 flex-col gap-4 overflow-y-auto border-r border-line bg-sunken px-3 py-3 lg:flex">
          {top}
          <Navigation nav={nav} />
          <div className="mt-auto">{bottom}</div>
        </aside>
        <main id="page" tabIndex={-1} className="min-w-0 flex-1 outline-none">
          {children}
        </main>
      </div>
    </div>
  );
}

function Navigation({ nav }: { nav: NavGroup[] }) {
  return (
    <nav aria-label="Main" className="flex flex-col gap-4">
      {nav.map((group) => (
        <div key={group.label ?? 'first'}>
          {group.label && <p className="px-2 pb-1 text-xs font-medium text-ink-3">{group.label}</p>}
          <ul className="flex flex-col gap-px">
            {group.items.map(({ label, link, icon: Icon, exact = false }) => (
              <li key={label}>
                <Link
                  {...link}
                  activeOptions={{ exact, includeSearch: false }}
                  className="flex h-8 items-center gap-2.5 rounded-md px-2 text-base max-lg:h-10"
                  inactiveProps={{ className: 'text-ink-2 hover:bg-hover hover:text-ink' }}
                  activeProps={{ className: 'bg-accent-soft text-accent font-medium', 'aria-current': 'page' }}
                >
                  <Icon aria-hidden className="size-4 shrink-0" />
                  {label}
                </Link>
              </li>
            ))}
          </ul>
        </div>
      ))}
    </nav>
  );
}

const BANDS: Record<Exclude<Mode, 'live'>, string> = { sandbox: 'bg-sandbox text-on-sandbox', test: 'bg-test text-on-test' };

/** The mode over the page: amber where nothing is real, blue where the account is real and the money is not, nothing in Live. */
export function ModeBand({ mode, children }: { mode: Mode; children: ReactNode }) {
  if (mode === 'live') return null;
  return (
    <section
      aria-label="Mode"
      className={cn(
        'flex min-h-9 items-center justify-between gap-x-4 px-3 text-sm max-lg:flex-wrap max-lg:py-0.5 sm:px-5 lg:sticky lg:top-0 lg:z-30 lg:h-9',
        BANDS[mode],
      )}
    >
      {children}
    </section>
  );
}

const MARKS: Record<Mode, string> = { sandbox: 'bg-sandbox-mark', test: 'bg-test-mark', live: 'bg-live-mark' };

/** A dot in the mode's colour, beside the mode's word. */
export function ModeDot({ mode }: { mode: Mode }) {
  return <span aria-hidden className={cn('inline-block size-2 shrink-0 rounded-full', MARKS[mode])} />;
}

export const MODE_WORDS: Record<Mode, string> = { sandbox: 'Sandbox', test: 'Test', live: 'Live' };
