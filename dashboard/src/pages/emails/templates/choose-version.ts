import type { Version as VersionSummary } from '../../../api/types.ts';

const OPEN = new Set(['draft', 'needs_fix']);

export type Slot = { variant: string; locale: string };

/** The slots (variant and language) of a template, the default one first. */
export function slotsOf(versions: Pick<VersionSummary, 'variant' | 'locale'>[]): Slot[] {
  const slots = new Map(versions.map(({ variant, locale }) => [`${variant} ${locale}`, { variant, locale }]));
  return [...slots.values()].sort((a, b) => rank(a) - rank(b) || a.locale.localeCompare(b.locale) || a.variant.localeCompare(b.variant));
}

function rank({ variant, locale }: Slot): number {
  return (variant === 'default' ? 0 : 2) + (locale === 'en' ? 0 : 1);
}

/** What the editor opens in a slot: the draft there is, and what it would replace. */
export function versionsOf<T extends VersionSummary>(versions: T[], slot: Slot): { draft: T | undefined; published: T | undefined } {
  const here = versions
    .filter(({ variant, locale }) => variant === slot.variant && locale === slot.locale)
    .sort((a, b) => b.number - a.number);
  return { draft: here.find(({ status }) => OPEN.has(status)), published: here.find(({ status }) => status === 'approved') };
}
