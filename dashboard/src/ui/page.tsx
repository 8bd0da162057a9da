import type { LinkProps } from '@tanstack/react-router';
import { ChevronLeft } from 'lucide-react';
import { type ReactNode, useEffect } from 'react';
import { NavAnchor } from './nav-anchor.tsx';

type Props = {
  title: string;
  /** What stands beside the title: a status, a badge. */
  beside?: ReactNode;
  description?: ReactNode;
  actions?: ReactNode;
  back?: { label: string; link: LinkProps };
  /** Pages to read are narrower than lists. */
  width?: 'list' | 'text' | 'full';
  children: ReactNode;
};

const WIDTHS = { list: 'max-w-300', text: 'max-w-220', full: 'max-w-none' };

/** A page: where it belongs, its title, its one primary action, its content. Sets the window's title. */
export function Page({ title, beside, description, actions, back, width = 'list', children }: Props) {
  useEffect(() => {
    document.title = `${title} · Billow`;
  }, [title]);
  return (
    <div className={`mx-auto flex w-full flex-col gap-5 px-4 pt-5 pb-16 sm:px-8 sm:pt-7 ${WIDTHS[width]}`}>
      <header className="flex flex-col gap-1">
        {back && (
          <NavAnchor link={back.link}>
            <ChevronLeft aria-hidden className="size-4" />
            {back.label}
          </NavAnchor>
        )}
        <div className="flex flex-wrap items-start justify-between gap-x-6 gap-y-3">
          <div className="min-w-0">
            <div className="flex flex-wrap items-center gap-x-3 gap-y-1">
              <h1 className="text-xl font-semibold tracking-[-0.012em] text-ink [overflow-wrap:anywhere]">{title}</h1>
              {beside}
            </div>
            {description !== undefined && <div className="mt-0.5 max-w-[72ch] text-base text-pretty text-ink-2">{description}</div>}
          </div>
          {actions !== undefined && <div className="flex flex-wrap items-center gap-2">{actions}</div>}
        </div>
      </header>
      {children}
    </div>
  );
}
