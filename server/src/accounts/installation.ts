import { sql } from 'kysely';
import type { App, Ctx } from '../kit/context.ts';

/**
 * Held start (reliability.md 7.4, D13): a database with a Live connection that no owner has confirmed as the primary is readable and stores
 * webhooks, but nothing calls Stripe or sends mail for test and live environments. Sandbox environments are never held.
 */
export type Installation = { identity: string; isHeld: boolean; reason: string | null };

/** Looks once, at start. A database without a Live connection is confirmed by itself. */
export async function readInstallation(app: App): Promise<Installation> {
  const identity = await databaseIdentity(app);
  if (app.config.confirmPrimary) await confirm(app, { identity, by: 'command line' });
  if (app.config.hold) return { identity, isHeld: true, reason: 'The server was started with --hold.' };
  if (!(await hasLiveConnection(app))) {
    await confirm(app, { identity, by: null });
    return { identity, isHeld: false, reason: null };
  }
  if (app.engine === 'pglite') {
    return { identity, isHeld: true, reason: 'A Live connection needs PostgreSQL; this is the embedded database.' };
  }
  const row = await app.db.selectFrom('installation').select('database_identity').executeTakeFirst();
  const isKnown = row?.database_identity === identity;
  return { identity, isHeld: !isKnown, reason: isKnown ? null : 'This database is not the one an owner confirmed: it may be a copy.' };
}

/** An owner says that this database is the primary now. */
export async function confirmPrimary(ctx: Ctx): Promise<void> {
  await confirm(ctx.app, { identity: await databaseIdentity(ctx.app), by: ctx.actor });
}

async function confirm(app: App, a: { identity: string; by: string | null }): Promise<void> {
  const row = { database_identity: a.identity, confirmed_by: a.by, confirmed_wall_at: app.machineClock.now() };
  await app.db.transaction().execute(async (trx) => {
    await trx.deleteFrom('installation').where('database_identity', '!=', a.identity).execute();
    await trx
      .insertInto('installation')
      .values(row)
      .onConflict((conflict) => conflict.column('database_identity').doNothing())
      .execute();
  });
}

/** PostgreSQL's system identifier and the database's own oid: a restored dump has other ones. */
async function databaseIdentity(app: App): Promise<string> {
  const { rows } = await sql<{ identity: string }>`
    select (select system_identifier from pg_control_system())::text || ':' || oid::text as identity
    from pg_database where datname = current_database()`.execute(app.db);
  return rows[0]?.identity ?? 'unknown';
}

async function hasLiveConnection(app: App): Promise<boolean> {
  const row = await app.db
    .selectFrom('stripe_connections')
    .select('id')
    .where('livemode', '=', true)
    .where('status', 'in', ['active', 'degraded', 'revoked'])
    .executeTakeFirst();
  return row !== undefined;
}
