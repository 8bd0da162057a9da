import { Radio } from '@base-ui/react/radio';
import { RadioGroup } from '@base-ui/react/radio-group';
import type { ReactNode } from 'react';

export type CardChoice = { value: string; title: ReactNode; body: ReactNode; disabled?: boolean; note?: ReactNode };

/** One of a few that need a sentence each. */
export function ChoiceCards({
  label,
  value,
  onChange,
  choices,
}: {
  label: string;
  value: string;
  onChange(value: string): void;
  choices: CardChoice[];
}) {
  return (
    <RadioGroup aria-label={label} value={value} onValueChange={(next) => onChange(next as string)} className="grid gap-2">
      {choices.map((choice) => (
        // biome-ignore lint/a11y/noLabelWithoutControl: Radio.Root is the control inside
        <label
          key={choice.value}
          className="flex cursor-pointer gap-3 rounded-lg border border-line p-3 has-data-checked:border-accent has-data-checked:bg-accent-soft has-data-disabled:cursor-default has-data-disabled:opacity-60 has-focus-visible:outline-2 has-focus-visible:outline-accent"
        >
          <Radio.Root
            value={choice.value}
            disabled={choice.disabled === true}
            className="mt-0.5 flex size-4.5 shrink-0 items-center justify-center rounded-full border border-field bg-surface outline-none data-checked:border-accent"
          >
            <Radio.Indicator className="size-2.5 rounded-full bg-accent" />
          </Radio.Root>
          <span className="min-w-0">
            <span className="block text-base font-medium text-ink">{choice.title}</span>
            <span className="block text-sm text-ink-2">{choice.body}</span>
            {choice.note && <span className="mt-1 block text-sm text-ink-2">{choice.note}</span>}
          </span>
        </label>
      ))}
    </RadioGroup>
  );
}
