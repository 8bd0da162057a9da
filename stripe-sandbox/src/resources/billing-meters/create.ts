import { invalidRequest } from '../../kernel/errors.ts';
import type { ApiRequest, Doc, Tx } from '../../kernel/types.ts';

const MAX_EVENT_NAME = 100;
const MAX_DISPLAY_NAME = 250;

/** Defines what is measured. Immutable but for its display name; the event name is unique among active meters [S 3.10]. Emits billing.meter.created. */
export async function createMeter(rq: ApiRequest): Promise<Doc> {
  const { tx, params } = rq;
  checkLength('display_name', params.display_name, MAX_DISPLAY_NAME);
  checkLength('event_name', params.event_name, MAX_EVENT_NAME);
  await refuseTwin(tx, { eventName: params.event_name });
  const meter = tx.make('billing.meter', 'mtr_test', {
    customer_mapping: params.customer_mapping ?? { event_payload_key: 'stripe_customer_id', type: 'by_id' },
    default_aggregation: { formula: params.default_aggregation.formula },
    display_name: params.display_name,
    event_name: params.event_name,
    event_time_window: params.event_time_window ?? null,
    status: 'active',
    status_transitions: { deactivated_at: null },
    updated: tx.now(),
    value_settings: { event_payload_key: params.value_settings?.event_payload_key ?? 'value' },
    _ref: params.event_name,
  });
  tx.put(meter);
  tx.emit('billing.meter.created', meter);
  return meter;
}

/** Two active meters must not take the same events. */
export async function refuseTwin(tx: Tx, of: { eventName: string; id?: string }): Promise<void> {
  const twin = await tx.first({
    object: 'billing.meter',
    where: { ref: of.eventName, status: 'active' },
    filter: (other) => other.id !== of.id,
  });
  if (twin === undefined) return;
  throw invalidRequest(`An active meter (\`${twin.id}\`) with the event name ${of.eventName} already exists.`, {
    code: 'resource_already_exists',
    param: 'event_name',
  });
}

export function checkLength(param: string, text: string, max: number): void {
  if (text === '') throw invalidRequest(`You passed an empty string for '${param}'.`, { code: 'parameter_invalid_empty', param });
  if (text.length > max)
    throw invalidRequest(`Invalid string: must be at most ${max} characters`, { code: 'parameter_invalid_string_length', param });
}
