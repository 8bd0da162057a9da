import { sql } from 'kysely';
import type { Ctx } from './context.ts';
import { json, stringify } from './database.ts';
import { refuse } from './errors.ts';
import { IDEMPOTENCY_KEEP_HOURS } from './limits.ts';
import { type SecretPlace, sha256 } from './secrets.ts';

/** A request that may be repeated under one key. `scope` separates callers. */
export type KeyedRequest = { scope: string; key: string; method: string; path: string; body: string };
export type StoredAnswer = { status: number; body: unknown };

/** While a request runs nobody else may run it; after this a crashed one may be tried again. */
const RUNNING_SECONDS = 60;

/**
 * Takes the key for this request. Answers the stored answer where the same request was done before, null where the caller has to
 * run it now. Refuses with 409 `idempotency_conflict` (other request under the key) or `idempotency_in_progress`.
 */
export async function beginKeyed(ctx: Ctx, request: KeyedRequest): Promise<StoredAnswer | null> {
  const now = ctx.machineClock.now();
  const hash = hashOf(request);
  const lease = now.add({ seconds: RUNNING_SECONDS });
  const { rows } = await sql<{ key: string }>`
    insert into idempotency_keys (environment_id, scope, key, method, path, body_hash, status, lease_until_wall_at, expires_wall_at)
    values (${ctx.environmentId}, ${request.scope}, ${request.key}, ${request.method}, ${request.path}, ${hash}, 'in_progress',
      ${lease}, ${now.add({ hours: IDEMPOTENCY_KEEP_HOURS })})
    on conflict (environment_id, scope, key) do update
      set method = excluded.method, path = excluded.path, body_hash = excluded.body_hash, status = 'in_progress',
        response_status = null, response = null, lease_until_wall_at = excluded.lease_until_wall_at, expires_wall_at = excluded.expires_wall_at
      where idempotency_keys.expires_wall_at < ${now}
        or (idempotency_keys.status = 'in_progress' and idempotency_keys.lease_until_wall_at < ${now} and idempotency_keys.body_hash = excluded.body_hash)
    returning key`.execute(ctx.db);
  if (rows.length > 0) return null;
  return storedAnswer(ctx, { request, hash });
}

/** Stores the answer for the next 24 hours. */
export async function finishKeyed(ctx: Ctx, a: { request: KeyedRequest; answer: StoredAnswer }): Promise<void> {
  await ctx.db
    .updateTable('idempotency_keys')
    .set({ status: 'done', response_status: a.answer.status, response: json(seal(ctx, a)), lease_until_wall_at: null })
    .where('environment_id', '=', ctx.environmentId)
    .where('scope', '=', a.request.scope)
    .where('key', '=', a.request.key)
    .execute();
}

/** Gives the key back after trouble of ours, so that the caller may try again under it. */
export async function dropKeyed(ctx: Ctx, request: KeyedRequest): Promise<void> {
  await ctx.db
    .deleteFrom('idempotency_keys')
    .where('environment_id', '=', ctx.environmentId)
    .where('scope', '=', request.scope)
    .where('key', '=', request.key)
    .where('status', '=', 'in_progress')
    .execute();
}

async function storedAnswer(ctx: Ctx, a: { request: KeyedRequest; hash: string }): Promise<StoredAnswer> {
  const row = await ctx.db
    .selectFrom('idempotency_keys')
    .selectAll()
    .where('environment_id', '=', ctx.environmentId)
    .where('scope', '=', a.request.scope)
    .where('key', '=', a.request.key)
    .executeTakeFirst();
  if (row && row.body_hash !== a.hash) {
    refuse({
      status: 409,
      code: 'idempotency_conflict',
      message: `The Idempotency-Key ${a.request.key} was used for another request.`,
      fix: 'Send a new key with a new request.',
    });
  }
  if (row?.status !== 'done' || row.response_status === null) {
    refuse({
      status: 409,
      code: 'idempotency_in_progress',
      message: `The request with the Idempotency-Key ${a.request.key} is still running.`,
    });
  }
  return { status: row.response_status, body: open(ctx, a.request, row.response) };
}

/** Answers may hold what is shown once (a new key), so they are not stored in the clear. */
function seal(ctx: Ctx, a: { request: KeyedRequest; answer: StoredAnswer }): { sealed: string } {
  return { sealed: Buffer.from(ctx.app.secrets.seal(place(ctx, a.request), stringify(a.answer.body))).toString('utf8') };
}

function open(ctx: Ctx, request: KeyedRequest, stored: unknown): unknown {
  const { sealed } = stored as { sealed: string };
  return JSON.parse(ctx.app.secrets.open(place(ctx, request), Buffer.from(sealed)).reveal());
}

function place(ctx: Ctx, request: KeyedRequest): SecretPlace {
  return { table: 'idempotency_keys', column: 'response', rowId: `${request.scope} ${request.key}`, environmentId: ctx.environmentId };
}

function hashOf(request: KeyedRequest): string {
  return sha256(`${request.method} ${request.path}\n${request.body}`).toString('hex');
}
