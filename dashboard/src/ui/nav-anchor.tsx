import { Link, type LinkProps } from '@tanstack/react-router';
import type { ReactNode } from 'react';

/** The quiet link above a title that leads one level up. */
export function NavAnchor({ link, children }: { link: LinkProps; children: ReactNode }) {
  return (
    <Link {...link} className="-ml-1 inline-flex w-fit items-center gap-0.5 rounded-sm pr-1 text-sm text-ink-2 hover:text-ink">
      {children}
    </Link>
  );
}
