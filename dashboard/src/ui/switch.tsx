import { Switch as Base } from '@base-ui/react/switch';

/** On or off, at once. */
export function Switch({
  label,
  checked,
  onChange,
  disabled = false,
}: {
  label: string;
  checked: boolean;
  onChange(checked: boolean): void;
  disabled?: boolean;
}) {
  return (
    <Base.Root
      aria-label={label}
      checked={checked}
      disabled={disabled}
      onCheckedChange={(next) => onChange(next)}
      className="relative inline-flex h-5 w-9 shrink-0 items-center rounded-full border border-field bg-sunken p-px transition-colors data-checked:border-accent data-checked:bg-accent disabled:opacity-55"
    >
      <Base.Thumb className="size-4 rounded-full bg-ink-3 transition-transform data-checked:translate-x-4 data-checked:bg-on-accent" />
    </Base.Root>
  );
}
