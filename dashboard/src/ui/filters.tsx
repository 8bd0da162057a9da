import { Search } from 'lucide-react';
import { useEffect, useState } from 'react';

const PAUSE_MS = 300;

/** A text filter that asks once typing pauses. */
export function FilterText({
  label,
  value,
  onChange,
}: {
  label: string;
  value: string | undefined;
  onChange(value: string | undefined): void;
}) {
  const [text, setText] = useState(value ?? '');
  useEffect(() => setText(value ?? ''), [value]);
  useEffect(() => {
    if (text === (value ?? '')) return;
    const timer = setTimeout(() => onChange(text.trim() === '' ? undefined : text.trim()), PAUSE_MS);
    return () => clearTimeout(timer);
  }, [text, value, onChange]);
  return (
    <label className="relative inline-flex max-sm:w-full">
      <span className="sr-only">{label}</span>
      <Search aria-hidden className="pointer-events-none absolute top-1/2 left-2.5 size-3.5 -translate-y-1/2 text-ink-3" />
      <input
        type="search"
        value={text}
        placeholder={label}
        onChange={(event) => setText(event.target.value)}
        className="h-7.5 w-56 rounded-md border border-line bg-surface pr-2 pl-8 text-sm text-ink placeholder:text-ink-3 focus:border-accent focus:outline-2 focus:outline-offset-0 focus:outline-accent max-sm:h-9 max-sm:w-full"
      />
    </label>
  );
}
