import { RotateCw, TriangleAlert } from 'lucide-react';
import { Button } from './button.tsx';

/** What failed, what to do, and a way to try again. */
export function ErrorState({ what, error, onRetry }: { what: string; error: unknown; onRetry?: () => void }) {
  const { message, fix, requestId } = error as { message?: string; fix?: string | null; requestId?: string | null };
  return (
    <div role="alert" className="flex flex-col items-center gap-3 px-4 py-10 text-center">
      <span className="flex size-10 items-center justify-center rounded-full bg-bad-soft text-bad">
        <TriangleAlert aria-hidden className="size-5" />
      </span>
      <div className="flex flex-col gap-1">
        <p className="text-base font-semibold text-ink">{what}</p>
        <p className="max-w-[60ch] text-base text-ink-2">{[message, fix].filter(Boolean).join(' ')}</p>
        {requestId && <p className="font-mono text-xs text-ink-3">{requestId}</p>}
      </div>
      {onRetry && (
        <Button icon={RotateCw} onClick={onRetry}>
          Try again
        </Button>
      )}
    </div>
  );
}
