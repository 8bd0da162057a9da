import type { ReactNode } from 'react';

/** A box whose content scrolls inside, reachable by keyboard. */
export function ScrollBox({ label, look, children }: { label: string; look: string; children: ReactNode }) {
  return (
    // biome-ignore lint/a11y/noNoninteractiveTabindex: without it nobody can scroll it by keyboard
    <section aria-label={label} tabIndex={0} className={look}>
      {children}
    </section>
  );
}
