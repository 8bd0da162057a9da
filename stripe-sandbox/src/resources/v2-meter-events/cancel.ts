import { cancelUsage } from '../../billing/meters/cancel.ts';
import { invalidRequest } from '../../kernel/errors.ts';
import { isoTime } from '../../kernel/thin.ts';
import type { ApiRequest, Plain } from '../../kernel/types.ts';
import { cancelMessage } from '../meter-events/cancel.ts';

const CODES = { not_found: 'meter_event_not_found', already_cancelled: 'meter_event_already_canceled', too_late: 'meter_event_too_old' };

/** Takes one event back, within 24 hours of its report. */
export async function createAdjustment(rq: ApiRequest): Promise<Plain> {
  const { tx, params } = rq;
  const { identifier } = params.cancel;
  const fault = await cancelUsage(tx, { eventName: params.event_name, identifier });
  if (fault !== null) throw invalidRequest(cancelMessage(fault, identifier), { code: CODES[fault] });
  return {
    id: tx.newId('mtr_adj_test'),
    object: 'v2.billing.meter_event_adjustment',
    cancel: { identifier },
    created: isoTime(tx.now()),
    event_name: params.event_name,
    livemode: false,
    status: 'pending',
    type: params.type,
  };
}
