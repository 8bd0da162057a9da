/** Faulty events are told together: one thin event per meter and window, with counts and samples [S 3.10]. */

import { isoTime } from '../../kernel/thin.ts';
import type { Doc, Params, Timer, Tx } from '../../kernel/types.ts';
import type { Fault } from './judge.ts';

/** How long faults are gathered before they are told. */
const WINDOW = 60;
const MAX_SAMPLES = 10;

/** Remembers a fault; the first one of a window sets the instant at which all are told. */
export async function noteMeterError(
  tx: Tx,
  input: { fault: Fault; eventName: string; meter: Doc | undefined; identifier: string },
): Promise<void> {
  const { fault } = input;
  const report = await openReport(tx, input.meter);
  const type = report.types[fault.code] ?? { count: 0, samples: [] };
  type.count += 1;
  const identifier = tx.idempotencyKey ?? input.identifier;
  if (type.samples.length < MAX_SAMPLES) type.samples.push({ error_message: fault.message, request: { identifier } });
  report.types[fault.code] = type;
  tx.put(report);
}

/** The report that is being gathered about a meter, or about events of no meter. */
async function openReport(tx: Tx, meter: Doc | undefined): Promise<Doc> {
  const id = `mtrerr_${meter?.id ?? 'none'}`;
  const known = await tx.get(id, { object: 'sandbox.meter_errors' });
  if (known?.open === true) return known;
  const fresh = { id, object: 'sandbox.meter_errors', created: tx.now(), meter: meter?.id ?? null, open: true, types: {} };
  tx.schedule({ kind: 'meter_validate', ref: id, dueAt: tx.now() + WINDOW, clock: null });
  return known === undefined ? fresh : Object.assign(known, fresh);
}

/** The window is over: `v1.billing.meter.error_report_triggered` about a meter, `v1.billing.meter.no_meter_found` about events without one. */
export async function meterErrorsDue(tx: Tx, timer: Timer): Promise<void> {
  const report = await tx.get(timer.ref, { object: 'sandbox.meter_errors' });
  if (report === undefined || !report.open) return;
  report.open = false;
  tx.put(report);
  const types = Object.entries(report.types as Record<string, { count: number; samples: Params[] }>);
  const count = types.reduce((sum, [, type]) => sum + type.count, 0);
  const data = {
    developer_message_summary: `There ${count === 1 ? 'is 1 invalid event' : `are ${count} invalid events`}`,
    reason: {
      error_count: count,
      error_types: types.map(([code, type]) => ({ code, error_count: type.count, sample_errors: type.samples })),
    },
    validation_end: isoTime(timer.dueAt),
    validation_start: isoTime(report.created),
  };
  if (report.meter === null) {
    tx.emitThin({ type: 'v1.billing.meter.no_meter_found', data });
    return;
  }
  const related = { id: report.meter, type: 'billing.meter', url: `/v1/billing/meters/${report.meter}` };
  tx.emitThin({ type: 'v1.billing.meter.error_report_triggered', data, related });
}
