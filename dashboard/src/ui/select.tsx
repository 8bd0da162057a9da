import { Select as Base } from '@base-ui/react/select';
import { Check, ChevronsUpDown } from 'lucide-react';
import { cn } from './cn.ts';

export type Choice = { value: string; label: string; hint?: string };

type Props = {
  /** Read aloud where no visible label stands beside. */
  label: string;
  value: string;
  choices: readonly Choice[];
  onChange(value: string): void;
  compact?: boolean;
  /** Before the chosen word, e.g. "Status". */
  prefix?: string;
  disabled?: boolean;
};

/** One of a few. Type to jump, arrows to move. */
export function Select({ label, value, choices, onChange, compact = false, prefix, disabled = false }: Props) {
  return (
    <Base.Root value={value} items={choices} disabled={disabled} onValueChange={(next: string | null) => next !== null && onChange(next)}>
      <Base.Trigger
        aria-label={label}
        className={cn(
          'inline-flex min-w-0 items-center justify-between gap-2 rounded-md border bg-surface text-left text-ink hover:bg-hover disabled:opacity-60',
          compact ? 'h-7.5 border-line px-2.5 text-sm max-sm:h-9' : 'h-9 w-full border-field px-2.5 text-base max-sm:h-10',
        )}
      >
        <span className="min-w-0 truncate">
          {prefix && <span className="text-ink-3">{prefix}: </span>}
          <Base.Value />
        </span>
        <Base.Icon>
          <ChevronsUpDown aria-hidden className="size-3.5 text-ink-3" />
        </Base.Icon>
      </Base.Trigger>
      <Base.Portal>
        <Base.Positioner sideOffset={4} alignItemWithTrigger={false} className="z-50 outline-none">
          <Base.Popup className="max-h-[min(var(--available-height),22rem)] max-w-[min(28rem,var(--available-width))] min-w-(--anchor-width) overflow-y-auto rounded-lg bg-raised p-1 shadow-raised outline-none">
            {choices.map((choice) => (
              <Base.Item
                key={choice.value}
                value={choice.value}
                className="grid cursor-pointer grid-cols-[1rem_1fr] items-start gap-x-2 rounded-md py-1.5 pr-3 pl-2 text-sm text-ink outline-none select-none data-highlighted:bg-hover"
              >
                <Base.ItemIndicator className="col-start-1 mt-0.5">
                  <Check aria-hidden className="size-4 text-accent" />
                </Base.ItemIndicator>
                <span className="col-start-2 min-w-0">
                  <Base.ItemText>{choice.label}</Base.ItemText>
                  {choice.hint && <span className="block truncate text-xs text-ink-3">{choice.hint}</span>}
                </span>
              </Base.Item>
            ))}
          </Base.Popup>
        </Base.Positioner>
      </Base.Portal>
    </Base.Root>
  );
}
