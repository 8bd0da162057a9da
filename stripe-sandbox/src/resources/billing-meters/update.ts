import type { ApiRequest, Doc } from '../../kernel/types.ts';
import { checkLength } from './create.ts';

const MAX_DISPLAY_NAME = 250;

/** Only the display name of a meter changes. Emits billing.meter.updated. */
export async function updateMeter(rq: ApiRequest): Promise<Doc> {
  const { tx, params } = rq;
  const meter = await tx.require('billing.meter', rq.path.id!);
  if (params.display_name === undefined || params.display_name === meter.display_name) return meter;
  checkLength('display_name', params.display_name, MAX_DISPLAY_NAME);
  meter.display_name = params.display_name;
  meter.updated = tx.now(meter);
  tx.put(meter);
  tx.emit('billing.meter.updated', meter);
  return meter;
}
