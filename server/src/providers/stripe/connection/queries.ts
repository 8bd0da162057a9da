import type { Insertable, Updateable } from 'kysely';
import type { App, Ctx } from '../../../kit/context.ts';
import { notFound } from '../../../kit/errors.ts';
import type { DB } from '../../../kit/schema.generated.ts';
import { type Connection, toConnection } from './connection.ts';

const CURRENT = ['active', 'degraded', 'revoked'];
const WORKING = ['active', 'degraded'];

/** The environment's connections, newest first. */
export async function listConnections(ctx: Ctx, a: { limit: number; after: string | null }): Promise<Connection[]> {
  let query = ctx.db
    .selectFrom('stripe_connections')
    .selectAll()
    .where('environment_id', '=', ctx.environmentId)
    .orderBy('id', 'desc')
    .limit(a.limit + 1);
  if (a.after !== null) query = query.where('id', '<', a.after);
  return (await query.execute()).map(toConnection);
}

/** A connection of the environment; refuses with 404. */
export async function getConnection(ctx: Ctx, id: string): Promise<Connection> {
  const row = await ctx.db
    .selectFrom('stripe_connections')
    .selectAll()
    .where('environment_id', '=', ctx.environmentId)
    .where('id', '=', id)
    .executeTakeFirst();
  if (!row) notFound('connection', id);
  return toConnection(row);
}

/** The environment's present connection, also while revoked; null without one. */
export async function currentConnection(ctx: Ctx): Promise<Connection | null> {
  const row = await ctx.db
    .selectFrom('stripe_connections')
    .selectAll()
    .where('environment_id', '=', ctx.environmentId)
    .where('status', 'in', CURRENT)
    .executeTakeFirst();
  return row ? toConnection(row) : null;
}

/** The present connection locked until the transaction ends. */
export async function lockConnection(tx: Ctx, id: string): Promise<Connection> {
  const row = await tx.db
    .selectFrom('stripe_connections')
    .selectAll()
    .where('environment_id', '=', tx.environmentId)
    .where('id', '=', id)
    .forUpdate()
    .executeTakeFirst();
  if (!row) notFound('connection', id);
  return toConnection(row);
}

/** Connections that may be called, of one environment or of all. */
export async function workingConnections(app: App, environmentId: string | null): Promise<Connection[]> {
  let query = app.db.selectFrom('stripe_connections').selectAll().where('status', 'in', WORKING).orderBy('id');
  if (environmentId !== null) query = query.where('environment_id', '=', environmentId);
  return (await query.execute()).map(toConnection);
}

/** Any connection by id, whoever asks: what a delivery's address names before its environment is known. */
export async function connectionById(app: App, id: string): Promise<Connection | null> {
  const row = await app.db.selectFrom('stripe_connections').selectAll().where('id', '=', id).executeTakeFirst();
  return row ? toConnection(row) : null;
}

/** The environment whose connection has this account (test mode and Sandbox), or null. */
export async function environmentOfAccount(app: App, accountId: string): Promise<string | null> {
  const row = await app.db
    .selectFrom('stripe_connections')
    .select('environment_id')
    .where('account_id', '=', accountId)
    .where('livemode', '=', false)
    .where('status', 'in', WORKING)
    .orderBy('created_at')
    .executeTakeFirst();
  return row?.environment_id ?? null;
}

/** Where an account with this mode is connected already, other than here. */
export async function connectedElsewhere(ctx: Ctx, a: { accountId: string; livemode: boolean }): Promise<boolean> {
  const row = await ctx.db
    .selectFrom('stripe_connections')
    .select('id')
    .where('account_id', '=', a.accountId)
    .where('livemode', '=', a.livemode)
    .where('status', 'in', CURRENT)
    .where('environment_id', '!=', ctx.environmentId)
    .executeTakeFirst();
  return row !== undefined;
}

/** Writes a new connection. */
export async function insertConnection(tx: Ctx, row: Insertable<DB['stripe_connections']>): Promise<Connection> {
  return toConnection(await tx.db.insertInto('stripe_connections').values(row).returningAll().executeTakeFirstOrThrow());
}

/** Changes columns of a connection and bumps its revision. */
export async function updateConnection(ctx: Ctx, id: string, patch: Updateable<DB['stripe_connections']>): Promise<Connection> {
  const row = await ctx.db
    .updateTable('stripe_connections')
    .set((eb) => ({ ...patch, rev: eb('rev', '+', 1n), updated_at: ctx.machineClock.now() }))
    .where('environment_id', '=', ctx.environmentId)
    .where('id', '=', id)
    .returningAll()
    .executeTakeFirstOrThrow();
  return toConnection(row);
}
