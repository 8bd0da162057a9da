import type { Doc, Tx } from '../../kernel/types.ts';
import { formatDecimal } from '../invoice/decimal.ts';
import { aggregate, billable, windowOf } from './aggregate.ts';

/** What a customer used of a meter in [from, to), in 10^-12 units, never below zero. One aggregation in the store. */
export async function usageOf(tx: Tx, input: { meter: string; customer: string; from: number; to: number }): Promise<bigint> {
  const { customer, from, to } = input;
  if (to <= from) return 0n;
  const meter = await tx.get(input.meter, { object: 'billing.meter' });
  if (meter === undefined) return 0n;
  return billable(await aggregatedIn(tx, { meter, customer, from, to }));
}

/** What earlier invoices of the same period billed: where in the tiers a span begins. Decimal string. */
export async function usedBefore(tx: Tx, span: { meter: string; customer: string; from: number; tiersFrom?: number }): Promise<string> {
  if (span.tiersFrom === undefined) return '0';
  return formatDecimal(await usageOf(tx, { meter: span.meter, customer: span.customer, from: span.tiersFrom, to: span.from }));
}

/** The same as usageOf, as it is: corrections may make it negative. */
export async function aggregatedIn(tx: Tx, input: { meter: Doc; customer: string; from: number; to: number }): Promise<bigint> {
  const { meter, ...range } = input;
  const [bucket] = await tx.usage({ ...range, meter: meter.id, window: windowOf(meter), grouping: null, limit: 1 });
  return aggregate(meter.default_aggregation.formula, bucket);
}
