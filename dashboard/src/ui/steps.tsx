import { Check } from 'lucide-react';
import type { ReactNode } from 'react';
import { cn } from './cn.ts';

export type Step = { id: string; title: string; done: boolean; body: ReactNode; action?: ReactNode };

/** First steps: the system checks them off by itself; the first open one is unfolded. */
export function Steps({ steps }: { steps: Step[] }) {
  const current = steps.find(({ done }) => !done)?.id;
  return (
    <ol className="flex flex-col">
      {steps.map(({ id, title, done, body, action }, index) => (
        <li key={id} className="relative flex gap-3.5 pb-5 last:pb-0">
          {index < steps.length - 1 && <span aria-hidden className="absolute top-7 bottom-0 left-3 w-px bg-line" />}
          <span
            className={cn(
              'flex size-6 shrink-0 items-center justify-center rounded-full text-xs font-semibold',
              done ? 'bg-ok-soft text-ok' : id === current ? 'bg-accent text-on-accent' : 'bg-sunken text-ink-3',
            )}
          >
            {done ? <Check aria-hidden className="size-3.5" /> : index + 1}
          </span>
          <div className="min-w-0 flex-1">
            <p className={cn('text-base font-medium', done ? 'text-ink-2' : 'text-ink')}>
              {title}
              {done && <span className="sr-only"> (done)</span>}
            </p>
            {id === current && (
              <div className="mt-1 flex flex-col items-start gap-2.5 text-base text-ink-2">
                {body}
                {action}
              </div>
            )}
          </div>
        </li>
      ))}
    </ol>
  );
}
