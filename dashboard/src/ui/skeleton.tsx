import { cn } from './cn.ts';

/** A grey bar where text will be. */
export function Bar({ width = '100%', tall = false }: { width?: string; tall?: boolean }) {
  return (
    <span
      aria-hidden
      className={cn('block animate-pulse rounded-sm bg-hover', tall ? 'h-6' : 'h-3.5')}
      style={{ width, maxWidth: '100%' }}
    />
  );
}

/** Said to screen readers only. */
export function Announce({ text }: { text: string }) {
  return <output className="sr-only">{text}</output>;
}

/** A few bars in place of a text, announced once. */
export function Skeleton({ lines = 3 }: { lines?: number }) {
  const widths = ['72%', '88%', '54%', '80%', '64%'];
  return (
    <div className="flex flex-col gap-3 py-1">
      <Announce text="Loading" />
      {Array.from({ length: lines }, (_, index) => (
        // biome-ignore lint/suspicious/noArrayIndexKey: bars have no other identity
        <Bar key={index} width={widths[index % widths.length] ?? '70%'} />
      ))}
    </div>
  );
}
