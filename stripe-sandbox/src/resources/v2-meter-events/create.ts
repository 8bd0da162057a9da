import { noteMeterError } from '../../billing/meters/error-report.ts';
import { reportUsage } from '../../billing/meters/report.ts';
import { invalidRequest } from '../../kernel/errors.ts';
import { isoTime } from '../../kernel/thin.ts';
import type { ApiRequest, Params, Plain, Tx } from '../../kernel/types.ts';

const MAX_STREAMED = 100;

/** Takes one event and judges all of it at once: every fault is a refusal with its code. */
export async function createMeterEvent(rq: ApiRequest): Promise<Plain> {
  const { params } = rq;
  const reported = await report(rq.tx, params);
  if (reported.duplicate) {
    const message = `An event already exists with identifier ${reported.identifier}.`;
    throw invalidRequest(message, { code: 'duplicate_meter_event' });
  }
  if (reported.fault !== null) throw invalidRequest(reported.fault.message, { code: reported.fault.code });
  return {
    object: 'v2.billing.meter_event',
    created: isoTime(reported.now),
    event_name: params.event_name,
    identifier: reported.identifier,
    livemode: false,
    payload: params.payload,
    timestamp: isoTime(reported.timestamp),
  };
}

/** Takes up to 100 events and answers nothing: faults are told by error reports, repeated identifiers are dropped. */
export async function streamMeterEvents(rq: ApiRequest): Promise<Plain> {
  const { tx, params } = rq;
  const events: Params[] = params.events;
  if (rq.keyKind === 'secret' || rq.keyKind === 'oauth') throw needsSession();
  if (events.length === 0 || events.length > MAX_STREAMED)
    throw invalidRequest(`Send between 1 and ${MAX_STREAMED} events.`, { code: 'invalid_fields' });
  for (const event of events) {
    const reported = await report(tx, event);
    if (reported.fault !== null) await noteMeterError(tx, { ...reported, fault: reported.fault, eventName: event.event_name });
  }
  return {};
}

function report(tx: Tx, event: Params) {
  return reportUsage(tx, {
    eventName: event.event_name,
    payload: event.payload,
    ...(event.identifier === undefined ? {} : { identifier: event.identifier }),
    ...(event.timestamp === undefined ? {} : { timestamp: secondsOf(event.timestamp) }),
  });
}

/** v2 writes instants as RFC 3339 text. */
function secondsOf(text: string): number {
  const time = /^\d{4}-\d{2}-\d{2}T/.test(text) ? Date.parse(text) : Number.NaN;
  if (Number.isNaN(time)) throw invalidRequest(`Invalid timestamp: ${text}`, { code: 'invalid_fields' });
  return Math.floor(time / 1000);
}

function needsSession() {
  return invalidRequest('Use the authentication token of a meter event session for the meter event stream.', {
    status: 401,
    code: 'unauthenticated',
  });
}
