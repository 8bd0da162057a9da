/** Meter events of a transaction: rows of their own, because an invoice asks for sums over them and never for one of them. */
import type { MeterEventRow, StoreReads } from '../store/port.ts';
import type { Tx } from './types.ts';
import { nextSeq, type View } from './view.ts';

/** Adds a new event, or replaces the one with this id (a cancellation). */
export function storeMeterEvent(view: View, event: Parameters<Tx['putMeterEvent']>[0]): void {
  const seq = event.seq ?? nextSeq(view);
  const row: MeterEventRow = { ...event, account: view.account.id, seq, id: event.id ?? `mtrevt_${seq}` };
  view.meterEvents = [...view.meterEvents.filter((other) => other.id !== row.id), row];
}

/** The newest event under an identifier, those of this transaction included. */
export async function newestMeterEvent(view: View, reads: StoreReads, identifier: string): Promise<MeterEventRow | undefined> {
  const own = view.meterEvents.filter((row) => row.identifier === identifier).at(-1);
  return own ?? reads.meterEvent(view.account.id, identifier);
}
