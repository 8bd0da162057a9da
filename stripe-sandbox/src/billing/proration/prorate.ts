/** Proration to the second [S 3.4]. Pure; amounts in minor units, instants in epoch seconds. */
import { share } from '../invoice/decimal.ts';
import type { Period } from '../subscription/period.ts';

/** Something already billed for a stretch of the current period, that a change gives back in part. */
export type Debit = Period & {
  /** What was debited, discounts taken off. */
  amount: number;
  /** Where it was billed: an invoice line, or an invoice item still waiting for its invoice. */
  invoice: string | null;
  lines: string[];
  invoiceItem: string | null;
};

/** The unused part of a debit at `at`, as a negative amount: −amount × remaining seconds / all seconds. */
export function unusedCredit(debit: Debit, at: number): number {
  const remaining = Math.max(0, debit.end - Math.max(at, debit.start));
  return noMinusZero(-share(debit.amount, remaining, debit.end - debit.start));
}

/** What the rest of a period costs at `at`: amount × remaining seconds / all seconds. */
export function remainingDebit(amount: number, period: Period, at: number): number {
  return share(amount, Math.max(0, period.end - at), period.end - period.start);
}

function noMinusZero(value: number): number {
  return value === 0 ? 0 : value;
}
