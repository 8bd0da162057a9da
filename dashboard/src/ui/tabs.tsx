import { Tabs as Base } from '@base-ui/react/tabs';
import type { ReactNode } from 'react';

export type TabItem = { value: string; label: ReactNode; content: ReactNode };

/** Views of one thing. */
export function Tabs({
  label,
  value,
  onChange,
  items,
  beside,
}: {
  label: string;
  value: string;
  onChange(value: string): void;
  items: TabItem[];
  beside?: ReactNode;
}) {
  return (
    <Base.Root value={value} onValueChange={(next: string) => onChange(next)} className="flex min-w-0 flex-col">
      <div className="flex flex-wrap items-center justify-between gap-2 border-b border-line">
        <Base.List aria-label={label} className="relative flex gap-5 overflow-x-auto">
          {items.map((item) => (
            <Base.Tab
              key={item.value}
              value={item.value}
              className="-mb-px border-b-2 border-transparent pt-1.5 pb-2 text-base font-medium whitespace-nowrap text-ink-2 outline-offset-[-2px] hover:text-ink data-active:border-accent data-active:text-ink"
            >
              {item.label}
            </Base.Tab>
          ))}
        </Base.List>
        {beside && <div className="flex items-center gap-2 pb-1.5">{beside}</div>}
      </div>
      {items.map((item) => (
        <Base.Panel key={item.value} value={item.value} className="min-w-0 pt-4">
          {item.content}
        </Base.Panel>
      ))}
    </Base.Root>
  );
}
