import { createLink } from '@tanstack/react-router';
import { ExternalLink } from 'lucide-react';
import type { ComponentProps, ReactNode } from 'react';

type Props = Omit<ComponentProps<'a'>, 'className' | 'style'>;

function Anchor(props: Props) {
  return <a {...props} className="rounded-sm text-accent underline decoration-accent/35 underline-offset-3 hover:decoration-accent" />;
}

/** A link inside text. */
export const TextLink = createLink(Anchor);

/** A link that leaves the dashboard, in a new tab. */
export function OutLink({ href, children }: { href: string; children: ReactNode }) {
  return (
    <a
      href={href}
      target="_blank"
      rel="noreferrer"
      className="inline-flex items-center gap-1 rounded-sm text-accent underline decoration-accent/35 underline-offset-3 hover:decoration-accent"
    >
      {children}
      <ExternalLink aria-label="(new tab)" className="size-3.5" />
    </a>
  );
}
