import { Toast as Base } from '@base-ui/react/toast';
import { CircleCheck, CircleX, X } from 'lucide-react';
import type { ReactNode } from 'react';
import { IconButton } from './button.tsx';

const manager = Base.createToastManager();
const SHOWN_MS = 6000;

/** Says that something was done. */
export function toastDone(title: string, description?: string): void {
  manager.add({ title, type: 'done', timeout: SHOWN_MS, ...(description === undefined ? {} : { description }) });
}

/** Says what failed and what to do; stays until it is closed. */
export function toastFailed(title: string, error: unknown): void {
  const { message, fix } = error as { message?: string; fix?: string | null };
  manager.add({ title, type: 'failed', timeout: 0, priority: 'high', description: [message, fix].filter(Boolean).join(' ') });
}

/** Where toasts appear; once, around everything. */
export function Toasts({ children }: { children: ReactNode }) {
  return (
    <Base.Provider toastManager={manager}>
      {children}
      <Base.Portal>
        <Base.Viewport className="fixed inset-x-3 bottom-3 z-60 flex flex-col gap-2 sm:left-auto sm:w-96">
          <List />
        </Base.Viewport>
      </Base.Portal>
    </Base.Provider>
  );
}

function List() {
  const { toasts } = Base.useToastManager();
  return toasts.map((toast) => (
    <Base.Root
      key={toast.id}
      toast={toast}
      className="animate-appear rounded-lg bg-raised shadow-raised transition-opacity data-ending-style:opacity-0 data-limited:hidden"
    >
      <Base.Content className="flex items-start gap-2.5 py-2.5 pr-2 pl-3.5">
        {toast.type === 'failed' ? (
          <CircleX aria-hidden className="mt-1 size-4 shrink-0 text-bad" />
        ) : (
          <CircleCheck aria-hidden className="mt-1 size-4 shrink-0 text-ok" />
        )}
        <div className="min-w-0 flex-1 py-0.5">
          <Base.Title className="text-base font-medium text-ink" />
          <Base.Description className="text-sm text-ink-2" />
        </div>
        <Base.Close render={<IconButton icon={X} label="Close" size="sm" />} />
      </Base.Content>
    </Base.Root>
  ));
}
