import { noteMeterError } from '../../billing/meters/error-report.ts';
import { reportUsage } from '../../billing/meters/report.ts';
import { invalidRequest } from '../../kernel/errors.ts';
import type { ApiRequest, Plain } from '../../kernel/types.ts';

/** Refused in the answer; everything else about an event is judged later and told by an error report [S 3.10]. */
const AT_ONCE = new Set(['no_meter', 'archived_meter', 'timestamp_too_far_in_past', 'timestamp_in_future']);

/** Takes usage. 200 means accepted: a payload without a customer or value is told later by `v1.billing.meter.error_report_triggered`. */
export async function createMeterEvent(rq: ApiRequest): Promise<Plain> {
  const { tx, params } = rq;
  const { event_name: eventName, payload, identifier, timestamp } = params;
  const reported = await reportUsage(tx, {
    eventName,
    payload,
    ...(identifier === undefined ? {} : { identifier }),
    ...(timestamp === undefined ? {} : { timestamp }),
  });
  if (reported.duplicate) throw invalidRequest(`An event already exists with identifier ${reported.identifier}.`);
  const { fault } = reported;
  if (fault !== null && AT_ONCE.has(fault.code)) {
    const isName = fault.code === 'no_meter' || fault.code === 'archived_meter';
    throw invalidRequest(fault.message, isName ? { param: 'event_name' } : { code: fault.code, param: 'timestamp' });
  }
  if (fault !== null) await noteMeterError(tx, { ...reported, fault, eventName });
  return {
    object: 'billing.meter_event',
    created: reported.now,
    event_name: eventName,
    identifier: reported.identifier,
    livemode: false,
    payload,
    timestamp: reported.timestamp,
  };
}
