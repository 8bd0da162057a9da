import { releaseSchedule } from '../../billing/schedule/index.ts';
import { invalidRequest } from '../../kernel/errors.ts';
import type { ApiRequest, Doc } from '../../kernel/types.ts';

/** Ends a schedule and leaves its subscription as it is. */
export async function release(rq: ApiRequest): Promise<Doc> {
  const schedule = await rq.tx.require('subscription_schedule', rq.path.id!);
  if (schedule.status !== 'not_started' && schedule.status !== 'active')
    throw invalidRequest(`You cannot release a subscription schedule that is currently in the \`${schedule.status}\` status.`);
  return releaseSchedule(rq.tx, { schedule, keepEnd: rq.params.preserve_cancel_date === true });
}
