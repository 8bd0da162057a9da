import { invalidRequest, parametersExclusive } from '../../kernel/errors.ts';
import { createdBounds } from '../../kernel/list.ts';
import type { Transaction } from '../../kernel/transaction.ts';
import type { ApiRequest, ListAnswer } from '../../kernel/types.ts';

const DEFAULT_LIMIT = 10;
const MAX_TYPES = 20;

/** Events newest first; filters `type` (a name or a family with `*`), `types`, `created`, `delivery_success`. Bodies as recorded. */
export async function listEvents(rq: ApiRequest): Promise<ListAnswer> {
  const { params } = rq;
  const { reads, horizon } = rq.tx as Transaction;
  if (params.type && params.types) throw parametersExclusive('type', 'types');
  if (params.starting_after && params.ending_before) throw parametersExclusive('starting_after', 'ending_before');
  if ((params.types?.length ?? 0) > MAX_TYPES)
    throw invalidRequest(`You may only specify up to ${MAX_TYPES} event types.`, { param: 'types' });
  const limit = params.limit || DEFAULT_LIMIT;
  const backwards = Boolean(params.ending_before);
  const query = {
    account: rq.account.id,
    types: typesOf(rq),
    snapshotsOnly: true,
    ...createdBounds(params),
    recordedFrom: horizon,
    ...(params.delivery_success === undefined || params.delivery_success === '' ? {} : { deliverySuccess: params.delivery_success }),
    ...(await cursor(rq, backwards)),
    order: backwards ? ('oldest' as const) : ('newest' as const),
    limit: limit + 1,
  };
  const rows = await reads.events(query);
  const data = rows.slice(0, limit).map((row) => row.doc);
  if (backwards) data.reverse();
  return { object: 'list', data, has_more: rows.length > limit, url: '/v1/events' };
}

function typesOf(rq: ApiRequest): string[] | undefined {
  const { type, types } = rq.params;
  if (types) return types;
  if (!type) return undefined;
  if (!type.includes('*')) return [type];
  const start = type.slice(0, type.indexOf('*'));
  return (rq.tx as Transaction).contract.eventTypes().filter((name) => name.startsWith(start));
}

async function cursor(rq: ApiRequest, backwards: boolean): Promise<{ afterSeq?: number; beforeSeq?: number }> {
  const id = rq.params.starting_after ?? rq.params.ending_before;
  if (!id) return {};
  const row = await (rq.tx as Transaction).reads.event(rq.account.id, id);
  if (row === undefined)
    throw invalidRequest(`No such event: '${id}'`, { code: 'resource_missing', param: backwards ? 'ending_before' : 'starting_after' });
  return backwards ? { afterSeq: row.seq } : { beforeSeq: row.seq };
}
