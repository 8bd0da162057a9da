import { createSchedule } from '../../billing/schedule/index.ts';
import type { ApiRequest, Doc } from '../../kernel/types.ts';

/** Creates a schedule, with its subscription where it starts now. */
export async function create(rq: ApiRequest): Promise<Doc> {
  return createSchedule(rq.tx, rq.params);
}
