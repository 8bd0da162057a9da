import type { ReactNode } from 'react';

/** Fields beside one another with a button at the end; below one another on phones. */
export function FieldRow({ children }: { children: ReactNode }) {
  return (
    <div className="grid grid-cols-1 items-start gap-3 md:grid-cols-[minmax(0,16rem)_minmax(0,24rem)_auto] md:[&>button]:mt-6 md:[&>button]:h-9 md:[&>button]:justify-self-start">
      {children}
    </div>
  );
}
