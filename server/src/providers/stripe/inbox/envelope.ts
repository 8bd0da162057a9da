import { z } from 'zod';
import { instantFromUnix } from '../../../kit/time.ts';

/** What we read of an event before anything is fetched: enough to store it, to judge whose it is, and to know what to read again. */
export type Envelope = {
  eventId: string;
  type: string;
  account: string | null;
  livemode: boolean | null;
  apiVersion: string | null;
  createdRemote: Temporal.Instant | null;
  objectType: string | null;
  objectId: string | null;
  /** Of the request that caused it, where Stripe tells. */
  requestKey: string | null;
  /** `v2.core.event` for the thin events of API v2. */
  isThin: boolean;
  /** The snapshot: a hint only, in the shape of whichever version the sender chose. */
  object: EventObject | null;
  previous: Record<string, unknown> | null;
};

export type EventObject = Record<string, unknown>;

const ID_CHARS = 255;
const TYPE_CHARS = 200;

const open = z.record(z.string(), z.unknown());
const schema = z.object({
  id: z
    .string()
    .regex(/^evt_[A-Za-z0-9_]+$/)
    .max(ID_CHARS),
  object: z.string().optional(),
  type: z
    .string()
    .min(1)
    .max(TYPE_CHARS)
    .regex(/^[\x21-\x7e]+$/),
  account: z.string().max(ID_CHARS).nullish(),
  livemode: z.boolean().nullish(),
  api_version: z.string().max(TYPE_CHARS).nullish(),
  created: z.union([z.number(), z.string()]).nullish(),
  data: z.object({ object: open.nullish(), previous_attributes: open.nullish() }).nullish(),
  request: z.unknown().optional(),
});

/** Reads the envelope; null where it is not an event. */
export function readEnvelope(value: unknown): Envelope | null {
  const parsed = schema.safeParse(value);
  if (!parsed.success) return null;
  const event = parsed.data;
  const object = event.data?.object ?? null;
  return {
    eventId: event.id,
    type: event.type,
    account: event.account ?? null,
    livemode: event.livemode ?? null,
    apiVersion: event.api_version ?? null,
    createdRemote: createdAt(event.created),
    objectType: shortText(object?.object),
    objectId: shortText(object?.id),
    requestKey: requestKeyOf(event.request),
    isThin: event.object === 'v2.core.event',
    object,
    previous: event.data?.previous_attributes ?? null,
  };
}

function createdAt(created: number | string | null | undefined): Temporal.Instant | null {
  if (typeof created === 'number')
    return Number.isSafeInteger(created) && Math.abs(created) < LAST_SECOND ? instantFromUnix(created) : null;
  if (typeof created !== 'string') return null;
  try {
    return Temporal.Instant.from(created);
  } catch {
    return null;
  }
}

/** The year 9999: PostgreSQL and RFC 3339 read nothing later. */
const LAST_SECOND = 253_402_300_799;

function shortText(value: unknown): string | null {
  return typeof value === 'string' && value !== '' && value.length <= ID_CHARS ? value : null;
}

function requestKeyOf(request: unknown): string | null {
  if (typeof request !== 'object' || request === null) return null;
  return shortText((request as { idempotency_key?: unknown }).idempotency_key);
}
