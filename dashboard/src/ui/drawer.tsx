import { Dialog as Base } from '@base-ui/react/dialog';
import { X } from 'lucide-react';
import type { ReactNode } from 'react';
import { IconButton } from './button.tsx';

type Props = { open: boolean; onOpenChange(open: boolean): void; title: string; side?: 'left' | 'right'; children: ReactNode };

/** A panel from the side, over the page. */
export function Drawer({ open, onOpenChange, title, side = 'right', children }: Props) {
  const place =
    side === 'left'
      ? 'left-0 data-ending-style:-translate-x-full data-starting-style:-translate-x-full'
      : 'right-0 data-ending-style:translate-x-full data-starting-style:translate-x-full';
  const width = side === 'left' ? 'w-[min(18rem,85vw)]' : 'w-[min(34rem,100vw)]';
  return (
    <Base.Root open={open} onOpenChange={(next) => onOpenChange(next)}>
      <Base.Portal>
        <Base.Backdrop className="fixed inset-0 z-40 bg-scrim transition-opacity duration-150 data-ending-style:opacity-0 data-starting-style:opacity-0" />
        <Base.Popup
          className={`fixed inset-y-0 z-40 flex ${width} flex-col bg-raised text-ink shadow-raised outline-none transition-transform duration-200 ease-out ${place}`}
        >
          <header className="flex items-center justify-between gap-3 border-b border-line px-4 py-2.5">
            <Base.Title className="min-w-0 truncate text-lg font-semibold">{title}</Base.Title>
            <Base.Close render={<IconButton icon={X} label="Close" size="sm" />} />
          </header>
          <div className="min-h-0 flex-1 overflow-y-auto p-4">{children}</div>
        </Base.Popup>
      </Base.Portal>
    </Base.Root>
  );
}
