import { invalidRequest } from '../../kernel/errors.ts';
import type { ApiRequest, Doc } from '../../kernel/types.ts';
import { refuseTwin } from './create.ts';

/** active → inactive: no more events, no new prices; what was reported stays billable. Emits billing.meter.deactivated. */
export async function deactivateMeter(rq: ApiRequest): Promise<Doc> {
  const meter = await rq.tx.require('billing.meter', rq.path.id!);
  if (meter.status === 'inactive') throw invalidRequest(`The meter ${meter.id} is already inactive.`);
  return move(rq, meter, 'inactive');
}

/** inactive → active, unless another meter took its event name meanwhile. Emits billing.meter.reactivated. */
export async function reactivateMeter(rq: ApiRequest): Promise<Doc> {
  const meter = await rq.tx.require('billing.meter', rq.path.id!);
  if (meter.status === 'active') throw invalidRequest(`The meter ${meter.id} is already active.`);
  await refuseTwin(rq.tx, { eventName: meter.event_name, id: meter.id });
  return move(rq, meter, 'active');
}

function move(rq: ApiRequest, meter: Doc, status: 'active' | 'inactive'): Doc {
  const now = rq.tx.now(meter);
  meter.status = status;
  meter.updated = now;
  meter.status_transitions = { deactivated_at: status === 'inactive' ? now : null };
  rq.tx.put(meter);
  rq.tx.emit(status === 'inactive' ? 'billing.meter.deactivated' : 'billing.meter.reactivated', meter);
  return meter;
}
