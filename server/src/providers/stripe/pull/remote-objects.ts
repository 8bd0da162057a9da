import { createHash } from 'node:crypto';
import { sql } from 'kysely';
import type { Ctx } from '../../../kit/context.ts';
import { stringify } from '../../../kit/database.ts';
import type { Connection } from '../connection/connection.ts';
import { STRIPE_API_VERSION } from '../limits.ts';
import type { Fetched, RemoteBody, RemoteType } from './source.ts';

export type Classification = 'managed' | 'foreign_environment' | 'unmanaged';
export type RemoteObject = { type: string; id: string; body: RemoteBody | null; deleted: boolean; fetchedAt: Temporal.Instant };

/** Fields that never enter our database: they let their holder act for the customer. */
const LEFT_OUT = new Set(['client_secret', 'confirmation_secret']);

/**
 * Keeps what Stripe answered, unless a later request has already been recorded or the object is known to be gone: false then.
 * The row stays locked until the transaction ends, so that one writer at a time records the object.
 */
export async function keepRemoteObject(
  tx: Ctx,
  a: { connection: Connection; fetched: Fetched; classification: Classification },
): Promise<boolean> {
  const { fetched } = a;
  // Of a deleted object Stripe answers a stub: what we knew of it stays.
  const text = fetched.body === null || fetched.deleted ? null : keptText(fetched.body);
  const hash = text === null ? null : hashOf(text);
  const { rows } = await sql`
    insert into remote_objects (environment_id, connection_id, type, id, body, api_version, deleted, fetched_wall_at, fetch_seq, projection_hash, classification)
    values (${tx.environmentId}, ${a.connection.id}, ${fetched.type}, ${fetched.id}, ${text}::jsonb, ${STRIPE_API_VERSION}, ${fetched.deleted},
      ${tx.machineClock.now()}, ${fetched.seq}, ${hash}, ${a.classification})
    on conflict (environment_id, connection_id, type, id) do update
      set body = coalesce(excluded.body, remote_objects.body), api_version = excluded.api_version, deleted = excluded.deleted,
        fetched_wall_at = excluded.fetched_wall_at, fetch_seq = excluded.fetch_seq, projection_hash = excluded.projection_hash,
        classification = excluded.classification
      where remote_objects.fetch_seq < excluded.fetch_seq and not remote_objects.deleted
    returning id`.execute(tx.db);
  return rows.length > 0;
}

function keptText(body: RemoteBody): string {
  return stringify(Object.fromEntries(Object.entries(body).filter(([name]) => !LEFT_OUT.has(name))));
}

const hashOf = (text: string) => createHash('sha256').update(text).digest('hex');

/**
 * Notes for a page of a list which of its objects we hold exactly as they stand there, in one statement; answers their ids. The others are to
 * be recorded one by one.
 */
export async function noteUnchanged(
  ctx: Ctx,
  a: { connection: Connection; type: RemoteType; seq: bigint; page: readonly RemoteBody[] },
): Promise<Set<string>> {
  if (a.page.length === 0) return new Set();
  const values = a.page.map((body) => sql`(${body.id}::text, ${hashOf(keptText(body))}::text)`);
  const { rows } = await sql<{ id: string }>`
    update remote_objects r set fetch_seq = ${a.seq}, fetched_wall_at = ${ctx.machineClock.now()} from (values ${sql.join(values)}) as v(id, hash)
    where r.environment_id = ${ctx.environmentId} and r.connection_id = ${a.connection.id} and r.type = ${a.type} and r.id = v.id
      and r.projection_hash = v.hash and not r.deleted and r.fetch_seq < ${a.seq} returning r.id`.execute(ctx.db);
  return new Set(rows.map((row) => row.id));
}

/** The next ids of a kind that no request since `seq` has met, in order: what a full list did not show. */
export async function unseenSince(
  ctx: Ctx,
  a: { connection: Connection; type: RemoteType; seq: bigint; after: string; limit: number },
): Promise<string[]> {
  const rows = await ctx.db
    .selectFrom('remote_objects')
    .select('id')
    .where('environment_id', '=', ctx.environmentId)
    .where('connection_id', '=', a.connection.id)
    .where('type', '=', a.type)
    .where('id', '>', a.after)
    .where('deleted', '=', false)
    .where('fetch_seq', '<', a.seq)
    .orderBy('id')
    .limit(a.limit)
    .execute();
  return rows.map((row) => row.id);
}

/** Our copy of a Stripe object of the environment's current connection; null without one. */
export async function remoteObject(ctx: Ctx, type: RemoteType, id: string): Promise<RemoteObject | null> {
  const row = await ctx.db
    .selectFrom('remote_objects')
    .innerJoin('stripe_connections', 'stripe_connections.id', 'remote_objects.connection_id')
    .select(['remote_objects.type', 'remote_objects.id', 'remote_objects.body', 'remote_objects.deleted', 'remote_objects.fetched_wall_at'])
    .where('remote_objects.environment_id', '=', ctx.environmentId)
    .where('remote_objects.type', '=', type)
    .where('remote_objects.id', '=', id)
    .orderBy('stripe_connections.created_at', 'desc')
    .limit(1)
    .executeTakeFirst();
  if (!row) return null;
  return { type: row.type, id: row.id, body: row.body as RemoteBody | null, deleted: row.deleted, fetchedAt: row.fetched_wall_at };
}

/** Whose an object is, by the mark Billow leaves on what it makes (sync.md 3). */
export function classify(ctx: Ctx, body: RemoteBody | null): Classification {
  const mark = environmentMark(body);
  if (mark === null) return 'unmanaged';
  return mark === ctx.environmentId ? 'managed' : 'foreign_environment';
}

function environmentMark(body: RemoteBody | null): string | null {
  const own = (body?.metadata as Record<string, unknown> | undefined)?.billowEnvironmentId;
  if (typeof own === 'string' && own !== '') return own;
  const parent = body?.parent as { subscription_details?: { metadata?: Record<string, unknown> | null } | null } | null | undefined;
  const inherited = parent?.subscription_details?.metadata?.billowEnvironmentId;
  return typeof inherited === 'string' && inherited !== '' ? inherited : null;
}
