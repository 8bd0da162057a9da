import { sql } from 'kysely';
import type { Ctx } from './context.ts';
import { json } from './database.ts';
import { newId } from './ids.ts';
import { enqueue, type JobDefinition } from './jobs.ts';
import { wholeSeconds } from './time.ts';

/** Something that happened, as its subscribers see it. */
export type AnnouncedEvent = {
  id: string;
  type: string;
  objectType: string;
  objectId: string;
  /** 1, 2, 3 … per object; on the wire `sequence`. */
  objectSeq: bigint;
  data: EventData;
  previous: Record<string, unknown> | null;
  /** The witness: Stripe's event id where Stripe caused it. */
  cause: string | null;
  at: Temporal.Instant;
};

/** Facts of an event as plain JSON (amounts may be bigint); instants are RFC 3339 texts. */
export type EventData = Record<string, unknown>;

/**
 * Who listens to what. `run` works in the announcing transaction (rows only, no network); `job` is enqueued in it and runs after.
 * `event` is a type, or `*`. `why` is one line for `npm run events`.
 */
export type Subscriber = {
  event: string;
  by: string;
  why: string;
  run?(tx: Ctx, event: AnnouncedEvent): Promise<void>;
  job?: JobDefinition<{ event_id: string }>;
};

export type Subscribers = {
  add(subscribers: readonly Subscriber[]): void;
  of(type: string): readonly Subscriber[];
  all(): readonly Subscriber[];
};

export type Announcement = {
  type: string;
  objectType: string;
  objectId: string;
  data: EventData;
  previous?: Record<string, unknown> | null;
  /** kind : object : transition id. The same key announces once, ever. */
  dedupeKey: string;
  cause?: string | null;
  /** Business time; default now of the environment's clock. */
  at?: Temporal.Instant;
};

/** An empty list of subscribers, kept in the order they are added. */
export function createSubscribers(): Subscribers {
  const list: Subscriber[] = [];
  return {
    add: (subscribers) => void list.push(...subscribers),
    of: (type) => list.filter((subscriber) => subscriber.event === type || subscriber.event === '*'),
    all: () => list,
  };
}

/**
 * Writes the event row and runs its subscribers, all in the caller's transaction. Answers null where the dedupe key is already
 * there: then nothing runs again. The caller holds the object's lock, so that its events are numbered without gaps.
 */
export async function announce(tx: Ctx, a: Announcement): Promise<AnnouncedEvent | null> {
  if (!tx.inTransaction) throw new Error(`announce(${a.type}) outside a transaction: the row and its event are written together`);
  const event = await insert(tx, a);
  if (event === null) return null;
  for (const subscriber of tx.app.subscribers.of(a.type)) {
    if (subscriber.run) await subscriber.run(tx, event);
    if (subscriber.job) await enqueue(tx, subscriber.job, { event_id: event.id });
  }
  return event;
}

/** An announced event by id, for subscribers' jobs; null where the environment has none. */
export async function findEvent(ctx: Ctx, id: string): Promise<AnnouncedEvent | null> {
  const row = await ctx.db
    .selectFrom('events')
    .selectAll()
    .where('environment_id', '=', ctx.environmentId)
    .where('id', '=', id)
    .executeTakeFirst();
  if (!row) return null;
  return {
    id: row.id,
    type: row.type,
    objectType: row.object_type,
    objectId: row.object_id,
    objectSeq: row.object_seq,
    data: row.data as EventData,
    previous: row.previous as Record<string, unknown> | null,
    cause: row.cause,
    at: row.at,
  };
}

async function insert(tx: Ctx, a: Announcement): Promise<AnnouncedEvent | null> {
  const id = newId(tx, 'event');
  const at = wholeSeconds(a.at ?? tx.clock.now());
  const previous = a.previous ?? null;
  const { rows } = await sql<{ object_seq: bigint }>`
    insert into events (environment_id, id, type, object_type, object_id, object_seq, data, previous, actor, cause, dedupe_key, at, created_at)
    values (${tx.environmentId}, ${id}, ${a.type}, ${a.objectType}, ${a.objectId},
      (select coalesce(max(object_seq), 0) + 1 from events
        where environment_id = ${tx.environmentId} and object_type = ${a.objectType} and object_id = ${a.objectId}),
      ${json(a.data)}, ${previous === null ? null : json(previous)}, ${tx.actor}, ${a.cause ?? null}, ${a.dedupeKey}, ${at}, ${tx.machineClock.now()})
    on conflict (environment_id, dedupe_key) do nothing returning object_seq`.execute(tx.db);
  const row = rows[0];
  if (!row) return null;
  const { type, objectType, objectId, data } = a;
  return { id, type, objectType, objectId, objectSeq: row.object_seq, data, previous, cause: a.cause ?? null, at };
}
