import { LoaderCircle } from 'lucide-react';

/** The whole window waits. */
export function Loading({ label }: { label: string }) {
  return (
    <div role="status" className="flex min-h-dvh items-center justify-center gap-2 text-base text-ink-2">
      <LoaderCircle aria-hidden className="size-4 animate-spin" />
      {label} …
    </div>
  );
}
