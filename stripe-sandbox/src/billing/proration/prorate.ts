/** Proration to the second [S 3.4]. Pure; amounts in minor units, instants in epoch seconds. */
import type { DiscountAmount } from '../discounts/apply.ts';
import { share } from '../invoice/decimal.ts';
import type { Period } from '../subscription/period.ts';

/** Something already billed for a stretch of the current period, that a change gives back in part. */
export type Debit = Period & {
  /** What was debited, discounts taken off. */
  amount: number;
  /** The discounts that were taken off. */
  discounts?: DiscountAmount[];
  /** Where it was billed: an invoice line, or an invoice item still waiting for its invoice. */
  invoice: string | null;
  lines: string[];
  invoiceItem: string | null;
};

/** An amount before discounts, and what comes off it. */
export type Itemized = { amount: number; discounts: DiscountAmount[] };

/** The unused part of a debit at `at`, as a negative amount: −amount × remaining seconds / all seconds. */
export function unusedCredit(debit: Debit, at: number): number {
  return noMinusZero(-share(debit.amount, remaining(debit, at), debit.end - debit.start));
}

/** The unused part of a debit with its discounts beside it [changelog 2025-09-30 itemize-proration-discount-amounts]: all negative. */
export function unusedItemized(debit: Debit, at: number): Itemized {
  const whole = { amount: debit.amount + sum(debit.discounts ?? []), discounts: debit.discounts ?? [] };
  return itemizedShare(whole, -remaining(debit, at), debit.end - debit.start);
}

/** What is left of a debit that ends earlier: what was given back is taken off. */
export function cutDebit(debit: Debit, end: number): Debit {
  if (debit.end <= end) return debit;
  const back = unusedItemized(debit, end);
  const discounts = (debit.discounts ?? []).map((part, index) => ({ ...part, amount: part.amount + back.discounts[index]!.amount }));
  return { ...debit, amount: debit.amount + unusedCredit(debit, end), discounts, end: Math.max(end, debit.start) };
}

/** The part of a full period's amount that a stretch costs: amount × its seconds / all seconds. */
export function shareOf(amount: number, stretch: Period, whole: Period): number {
  return share(amount, Math.max(0, stretch.end - stretch.start), whole.end - whole.start);
}

/** The same with discounts beside it. */
export function shareItemized(full: Itemized, stretch: Period, whole: Period): Itemized {
  return itemizedShare(full, Math.max(0, stretch.end - stretch.start), whole.end - whole.start);
}

function itemizedShare(full: Itemized, part: number, whole: number): Itemized {
  return {
    amount: noMinusZero(share(full.amount, part, whole)),
    discounts: full.discounts.map(({ discount, amount }) => ({ discount, amount: noMinusZero(share(amount, part, whole)) })),
  };
}

function remaining(debit: Debit, at: number): number {
  return Math.max(0, debit.end - Math.max(at, debit.start));
}

function sum(parts: DiscountAmount[]): number {
  return parts.reduce((total, part) => total + part.amount, 0);
}

function noMinusZero(value: number): number {
  return value === 0 ? 0 : value;
}
