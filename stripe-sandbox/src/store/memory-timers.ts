/** The memory store's timers: sorted by (due, seq) per clock, so that the soonest is found without looking at the others. */
import type { TimerQuery, TimerRow } from './port.ts';

export class TimerTable {
  readonly #byId = new Map<string, TimerRow>();
  readonly #byClock = new Map<string | null, TimerRow[]>();
  readonly #byRef = new Map<string, Set<TimerRow>>();

  /** Stores the row; a former one of the same id is replaced. */
  put(row: TimerRow): void {
    this.delete(row.id);
    this.#byId.set(row.id, row);
    const queue = this.#byClock.get(row.clock) ?? [];
    this.#byClock.set(row.clock, queue);
    queue.splice(placeOf(queue, row), 0, row);
    const siblings = this.#byRef.get(row.ref) ?? new Set();
    this.#byRef.set(row.ref, siblings.add(row));
  }

  delete(id: string): void {
    const row = this.#byId.get(id);
    if (row === undefined) return;
    this.#byId.delete(id);
    const queue = this.#byClock.get(row.clock)!;
    queue.splice(placeOf(queue, row), 1);
    const siblings = this.#byRef.get(row.ref)!;
    siblings.delete(row);
    if (siblings.size === 0) this.#byRef.delete(row.ref);
  }

  /** Every timer about an object, or those of one kind. */
  cancel(ref: string, kind: string | undefined): void {
    for (const row of [...(this.#byRef.get(ref) ?? [])]) if (kind === undefined || row.kind === kind) this.delete(row.id);
  }

  /** The rows themselves, soonest first: the caller copies. */
  select(query: TimerQuery): TimerRow[] {
    const found: TimerRow[] = [];
    for (const row of this.#byClock.get(query.clock) ?? []) {
      if (found.length >= query.limit || (query.dueBy !== undefined && row.dueAt > query.dueBy)) break;
      if (query.ref === undefined || row.ref === query.ref) found.push(row);
    }
    return found;
  }

  values(): TimerRow[] {
    return [...this.#byId.values()];
  }
}

/** Where the row stands or belongs: seq is unique within an account, so no two rows are equal. */
function placeOf(queue: TimerRow[], row: TimerRow): number {
  let low = 0;
  let high = queue.length;
  while (low < high) {
    const middle = (low + high) >>> 1;
    const other = queue[middle]!;
    if (other.dueAt < row.dueAt || (other.dueAt === row.dueAt && other.seq < row.seq)) low = middle + 1;
    else high = middle;
  }
  return low;
}
