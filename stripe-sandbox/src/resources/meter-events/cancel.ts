import { type CancelFault, cancelUsage } from '../../billing/meters/cancel.ts';
import { invalidRequest, parameterMissing } from '../../kernel/errors.ts';
import type { ApiRequest, Plain } from '../../kernel/types.ts';

/** Takes one event back, within 24 hours of its report. */
export async function createAdjustment(rq: ApiRequest): Promise<Plain> {
  const { tx, params } = rq;
  const identifier: string | undefined = params.cancel?.identifier;
  if (identifier === undefined || identifier === '') throw parameterMissing('cancel[identifier]');
  const fault = await cancelUsage(tx, { eventName: params.event_name, identifier });
  if (fault !== null) throw invalidRequest(cancelMessage(fault, identifier), { param: 'cancel[identifier]' });
  return {
    object: 'billing.meter_event_adjustment',
    cancel: { identifier },
    event_name: params.event_name,
    livemode: false,
    status: 'pending',
    type: params.type,
  };
}

export function cancelMessage(fault: CancelFault, identifier: string): string {
  switch (fault) {
    case 'not_found':
      return `No meter event found with identifier ${identifier}.`;
    case 'already_cancelled':
      return `The meter event with identifier ${identifier} is already canceled.`;
    case 'too_late':
      return `The meter event with identifier ${identifier} was received more than 24 hours ago and cannot be canceled.`;
  }
}
