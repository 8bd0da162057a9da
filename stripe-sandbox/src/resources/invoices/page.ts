import { invalidRequest } from '../../kernel/errors.ts';
import type { ApiRequest, Doc, ListAnswer } from '../../kernel/types.ts';

const DEFAULT_LIMIT = 10;

/** One page of objects that live inside another one: limit and cursors as everywhere, in the order of the list. */
export function pageOf(rq: ApiRequest, all: Doc[], url: string): ListAnswer {
  const limit = rq.params.limit ?? DEFAULT_LIMIT;
  const after = position(all, rq.params.starting_after, 'starting_after');
  const before = position(all, rq.params.ending_before, 'ending_before');
  const start = after === null ? (before === null ? 0 : Math.max(0, before - limit)) : after + 1;
  const end = before === null ? Math.min(all.length, start + limit) : before;
  const hasMore = before === null ? end < all.length : start > 0;
  return { object: 'list', data: all.slice(start, end), has_more: hasMore, url };
}

function position(all: Doc[], id: string | undefined, param: string): number | null {
  if (id === undefined) return null;
  const index = all.findIndex((doc) => doc.id === id);
  if (index < 0) throw invalidRequest(`No such object: '${id}'`, { code: 'resource_missing', param });
  return index;
}

/** Stripe's range filters: one number, or bounds. */
export function within(value: number, range: unknown): boolean {
  if (typeof range === 'number') return value === range;
  const { gt, gte, lt, lte } = range as { gt?: number; gte?: number; lt?: number; lte?: number };
  return (
    (gt === undefined || value > gt) &&
    (gte === undefined || value >= gte) &&
    (lt === undefined || value < lt) &&
    (lte === undefined || value <= lte)
  );
}
