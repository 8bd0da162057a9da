import { createLink } from '@tanstack/react-router';
import { LoaderCircle, type LucideIcon } from 'lucide-react';
import type { ComponentProps, ReactNode } from 'react';
import { cn } from './cn.ts';

type Look = {
  /** One primary per page; danger for what cannot be undone. */
  variant?: 'primary' | 'secondary' | 'ghost' | 'danger';
  size?: 'sm' | 'md';
  icon?: LucideIcon;
  /** Fills the width of its place. */
  wide?: boolean;
};

const LOOKS = {
  primary: 'bg-accent text-on-accent hover:bg-accent-2 border-transparent shadow-panel',
  secondary: 'bg-surface text-ink border-line hover:bg-hover shadow-panel',
  ghost: 'bg-transparent text-ink-2 border-transparent hover:bg-hover hover:text-ink',
  danger: 'bg-surface text-bad border-line hover:bg-bad-soft shadow-panel',
};

export function buttonClass({ variant = 'secondary', size = 'md', wide = false }: Look): string {
  return cn(
    'inline-flex shrink-0 items-center justify-center gap-1.5 rounded-md border font-medium whitespace-nowrap transition-colors select-none',
    'disabled:opacity-55 disabled:pointer-events-none aria-disabled:opacity-55 data-popup-open:bg-hover',
    size === 'sm' ? 'h-7 px-2.5 text-sm' : 'h-8.5 px-3 text-base max-sm:h-10',
    wide && 'w-full',
    LOOKS[variant],
  );
}

type ButtonProps = Look & Omit<ComponentProps<'button'>, 'className' | 'style'> & { busy?: boolean };

/** A button that says it is busy and cannot be pressed twice while it is. */
export function Button({ variant, size, icon: Icon, wide, busy = false, children, disabled, ...rest }: ButtonProps) {
  return (
    <button
      type="button"
      {...rest}
      className={buttonClass({ ...look({ variant, size, wide }) })}
      disabled={disabled === true || busy}
      aria-busy={busy || undefined}
    >
      {busy ? <LoaderCircle aria-hidden className="size-4 animate-spin" /> : Icon && <Icon aria-hidden className="size-4" />}
      {children}
    </button>
  );
}

type IconButtonProps = Omit<ComponentProps<'button'>, 'className' | 'style' | 'children'> & {
  icon: LucideIcon;
  label: string;
  size?: 'sm' | 'md';
};

/** A square button with an icon; `label` is read aloud and shown on hover. */
export function IconButton({ icon: Icon, label, size = 'md', ...rest }: IconButtonProps) {
  return (
    <button
      type="button"
      title={label}
      {...rest}
      aria-label={label}
      className={cn(
        'inline-flex shrink-0 items-center justify-center rounded-md text-ink-2 transition-colors hover:bg-hover hover:text-ink disabled:opacity-45',
        size === 'sm' ? 'size-7' : 'size-8.5 max-sm:size-10',
      )}
    >
      <Icon aria-hidden className="size-4" />
    </button>
  );
}

type AnchorProps = Look & Omit<ComponentProps<'a'>, 'className' | 'style'>;

function Anchor({ variant, size, icon: Icon, wide, children, ...rest }: AnchorProps & { children?: ReactNode }) {
  return (
    <a {...rest} className={buttonClass(look({ variant, size, wide }))}>
      {Icon && <Icon aria-hidden className="size-4" />}
      {children}
    </a>
  );
}

/** A link to a page of ours that looks like a button. */
export const ButtonLink = createLink(Anchor);
/** A link to another site that looks like a button. */
export const ButtonAnchor = Anchor;

function look(a: { variant: Look['variant'] | undefined; size: Look['size'] | undefined; wide: boolean | undefined }): Look {
  return { ...(a.variant && { variant: a.variant }), ...(a.size && { size: a.size }), ...(a.wide && { wide: a.wide }) };
}
