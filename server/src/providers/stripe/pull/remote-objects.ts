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
  const text =
    fetched.body === null || fetched.deleted
      ? null
      : stringify(Object.fromEntries(Object.entries(fetched.body).filter(([name]) => !LEFT_OUT.has(name))));
  const hash = text === null ? null : createHash('sha256').update(text).digest('hex');
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
