import type { Tx } from '../../kernel/types.ts';
import type { MeterEventRow } from '../../store/port.ts';
import { IDENTIFIER_LIFETIME } from './report.ts';

/** Why an event cannot be taken back. */
export type CancelFault = 'not_found' | 'already_cancelled' | 'too_late';

/** Takes a reported event back within 24 hours of its report. A finalized invoice keeps its quantity [S 3.10]. Answers why not, or null. */
export async function cancelUsage(tx: Tx, input: { eventName: string; identifier: string }): Promise<CancelFault | null> {
  const event = await tx.meterEvent(input.identifier);
  // A row without a customer only keeps the identifier of an event that never counted.
  if (event === undefined || event.eventName !== input.eventName || event.customer === '') return 'not_found';
  if (event.cancelled) return 'already_cancelled';
  if ((await presentOf(tx, event)) - event.received > IDENTIFIER_LIFETIME) return 'too_late';
  tx.putMeterEvent({ ...event, cancelled: true });
  return null;
}

async function presentOf(tx: Tx, event: MeterEventRow): Promise<number> {
  return tx.now(await tx.get(event.customer, { object: 'customer', deleted: true }));
}
