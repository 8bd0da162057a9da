import { Field as Base } from '@base-ui/react/field';
import type { ComponentProps, ReactNode } from 'react';
import { cn } from './cn.ts';

const CONTROL =
  'w-full rounded-md border border-field bg-surface px-2.5 text-base text-ink placeholder:text-ink-3 focus:border-accent focus:outline-2 focus:outline-offset-0 focus:outline-accent aria-invalid:border-bad disabled:opacity-60';

type FieldProps = {
  label: string;
  hint?: ReactNode;
  error?: string | null | undefined;
  hideLabel?: boolean;
  optional?: boolean;
  children: ReactNode;
};

/** A control with its label, a hint and what is wrong with it; the three are tied together for screen readers. */
export function Field({ label, hint, error, hideLabel = false, optional = false, children }: FieldProps) {
  return (
    <Base.Root invalid={Boolean(error)} className="flex min-w-0 flex-col gap-1">
      <Base.Label className={cn('text-sm font-medium text-ink', hideLabel && 'sr-only')}>
        {label}
        {optional && <span className="font-normal text-ink-3"> (optional)</span>}
      </Base.Label>
      {children}
      {hint !== undefined && <Base.Description className="text-sm text-ink-2">{hint}</Base.Description>}
      <Base.Error match={Boolean(error)} className="text-sm text-bad">
        {error}
      </Base.Error>
    </Base.Root>
  );
}

type InputProps = Omit<ComponentProps<typeof Base.Control>, 'className' | 'style' | 'size'> & { mono?: boolean; compact?: boolean };

export function TextInput({ mono = false, compact = false, ...rest }: InputProps) {
  return <Base.Control {...rest} className={cn(CONTROL, compact ? 'h-7.5 text-sm' : 'h-9 max-sm:h-10', mono && 'font-mono text-sm')} />;
}

export function TextArea({
  mono = false,
  rows = 4,
  ...rest
}: Omit<ComponentProps<'textarea'>, 'className' | 'style'> & { mono?: boolean }) {
  return <Base.Control render={<textarea rows={rows} {...rest} />} className={cn(CONTROL, 'py-2', mono && 'font-mono text-sm')} />;
}
