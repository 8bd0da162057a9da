/** What a meter makes of usage: sum, count or last value. Pure; exact in 10^-12 units. */
import type { Doc } from '../../kernel/types.ts';
import type { UsageBucket } from '../../store/port.ts';
import { ONE } from '../invoice/decimal.ts';

const HOUR = 3600;
const DAY = 86_400;

export type Formula = 'sum' | 'count' | 'last';

/** The aggregated value of a bucket as the meter's summaries show it; may be negative. */
export function aggregate(formula: Formula, bucket: UsageBucket | undefined): bigint {
  if (bucket === undefined) return 0n;
  switch (formula) {
    case 'sum':
      return BigInt(bucket.sum);
    case 'count':
      return BigInt(bucket.count) * ONE;
    case 'last':
      return BigInt(bucket.last);
  }
}

/** What an invoice bills: a negative total counts as nothing [S 3.10]. */
export function billable(value: bigint): bigint {
  return value > 0n ? value : 0n;
}

/** The span of which only the last event counts, in seconds; null when every event does [S 3.10 event_time_window]. */
export function windowOf(meter: Doc): number | null {
  return meter.event_time_window == null ? null : spanOf(meter.event_time_window);
}

export function spanOf(name: string): number {
  return name === 'hour' ? HOUR : DAY;
}
