/** List answers: newest first by order of creation, cursors by object id, objects of test clocks hidden unless the request is scoped [S 3.11]. */
import { invalidRequest, parametersExclusive } from './errors.ts';
import { overlayQuery, type QueryParts } from './query.ts';
import type { ApiRequest, ListAnswer, ListSpec, Params } from './types.ts';
import type { Entry } from './view.ts';

const DEFAULT_LIMIT = 10;
/** A filter on one of these shows the objects of test clocks too. */
const SCOPING = ['customer', 'subscription', 'invoice', 'payment_intent', 'charge', 'test_clock', 'schedule'];

export async function listAnswer(
  parts: QueryParts & { load: (id: string) => Promise<Entry | undefined> },
  rq: ApiRequest,
  spec: ListSpec,
): Promise<ListAnswer> {
  const { params } = rq;
  if (params.starting_after && params.ending_before) throw parametersExclusive('starting_after', 'ending_before');
  const limit = params.limit || DEFAULT_LIMIT;
  const backwards = Boolean(params.ending_before);
  const cursor = params.starting_after ?? params.ending_before;
  const bounds = {
    ...createdBounds(params),
    clock: clockFilter(parts, params, spec.scoped ?? false),
    ...(cursor ? await cursorBounds(parts, { cursor, backwards, object: spec.object }) : {}),
  };
  const query = { object: spec.object, ...(spec.where && { where: spec.where }), ...(spec.filter && { filter: spec.filter }) };
  const found = await overlayQuery(parts, { ...query, order: backwards ? 'oldest' : 'newest', limit: limit + 1 }, bounds);
  const data = found.slice(0, limit).map((entry) => entry.row.doc);
  if (backwards) data.reverse();
  return { object: 'list', data, has_more: found.length > limit, url: spec.url ?? fillPath(rq) };
}

/** Epoch bounds, both inclusive, of Stripe's `created` filter. */
export function createdBounds(params: Params): { createdFrom?: number | undefined; createdTo?: number | undefined } {
  const { created } = params;
  if (created === undefined || created === '') return {};
  if (typeof created === 'number') return { createdFrom: created, createdTo: created };
  const from = [created.gte, created.gt === undefined ? undefined : created.gt + 1].filter((value) => value !== undefined);
  const to = [created.lte, created.lt === undefined ? undefined : created.lt - 1].filter((value) => value !== undefined);
  return { createdFrom: from.length > 0 ? Math.max(...from) : undefined, createdTo: to.length > 0 ? Math.min(...to) : undefined };
}

/** The request's own path, ids filled in: what Stripe prints as a list's `url`. */
export function fillPath(rq: ApiRequest): string {
  return rq.route.replace(/\{(\w+)\}/g, (_whole, name: string) => rq.path[name] ?? '');
}

function clockFilter(parts: QueryParts, params: Params, scoped: boolean): string | null | undefined {
  if (typeof params.test_clock === 'string' && params.test_clock !== '') {
    return params.test_clock === parts.view.account.clockId ? null : params.test_clock;
  }
  return scoped || SCOPING.some((name) => params[name]) ? undefined : null;
}

async function cursorBounds(
  parts: { load: (id: string) => Promise<Entry | undefined> },
  at: { cursor: string; backwards: boolean; object: string },
) {
  const entry = await parts.load(at.cursor);
  const param = at.backwards ? 'ending_before' : 'starting_after';
  if (entry === undefined || entry.row.object !== at.object) {
    throw invalidRequest(`No such ${at.object}: '${at.cursor}'`, { code: 'resource_missing', param });
  }
  return at.backwards ? { afterSeq: entry.row.seq } : { beforeSeq: entry.row.seq };
}
