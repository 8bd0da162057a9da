import { Toggle } from '@base-ui/react/toggle';
import { ToggleGroup } from '@base-ui/react/toggle-group';
import type { LucideIcon } from 'lucide-react';

/** One of two or three, all visible. */
export function Segmented({
  label,
  value,
  onChange,
  choices,
}: {
  label: string;
  value: string;
  onChange(value: string): void;
  choices: { value: string; label: string; icon?: LucideIcon }[];
}) {
  return (
    <ToggleGroup
      aria-label={label}
      value={[value]}
      onValueChange={(next: string[]) => next[0] !== undefined && onChange(next[0])}
      className="inline-flex w-fit rounded-md border border-line bg-sunken p-0.5"
    >
      {choices.map(({ value: choice, label: word, icon: Icon }) => (
        <Toggle
          key={choice}
          value={choice}
          className="inline-flex h-6.5 items-center gap-1.5 rounded-sm px-2.5 text-sm font-medium text-ink-2 hover:text-ink data-pressed:bg-raised data-pressed:text-ink data-pressed:shadow-[0_0_0_1px_var(--color-line)]"
        >
          {Icon && <Icon aria-hidden className="size-3.5" />}
          {word}
        </Toggle>
      ))}
    </ToggleGroup>
  );
}
