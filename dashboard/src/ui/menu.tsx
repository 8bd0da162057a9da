import { Menu as Base } from '@base-ui/react/menu';
import { Link, type LinkProps } from '@tanstack/react-router';
import { Check, type LucideIcon } from 'lucide-react';
import type { ReactElement, ReactNode } from 'react';
import { cn } from './cn.ts';

const ITEM =
  'flex w-full cursor-pointer items-center gap-2 rounded-md px-2 py-1.5 text-left text-sm text-ink outline-none select-none data-highlighted:bg-hover data-disabled:opacity-50';

/** A menu behind a button. */
export function Menu({
  trigger,
  align = 'end',
  side = 'bottom',
  children,
}: {
  trigger: ReactElement;
  align?: 'start' | 'end';
  side?: 'bottom' | 'top';
  children: ReactNode;
}) {
  return (
    <Base.Root>
      <Base.Trigger render={trigger} />
      <Base.Portal>
        <Base.Positioner sideOffset={4} align={align} side={side} className="z-50 outline-none">
          <Base.Popup className="max-h-(--available-height) max-w-[min(22rem,calc(100vw-1rem))] min-w-52 animate-appear overflow-y-auto rounded-lg bg-raised p-1 shadow-raised outline-none">
            {children}
          </Base.Popup>
        </Base.Positioner>
      </Base.Portal>
    </Base.Root>
  );
}

type ItemProps = { icon?: LucideIcon; danger?: boolean; disabled?: boolean; hint?: ReactNode; onSelect(): void; children: ReactNode };

export function MenuItem({ icon: Icon, danger = false, disabled = false, hint, onSelect, children }: ItemProps) {
  return (
    <Base.Item disabled={disabled} onClick={onSelect} className={cn(ITEM, danger && 'text-bad')}>
      {Icon && <Icon aria-hidden className={cn('size-4 shrink-0', danger ? 'text-bad' : 'text-ink-3')} />}
      <span className="min-w-0 flex-1">
        {children}
        {hint !== undefined && <span className="block text-xs text-ink-3">{hint}</span>}
      </span>
    </Base.Item>
  );
}

export function MenuLink({ icon: Icon, link, children }: { icon?: LucideIcon; link: LinkProps; children: ReactNode }) {
  return (
    <Base.LinkItem render={<Link {...link} />} closeOnClick className={ITEM}>
      {Icon && <Icon aria-hidden className="size-4 shrink-0 text-ink-3" />}
      {children}
    </Base.LinkItem>
  );
}

type ChoiceProps = {
  label: string;
  value: string;
  onChange(value: string): void;
  choices: { value: string; label: ReactNode; before?: ReactNode; hint?: ReactNode }[];
};

/** One of several inside a menu; the chosen one carries a check mark. */
export function MenuChoices({ label, value, onChange, choices }: ChoiceProps) {
  return (
    <Base.RadioGroup value={value} onValueChange={(next: string) => onChange(next)}>
      <Base.Group>
        <Base.GroupLabel className="px-2 pt-1.5 pb-1 text-xs font-medium text-ink-3">{label}</Base.GroupLabel>
        {choices.map((choice) => (
          <Base.RadioItem key={choice.value} value={choice.value} closeOnClick className={ITEM}>
            {choice.before}
            <span className="min-w-0 flex-1">
              <span className="block truncate">{choice.label}</span>
              {choice.hint !== undefined && <span className="block text-xs text-ink-3">{choice.hint}</span>}
            </span>
            <Base.RadioItemIndicator>
              <Check aria-hidden className="size-4 text-accent" />
            </Base.RadioItemIndicator>
          </Base.RadioItem>
        ))}
      </Base.Group>
    </Base.RadioGroup>
  );
}

export function MenuLine() {
  return <Base.Separator className="my-1 h-px bg-line" />;
}
