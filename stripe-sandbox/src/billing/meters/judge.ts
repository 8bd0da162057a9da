/** Whether a reported event counts, and what it is worth. Pure; the codes are those of Stripe's error reports [S 3.10]. */
import type { Doc } from '../../kernel/types.ts';
import { parseDecimal } from '../invoice/decimal.ts';

const DAY = 86_400;
/** How old and how early usage may be [DTS MeterEventCreateParams.timestamp]. */
export const OLDEST = 35 * DAY;
export const EARLIEST = 5 * 60;
/** More digits than this are `meter_event_value_too_many_digits`. */
const MAX_DIGITS = 15;
const DECIMAL = /^-?\d+(\.\d{1,12})?$/;

export type FaultCode =
  | 'no_meter'
  | 'archived_meter'
  | 'timestamp_too_far_in_past'
  | 'timestamp_in_future'
  | 'meter_event_no_customer_defined'
  | 'meter_event_customer_not_found'
  | 'meter_event_value_not_found'
  | 'meter_event_invalid_value'
  | 'meter_event_value_too_many_digits';
export type Fault = { code: FaultCode; message: string };

/** Which meter takes events of this name: an active one, else the newest archived one is named as the reason. */
export function meterFault(eventName: string, meter: Doc | undefined): Fault | null {
  if (meter === undefined)
    return { code: 'no_meter', message: `Invalid event_name: ${eventName}. No active meter found with this event name.` };
  if (meter.status === 'active') return null;
  return { code: 'archived_meter', message: `The meter with event_name ${eventName} is inactive. Reactivate it to report usage.` };
}

/** At most 35 days old and five minutes early, judged by the customer's clock. */
export function timeFault(timestamp: number, now: number): Fault | null {
  if (timestamp < now - OLDEST)
    return { code: 'timestamp_too_far_in_past', message: 'The timestamp must be within the past 35 calendar days.' };
  if (timestamp > now + EARLIEST)
    return { code: 'timestamp_in_future', message: 'The timestamp must not be more than 5 minutes in the future.' };
  return null;
}

/** The customer a payload names; null when it names none. */
export function customerIn(meter: Doc, payload: Record<string, string>): string | null {
  return payload[meter.customer_mapping.event_payload_key] || null;
}

export function noCustomer(meter: Doc): Fault {
  const key = meter.customer_mapping.event_payload_key;
  return { code: 'meter_event_no_customer_defined', message: `The event payload has no customer: expected the key ${key}.` };
}

export function unknownCustomer(id: string): Fault {
  return { code: 'meter_event_customer_not_found', message: `No such customer: '${id}'` };
}

/** The value of a payload in 10^-12 units. A meter that counts events needs none. */
export function valueIn(meter: Doc, payload: Record<string, string>): { value: bigint } | { fault: Fault } {
  const key = meter.value_settings.event_payload_key;
  const text = payload[key];
  if (text === undefined || text === '') {
    if (meter.default_aggregation.formula === 'count') return { value: parseDecimal(1) };
    return { fault: { code: 'meter_event_value_not_found', message: `The event payload has no value: expected the key ${key}.` } };
  }
  if (!DECIMAL.test(text))
    return { fault: { code: 'meter_event_invalid_value', message: `The value of ${key} is not a number: ${text.slice(0, 40)}` } };
  if (text.replace(/\D/g, '').length > MAX_DIGITS) {
    const message = `The value of ${key} has more than ${MAX_DIGITS} digits.`;
    return { fault: { code: 'meter_event_value_too_many_digits', message } };
  }
  return { value: parseDecimal(text) };
}
