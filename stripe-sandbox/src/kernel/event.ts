/** Event bodies: a full public snapshot, and for changes the attributes as they were. */
import { clone, sameJson } from '../store/clone.ts';
import type { Doc, Params } from './types.ts';

/** Not `.updated`, yet recorded from Stripe with previous_attributes. */
const CARRY_PREVIOUS = new Set([
  'charge.refunded',
  'payment_method.detached',
  'payment_method.automatically_updated',
  'credit_note.voided',
]);

export function carriesPrevious(type: string): boolean {
  return type.endsWith('.updated') || CARRY_PREVIOUS.has(type);
}

/** The object as Stripe would show it: a copy without the Sandbox's private keys, in nested objects too. */
export function snapshotOf(doc: Doc): Doc {
  return publicCopy(doc) as Doc;
}

/** Private keys exist only on Stripe objects (things with `object`), so a customer's own metadata key may begin with `_`. */
export function publicCopy(value: unknown): unknown {
  if (value === null || typeof value !== 'object') return value;
  if (Array.isArray(value)) return value.map(publicCopy);
  const source = value as Record<string, unknown>;
  const isObject = typeof source.object === 'string';
  const copy: Record<string, unknown> = {};
  for (const key in source) {
    if (isObject && key.charCodeAt(0) === 95) continue;
    if (source[key] !== undefined) copy[key] = publicCopy(source[key]);
  }
  return copy;
}

/**
 * previous_attributes as recorded from Stripe: changed keys with their former values; inside nested objects only what changed there;
 * lists as `{ data, total_count }`; a key that is new is null.
 */
export function difference(before: Params, after: Params): Params {
  const changes: Params = {};
  for (const key of new Set([...Object.keys(before), ...Object.keys(after)])) {
    const [was, is] = [before[key] ?? null, after[key] ?? null];
    if (sameJson(was, is)) continue;
    changes[key] = isPlain(was) && isPlain(is) && sameIdentity(was, is) ? difference(was, is) : clone(was);
  }
  return changes;
}

function isPlain(value: unknown): value is Params {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

/** Another price in the same place is shown whole, not as a difference between the two. */
function sameIdentity(was: Params, is: Params): boolean {
  return was.id === is.id;
}

export type EventParts = {
  id: string;
  type: string;
  created: number;
  apiVersion: string;
  snapshot: Doc;
  changes: Params | undefined;
  request: { requestId: string | null; idempotencyKey: string | null };
};

/** `pending_webhooks` is filled by the fan-out at commit. */
export function buildEvent(parts: EventParts): Doc {
  return {
    id: parts.id,
    object: 'event',
    api_version: parts.apiVersion,
    created: parts.created,
    data: { object: parts.snapshot, ...(parts.changes === undefined ? {} : { previous_attributes: parts.changes }) },
    livemode: false,
    pending_webhooks: 0,
    request: { id: parts.request.requestId, idempotency_key: parts.request.requestId === null ? null : parts.request.idempotencyKey },
    type: parts.type,
  };
}
