import { invalidRequest } from '../../kernel/errors.ts';
import { createdBounds } from '../../kernel/list.ts';
import { recordedType, thinTypeOf, thinView } from '../../kernel/thin.ts';
import type { Transaction } from '../../kernel/transaction.ts';
import type { ApiRequest, Plain } from '../../kernel/types.ts';

const DEFAULT_LIMIT = 20;

/** Thin events newest first: those recorded as such, and the twins of snapshots. Filters `types`, `object_id`, `created`. */
export async function listThinEvents(rq: ApiRequest): Promise<Plain> {
  const { params } = rq;
  const { reads, horizon, contract } = rq.tx as Transaction;
  const limit = params.limit ?? DEFAULT_LIMIT;
  const rows = await reads.events({
    account: rq.account.id,
    types: typesOf(rq),
    objectId: params.object_id,
    ...createdBounds(params),
    recordedFrom: horizon,
    beforeSeq: seqOf(params.page),
    order: 'newest',
    limit: limit + 1,
  });
  const shown = rows.slice(0, limit);
  const more = rows.length > limit;
  return {
    data: shown.map((row) => thinView(contract, row)),
    next_page_url: more ? nextPage(rq, shown.at(-1)!.seq) : null,
    previous_page_url: null,
  };
}

/** Snapshots without a thin twin do not exist here. */
function typesOf(rq: ApiRequest): string[] {
  const { contract } = rq.tx as Transaction;
  const wanted = rq.params.types as string[] | undefined;
  if (wanted !== undefined && wanted.length > 0) {
    const unknown = wanted.find((type) => !contract.thinTypes().has(type));
    if (unknown !== undefined) throw invalidRequest(`Unknown event type: ${unknown}`, { code: 'invalid_fields' });
    return wanted.flatMap(recordedType);
  }
  return [...contract.eventTypes().filter((type) => thinTypeOf(contract, type) !== null), ...contract.thinTypes()];
}

/** The page after a place in the log, with the same filters. */
function nextPage(rq: ApiRequest, seq: number): string {
  const query = new URLSearchParams({ page: `page_${seq.toString(36)}` });
  const { created = {}, limit, object_id, types = [] } = rq.params;
  if (limit !== undefined) query.set('limit', String(limit));
  if (object_id !== undefined) query.set('object_id', object_id);
  for (const [name, value] of Object.entries(created)) query.set(`created[${name}]`, String(value));
  for (const [index, type] of (types as string[]).entries()) query.set(`types[${index}]`, type);
  return `/v2/core/events?${query}`;
}

export function seqOf(page: string | undefined): number | undefined {
  if (page === undefined) return undefined;
  const seq = Number.parseInt(page.slice('page_'.length), 36);
  if (!page.startsWith('page_') || !Number.isSafeInteger(seq)) throw invalidRequest(`Invalid page: ${page}`, { code: 'invalid_fields' });
  return seq;
}
