import type { Selectable } from 'kysely';
import type { App, Ctx, Mode } from '../kit/context.ts';
import { notFound } from '../kit/errors.ts';
import type { Environments } from '../kit/schema.generated.ts';
import type { ClockBlock, ClockKind, Environment } from './environment.ts';

/** The environment by id; 404 where the caller's organization (or key) has none such. */
export async function getEnvironment(ctx: Ctx, id: string): Promise<Environment> {
  let query = ctx.db.selectFrom('environments').selectAll().where('id', '=', id).where('organization_id', '=', ctx.organizationId);
  if (isKey(ctx)) query = query.where('id', '=', ctx.environmentId);
  const row = await query.executeTakeFirst();
  return row ? toEnvironment(row) : notFound('environment', id);
}

/** People see the environments of their organization, a key sees its own. Oldest first, as in the switcher. */
export async function listEnvironments(ctx: Ctx): Promise<Environment[]> {
  let query = ctx.db.selectFrom('environments').selectAll().where('organization_id', '=', ctx.organizationId);
  if (isKey(ctx)) query = query.where('id', '=', ctx.environmentId);
  return (await query.orderBy('id').execute()).map(toEnvironment);
}

/** Every active environment with a simulated clock, of all organizations: for starting and resuming. */
export async function simulatedEnvironments(app: App): Promise<Environment[]> {
  const rows = await app.db
    .selectFrom('environments')
    .selectAll()
    .where('clock_kind', '=', 'simulated')
    .where('status', '=', 'active')
    .orderBy('id')
    .execute();
  return rows.map(toEnvironment);
}

/** Every active sandbox, of all organizations. */
export async function sandboxEnvironments(app: App): Promise<Environment[]> {
  const rows = await app.db
    .selectFrom('environments')
    .selectAll()
    .where('mode', '=', 'sandbox')
    .where('status', '=', 'active')
    .orderBy('id')
    .execute();
  return rows.map(toEnvironment);
}

/** The environment as it is now, without asking whose it is: for work inside the server. */
export async function readEnvironment(app: App, id: string): Promise<Environment> {
  const row = await app.db.selectFrom('environments').selectAll().where('id', '=', id).executeTakeFirst();
  return row ? toEnvironment(row) : notFound('environment', id);
}

/** True once a person owns the organization, i.e. somebody has used the first sign-in link. */
export async function hasOwner(app: App, organizationId: string): Promise<boolean> {
  const row = await app.db
    .selectFrom('members')
    .select('id')
    .where('organization_id', '=', organizationId)
    .where('role', '=', 'owner')
    .executeTakeFirst();
  return row !== undefined;
}

export type Membership = { userId: string; organizationId: string; role: Role };
export type Role = 'owner' | 'admin' | 'developer' | 'finance' | 'support' | 'viewer';

/** The organization a person belongs to, with the role there; null for a stranger. */
export async function membershipOf(app: App, userId: string): Promise<Membership | null> {
  const row = await app.db
    .selectFrom('members')
    .select(['organization_id', 'role'])
    .where('user_id', '=', userId)
    .orderBy('id')
    .executeTakeFirst();
  return row ? { userId, organizationId: row.organization_id, role: row.role as Role } : null;
}

/** The role in one environment, where it was narrowed there; else null. */
export async function narrowedRole(app: App, a: { environmentId: string; userId: string }): Promise<Role | null> {
  const row = await app.db
    .selectFrom('environment_roles')
    .select('role')
    .where('environment_id', '=', a.environmentId)
    .where('user_id', '=', a.userId)
    .executeTakeFirst();
  return (row?.role as Role | undefined) ?? null;
}

function isKey(ctx: Ctx): boolean {
  return ctx.actor.startsWith('api_key:');
}

export function toEnvironment(row: Selectable<Environments>): Environment {
  return {
    id: row.id,
    organizationId: row.organization_id,
    slug: row.slug,
    name: row.name,
    mode: row.mode as Mode,
    color: row.color,
    clockKind: row.clock_kind as ClockKind,
    clockNow: row.clock_now,
    clockTarget: row.clock_target,
    clockBlocked: row.clock_blocked as ClockBlock | null,
    defaultCurrency: row.default_currency,
    timeZone: row.time_zone,
    status: row.status as Environment['status'],
    createdAt: row.created_at,
  };
}
