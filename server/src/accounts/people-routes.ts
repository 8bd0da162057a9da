import { z } from 'zod';
import type { Ctx } from '../kit/context.ts';
import { transaction } from '../kit/database.ts';
import { notFound, refuse } from '../kit/errors.ts';
import { defineRoute, idParams, instantSchema, listOf, Reply, type Route, type RouteRequest } from '../kit/http.ts';
import { isoSeconds } from '../kit/time.ts';
import { environmentSchema, toWire } from './environment.ts';
import { SignInDesk } from './ports.ts';
import { listEnvironments, type Role } from './queries.ts';
import { isSameOrigin } from './same-origin.ts';
import { PASSWORD_MAX, PASSWORD_MIN } from './sign-in.ts';
import { consumeSignInLink, findSignInLink, makeSignInLink } from './sign-in-links.ts';

const TAGS = ['People'];
const TRIES_PER_MINUTE = 20;
const roleSchema = z.enum(['owner', 'admin', 'developer', 'finance', 'support', 'viewer']);
const token = z.string().min(20).max(100);
const linkSchema = z.object({
  object: z.literal('sign_in_link'),
  role: roleSchema,
  organization: z.object({ name: z.string() }),
  expires_at: instantSchema,
});

const inspect = defineRoute({
  method: 'POST',
  path: '/v1/sign_in_links/inspect',
  scope: 'public',
  summary: 'Look at a sign-in link without using it',
  tags: TAGS,
  rateLimit: TRIES_PER_MINUTE,
  body: z.object({ token }),
  response: linkSchema,
  refusals: ['sign_in_link_invalid'],
  handler: async (ctx, { body }) => {
    const link = await findSignInLink(ctx, body.token);
    return {
      object: 'sign_in_link' as const,
      role: link.role,
      organization: { name: await organizationName(ctx, link.organizationId) },
      expires_at: isoSeconds(link.expiresAt),
    };
  },
});

const consume = defineRoute({
  method: 'POST',
  path: '/v1/sign_in_links/consume',
  scope: 'public',
  summary: 'Use a sign-in link: set name, address and password, and be signed in',
  tags: TAGS,
  status: 201,
  rateLimit: TRIES_PER_MINUTE,
  body: z.object({
    token,
    name: z.string().trim().min(1).max(120),
    email: z.email().max(254).toLowerCase(),
    password: z.string().min(PASSWORD_MIN).max(PASSWORD_MAX),
  }),
  response: z.object({ object: z.literal('user'), id: z.string(), email: z.string() }),
  refusals: ['sign_in_link_invalid', 'email_taken', 'foreign_origin'],
  handler: async (ctx, { body, request }) => {
    refuseOtherSites(request);
    const person = await consumeSignInLink(ctx, { ...body, signIn: ctx.app.ports.get(SignInDesk) });
    return new Reply({
      status: 201,
      headers: { 'set-cookie': person.cookies },
      body: { object: 'user', id: person.userId, email: body.email },
    });
  },
});

const me = defineRoute({
  method: 'GET',
  path: '/v1/me',
  scope: 'organization',
  summary: 'Who is signed in',
  tags: TAGS,
  response: z.object({
    object: z.literal('me'),
    actor: z.string(),
    user: z.object({ id: z.string(), name: z.string(), email: z.string() }).nullable(),
    role: roleSchema.nullable(),
    scopes: z.array(z.string()).describe('Of a key: its scopes. Of a person: the role.'),
    organization: z.object({ id: z.string(), name: z.string() }),
    environments: z.array(environmentSchema),
  }),
  handler: async (ctx) => {
    const member = await memberOf(ctx);
    const now = ctx.machineClock.now();
    return {
      object: 'me' as const,
      actor: ctx.actor,
      user: member ? { id: member.user_id, name: member.name, email: member.email } : null,
      role: (member?.role as Role | undefined) ?? null,
      scopes: [...ctx.scopes],
      organization: { id: ctx.organizationId, name: await organizationName(ctx, ctx.organizationId) },
      environments: (await listEnvironments(ctx)).map((one) => toWire(one, now)),
    };
  },
});

const memberSchema = z.object({
  object: z.literal('member'),
  id: z.string(),
  name: z.string(),
  email: z.string(),
  role: roleSchema,
  created_at: instantSchema,
});

const members = defineRoute({
  method: 'GET',
  path: '/v1/members',
  scope: 'organization',
  summary: 'List the members of the organization',
  tags: TAGS,
  response: listOf(memberSchema),
  refusals: ['person_required'],
  handler: async (ctx) => {
    await requireRole(ctx, ['owner', 'admin', 'developer', 'finance', 'support', 'viewer']);
    const rows = await peopleOf(ctx).orderBy('m.id').execute();
    const data = rows.map((row) => ({
      object: 'member' as const,
      id: row.id,
      name: row.name,
      email: row.email,
      role: row.role as Role,
      created_at: isoSeconds(row.created_at),
    }));
    return { object: 'list' as const, data, has_more: false, next_cursor: null };
  },
});

const invite = defineRoute({
  method: 'POST',
  path: '/v1/members',
  scope: 'organization',
  summary: 'Invite a member',
  description: 'Answers the token of a one-time sign-in link (15 minutes); hand it over yourself.',
  tags: TAGS,
  status: 201,
  body: z.object({ role: roleSchema }),
  response: z.object({ object: z.literal('invitation'), role: roleSchema, token: z.string() }),
  refusals: ['person_required', 'missing_scope'],
  handler: async (ctx, { body }) => {
    await requireRole(ctx, body.role === 'owner' ? ['owner'] : ['owner', 'admin']);
    return {
      object: 'invitation' as const,
      role: body.role,
      token: await makeSignInLink(ctx.app, { organizationId: ctx.organizationId, role: body.role }),
    };
  },
});

const remove = defineRoute({
  method: 'DELETE',
  path: '/v1/members/{id}',
  scope: 'organization',
  summary: 'Remove a member',
  tags: TAGS,
  params: idParams,
  response: z.object({ object: z.literal('member'), id: z.string(), deleted: z.literal(true) }),
  refusals: ['person_required', 'missing_scope', 'last_owner'],
  handler: async (ctx, { params }) => {
    await requireRole(ctx, ['owner', 'admin']);
    await transaction(ctx, (tx) => removeMember(tx, params.id));
    return { object: 'member' as const, id: params.id, deleted: true as const };
  },
});

export const peopleRoutes: readonly Route[] = [inspect, consume, me, members, invite, remove];

async function removeMember(tx: Ctx, id: string): Promise<void> {
  const all = await tx.db
    .selectFrom('members')
    .select(['id', 'role', 'user_id'])
    .where('organization_id', '=', tx.organizationId)
    .forUpdate()
    .execute();
  const member = all.find((one) => one.id === id) ?? notFound('member', id);
  if (member.role === 'owner' && all.filter((one) => one.role === 'owner').length === 1) {
    refuse({ status: 409, code: 'last_owner', message: 'The last owner cannot be removed.', fix: 'Make somebody else an owner first.' });
  }
  await tx.db.deleteFrom('members').where('organization_id', '=', tx.organizationId).where('id', '=', id).execute();
  await tx.db.deleteFrom('sessions').where('user_id', '=', member.user_id).execute();
}

function peopleOf(ctx: Ctx) {
  return ctx.db
    .selectFrom('members as m')
    .innerJoin('users as u', 'u.id', 'm.user_id')
    .select(['m.id', 'm.user_id', 'm.role', 'm.created_at', 'u.name', 'u.email'])
    .where('m.organization_id', '=', ctx.organizationId);
}

async function memberOf(ctx: Ctx) {
  const [kind, id] = ctx.actor.split(':');
  return kind === 'user' && id ? peopleOf(ctx).where('m.user_id', '=', id).executeTakeFirst() : undefined;
}

async function requireRole(ctx: Ctx, roles: readonly Role[]): Promise<void> {
  const member = await memberOf(ctx);
  if (!member) refuse({ status: 403, code: 'person_required', message: 'Only a signed-in person may do this.' });
  if (!roles.includes(member.role as Role))
    refuse({ status: 403, code: 'missing_scope', message: `Your role ${member.role} may not do this.` });
}

async function organizationName(ctx: Ctx, id: string): Promise<string> {
  const row = await ctx.db.selectFrom('organizations').select('name').where('id', '=', id).executeTakeFirst();
  return row?.name ?? '';
}

/** A page of another site must not sign its visitor in here. Callers that are no browser send no Origin. */
function refuseOtherSites(request: RouteRequest): void {
  const { origin, host } = request.headers;
  if (origin === undefined || isSameOrigin(origin, `http://${host}`) || isSameOrigin(origin, `https://${host}`)) return;
  refuse({ status: 403, code: 'foreign_origin', message: 'This request came from another site.' });
}
