/** Meter events in memory: per meter and customer in order of time, so that a period is found by binary search. */
import { clone } from './clone.ts';
import type { MeterEventRow, UsageBucket, UsageQuery } from './port.ts';

export type UsageTables = {
  byId: Map<string, MeterEventRow>;
  /** Oldest first. */
  byIdentifier: Map<string, MeterEventRow[]>;
  /** By `meter customer`, in order of (at, seq). */
  byTime: Map<string, MeterEventRow[]>;
};

export function emptyUsage(): UsageTables {
  return { byId: new Map(), byIdentifier: new Map(), byTime: new Map() };
}

/** A row is written twice at most: reported, then cancelled. */
export function putMeterEvent(tables: UsageTables, row: MeterEventRow): void {
  const known = tables.byId.get(row.id);
  if (known !== undefined) {
    Object.assign(known, row);
    return;
  }
  const stored = clone(row);
  tables.byId.set(row.id, stored);
  tables.byIdentifier.set(row.identifier, [...(tables.byIdentifier.get(row.identifier) ?? []), stored]);
  const series = tables.byTime.get(seriesOf(row)) ?? [];
  tables.byTime.set(seriesOf(row), series);
  series.splice(firstFrom(series, row.at + 1), 0, stored);
}

export function newestByIdentifier(tables: UsageTables, identifier: string): MeterEventRow | undefined {
  return tables.byIdentifier.get(identifier)?.at(-1);
}

/** What the SQL store's aggregation answers, latest bucket first. */
export function selectUsage(tables: UsageTables, query: UsageQuery): UsageBucket[] {
  const buckets = new Map<number, { count: number; sum: bigint; last: string }>();
  for (const row of counted(tables, query)) {
    const start = query.grouping === null ? 0 : Math.floor(row.at / query.grouping) * query.grouping;
    const bucket = buckets.get(start) ?? { count: 0, sum: 0n, last: row.value };
    buckets.set(start, { count: bucket.count + 1, sum: bucket.sum + BigInt(row.value), last: row.value });
  }
  return [...buckets]
    .map(([start, { count, sum, last }]) => ({ start, count, sum: String(sum), last }))
    .sort((a, b) => b.start - a.start)
    .slice(0, query.limit);
}

/** The events of the range in order of time; with a window only the last one of each. */
function counted(tables: UsageTables, query: UsageQuery): MeterEventRow[] {
  const series = tables.byTime.get(seriesOf(query)) ?? [];
  const events = series.slice(firstFrom(series, query.from), firstFrom(series, query.to)).filter((row) => !row.cancelled);
  const { window } = query;
  if (window === null) return events;
  return [...new Map(events.map((row) => [Math.floor(row.at / window), row])).values()];
}

/** The first place whose time is not before `at`; events of one instant stay in the order in which they came. */
function firstFrom(series: MeterEventRow[], at: number): number {
  let low = 0;
  let high = series.length;
  while (low < high) {
    const middle = (low + high) >>> 1;
    if (series[middle]!.at < at) low = middle + 1;
    else high = middle;
  }
  return low;
}

function seriesOf(of: { meter: string; customer: string }): string {
  return `${of.meter} ${of.customer}`;
}
