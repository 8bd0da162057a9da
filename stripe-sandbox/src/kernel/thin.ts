/** Events of the second kind: a notice that names an object instead of carrying it, under the v2 API [K 6]. */
import type { Contract } from '../contract/contract.ts';
import type { EventRow } from '../store/port.ts';
import type { Requester } from './record-event.ts';
import type { Services } from './services.ts';
import type { Doc, Params, Tx } from './types.ts';
import { nextSeq, type View } from './view.ts';

const ID_LENGTH = 24;
const SNAPSHOT = 'evt_';
const THIN = 'evt_test_';
const V1 = 'v1.';

export type Thin = { type: string; data?: Params; related?: { id: string; type: string; url: string } };

/** Records a thin event that has no snapshot twin. It is told to event destinations only, never to webhook endpoints. */
export function recordThin(services: Services, tx: Tx & { view: View }, thin: Thin, request: Requester): EventRow {
  if (!services.contract.thinTypes().has(thin.type)) throw new Error(`'${thin.type}' is not a thin event type Stripe has.`);
  const { view } = tx;
  const created = tx.now();
  const doc: Doc = {
    id: `${THIN}${services.random.alphanumeric(ID_LENGTH)}`,
    object: 'v2.core.event',
    created: isoTime(created) as unknown as number,
    livemode: false,
    type: thin.type,
    ...(thin.data === undefined ? {} : { data: thin.data }),
    ...(thin.related === undefined ? {} : { related_object: thin.related }),
    ...reasonOf(request.requestId, request.idempotencyKey),
  };
  const found = services.violations === null ? [] : services.contract.check(doc, 'v2.core.event');
  if (found.length > 0) services.violations?.(found.map((line) => `event ${thin.type}: ${line}`));
  const row: EventRow = {
    account: view.account.id,
    id: doc.id,
    seq: nextSeq(view),
    type: thin.type,
    created,
    recordedAt: services.clock.now(),
    objectId: thin.related?.id ?? null,
    clock: null,
    doc,
  };
  view.events.push(row);
  return row;
}

/** True for events that exist as thin ones only. */
export function isThin(type: string): boolean {
  return /^v\d\./.test(type);
}

/** The thin type that tells of the same thing as a snapshot type; null when Stripe has none. */
export function thinTypeOf(contract: Contract, type: string): string | null {
  if (isThin(type)) return type;
  return contract.thinTypes().has(`${V1}${type}`) ? `${V1}${type}` : null;
}

/** The other way: under which type the event was recorded. */
export function recordedType(type: string): string[] {
  return type.startsWith(V1) ? [type, type.slice(V1.length)] : [type];
}

/** An event as the v2 API shows it: as it is, or the twin of a snapshot. */
export function thinView(contract: Contract, row: Pick<EventRow, 'id' | 'type' | 'created' | 'objectId' | 'doc'>): Doc {
  if (isThin(row.type)) {
    const { pending_webhooks: _pending, ...doc } = row.doc;
    return doc as Doc;
  }
  const related = row.doc.data.object as Doc;
  const url = row.objectId === null ? null : contract.pathOf(related.object, row.objectId);
  return {
    id: `${THIN}${row.id.slice(SNAPSHOT.length)}`,
    object: 'v2.core.event',
    created: isoTime(row.created) as unknown as number,
    livemode: false,
    ...reasonOf(row.doc.request?.id ?? null, row.doc.request?.idempotency_key ?? null),
    ...(url === null ? {} : { related_object: { id: row.objectId, type: related.object, url } }),
    snapshot_event: row.id,
    type: `${V1}${row.type}`,
  };
}

/** The ids under which an event asked for by the v2 API may be recorded. */
export function recordedIds(id: string): string[] {
  return id.startsWith(THIN) ? [id, `${SNAPSHOT}${id.slice(THIN.length)}`] : [];
}

/** v2 writes instants as text. */
export function isoTime(seconds: number): string {
  return new Date(seconds * 1000).toISOString();
}

function reasonOf(id: string | null, key: string | null): Params {
  return id === null ? {} : { reason: { type: 'request', request: { id, idempotency_key: key ?? '' } } };
}
