import { Dialog as Base } from '@base-ui/react/dialog';
import { X } from 'lucide-react';
import type { ReactNode } from 'react';
import { IconButton } from './button.tsx';
import { cn } from './cn.ts';

type Props = {
  open: boolean;
  onOpenChange(open: boolean): void;
  title: string;
  description?: ReactNode;
  size?: 'sm' | 'md' | 'lg';
  footer?: ReactNode;
  children?: ReactNode;
};

const SIZES = { sm: 'sm:max-w-110', md: 'sm:max-w-145', lg: 'sm:max-w-220' };

/** Asks for something in front of the page; a sheet from below on phones. Escape closes. */
export function Dialog({ open, onOpenChange, title, description, size = 'md', footer, children }: Props) {
  return (
    <Base.Root open={open} onOpenChange={(next) => onOpenChange(next)}>
      <Base.Portal>
        <Base.Backdrop className="fixed inset-0 z-40 bg-scrim transition-opacity duration-150 data-ending-style:opacity-0 data-starting-style:opacity-0" />
        <Base.Viewport className="fixed inset-0 z-40 flex items-end justify-center overflow-y-auto sm:items-start sm:px-4 sm:pt-[10vh] sm:pb-8">
          <Base.Popup
            className={cn(
              'flex max-h-[92dvh] w-full flex-col rounded-t-xl bg-raised text-ink shadow-raised outline-none transition-[transform,opacity] duration-150 sm:max-h-[82dvh] sm:rounded-xl',
              'data-ending-style:translate-y-2 data-ending-style:opacity-0 data-starting-style:translate-y-2 data-starting-style:opacity-0',
              SIZES[size],
            )}
          >
            <header className="flex items-start justify-between gap-4 px-5 pt-4">
              <div className="min-w-0">
                <Base.Title className="text-lg font-semibold">{title}</Base.Title>
                {description !== undefined && <Base.Description className="mt-0.5 text-base text-ink-2">{description}</Base.Description>}
              </div>
              <Base.Close render={<IconButton icon={X} label="Close" size="sm" />} />
            </header>
            {children !== undefined && <div className="min-h-0 overflow-y-auto px-5 pt-4 pb-5">{children}</div>}
            {footer !== undefined && <footer className="flex flex-wrap justify-end gap-2 border-t border-line px-5 py-3">{footer}</footer>}
          </Base.Popup>
        </Base.Viewport>
      </Base.Portal>
    </Base.Root>
  );
}
