import type { ApiRequest, Doc, ListAnswer } from '../../kernel/types.ts';
import { within } from '../invoices/page.ts';

const DATES = ['canceled_at', 'completed_at', 'released_at'] as const;

/** Schedules, newest first; those on a test clock only when their customer is asked for. */
export async function list(rq: ApiRequest): Promise<ListAnswer> {
  const { params } = rq;
  return rq.tx.list(rq, {
    object: 'subscription_schedule',
    where: { customer: params.customer, ...(params.scheduled === true ? { status: 'not_started' } : {}) },
    filter: (schedule: Doc) =>
      DATES.every((name) => params[name] === undefined || (schedule[name] !== null && within(schedule[name], params[name]))) &&
      (params.scheduled !== false || schedule.status !== 'not_started'),
    scoped: params.customer !== undefined,
  });
}
