/** Event destinations: where snapshots or thin events go under the v2 API. */
import type { ApiRequest, Plain, Route } from '../../kernel/types.ts';
import { seqOf } from '../v2-events/list.ts';
import { deleteDestination, disableDestination, enableDestination, find, pingDestination, updateDestination } from './change.ts';
import { createDestination } from './create.ts';
import { viewOf } from './view.ts';

const MAX_LIMIT = 100;
const PATH = '/v2/core/event_destinations';
const ONE = `${PATH}/{id}`;

/** Newest first; a page names the place it begins at. There can be no more than sixteen. */
async function list(rq: ApiRequest): Promise<Plain> {
  const { limit = MAX_LIMIT, include } = rq.params;
  const from = seqOf(rq.params.page) ?? 0;
  const found = await rq.tx.query({ object: 'v2.core.event_destination' });
  const next = new URLSearchParams({ limit: String(limit), page: `page_${(from + limit).toString(36)}` });
  return {
    data: found.slice(from, from + limit).map((destination) => viewOf(destination, include)),
    next_page_url: found.length > from + limit ? `${PATH}?${next}` : null,
    previous_page_url: null,
  };
}

export const routes: Route[] = [
  { method: 'GET', path: PATH, run: list },
  { method: 'POST', path: PATH, run: createDestination },
  { method: 'GET', path: ONE, run: async (rq) => viewOf(await find(rq), rq.params.include) },
  { method: 'POST', path: ONE, run: updateDestination },
  { method: 'DELETE', path: ONE, run: deleteDestination },
  { method: 'POST', path: `${ONE}/disable`, run: disableDestination },
  { method: 'POST', path: `${ONE}/enable`, run: enableDestination },
  { method: 'POST', path: `${ONE}/ping`, run: pingDestination },
];
