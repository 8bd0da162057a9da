import { invalidRequest } from '../../kernel/errors.ts';
import type { Doc, Tx } from '../../kernel/types.ts';
import { usageReported } from '../subscription/thresholds.ts';
import { customerIn, type Fault, meterFault, noCustomer, timeFault, unknownCustomer, valueIn } from './judge.ts';
import { meterNamed } from './meter.ts';

const DAY = 86_400;
const MAX_NAME = 100;
/** How long an identifier stays taken, and how long an event can be cancelled [S 3.10]. */
export const IDENTIFIER_LIFETIME = DAY;
const IDENTIFIER_LENGTH = 32;

export type Report = { eventName: string; payload: Record<string, string>; identifier?: string; timestamp?: number };
export type Reported = {
  /** Epoch seconds of the customer's clock. */
  now: number;
  identifier: string;
  timestamp: number;
  meter: Doc | undefined;
  /** Why the event does not count; null: it does. */
  fault: Fault | null;
  /** True when the identifier was used in the last 24 hours: nothing was stored. */
  duplicate: boolean;
};

/**
 * Judges a reported event and stores it; one with a fault only keeps its identifier. What the caller makes of the fault (a refusal at once,
 * or an error report later) is its own affair: a throw takes everything back.
 */
export async function reportUsage(tx: Tx, report: Report): Promise<Reported> {
  checkName('event_name', report.eventName);
  if (report.identifier !== undefined) checkName('identifier', report.identifier);
  const meter = await meterNamed(tx, report.eventName);
  const wanted = meter === undefined ? null : customerIn(meter, report.payload);
  const customer = wanted === null ? undefined : await tx.get(wanted, { object: 'customer' });
  const now = tx.now(customer);
  const timestamp = report.timestamp ?? now;
  const identifier = report.identifier ?? tx.secret(IDENTIFIER_LENGTH);
  const before = { now, identifier, timestamp, meter };
  if (await isTaken(tx, identifier, now)) return { ...before, fault: null, duplicate: true };
  const value = meter === undefined ? { value: 0n } : valueIn(meter, report.payload);
  const fault = firstFault([
    meterFault(report.eventName, meter),
    timeFault(timestamp, now),
    meter !== undefined && wanted === null ? noCustomer(meter) : null,
    meter !== undefined && wanted !== null && customer === undefined ? unknownCustomer(wanted) : null,
    'fault' in value ? value.fault : null,
  ]);
  tx.putMeterEvent({
    meter: meter?.id ?? '',
    customer: fault === null ? customer!.id : '',
    eventName: report.eventName,
    identifier,
    at: timestamp,
    received: now,
    value: 'value' in value ? String(value.value) : '0',
    cancelled: fault !== null,
  });
  if (fault === null) await usageReported(tx, customer!);
  return { ...before, fault, duplicate: false };
}

async function isTaken(tx: Tx, identifier: string, now: number): Promise<boolean> {
  const known = await tx.meterEvent(identifier);
  return known !== undefined && Math.abs(now - known.received) < IDENTIFIER_LIFETIME;
}

function firstFault(faults: (Fault | null)[]): Fault | null {
  return faults.find((fault) => fault !== null) ?? null;
}

function checkName(param: string, text: string): void {
  if (text === '') throw invalidRequest(`You passed an empty string for '${param}'.`, { code: 'parameter_invalid_empty', param });
  if (text.length > MAX_NAME) {
    throw invalidRequest(`Invalid string: must be at most ${MAX_NAME} characters`, { code: 'parameter_invalid_string_length', param });
  }
}
