import { updateSchedule } from '../../billing/schedule/index.ts';
import type { ApiRequest, Doc } from '../../kernel/types.ts';

/** Changes a schedule; see billing/schedule/update.ts. */
export async function update(rq: ApiRequest): Promise<Doc> {
  const schedule = await rq.tx.require('subscription_schedule', rq.path.id!);
  return updateSchedule(rq.tx, { schedule, params: rq.params });
}
