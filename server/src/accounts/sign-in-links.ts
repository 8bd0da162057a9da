import { type App, type Ctx, contextOfNobody } from '../kit/context.ts';
import { transaction } from '../kit/database.ts';
import { refuse } from '../kit/errors.ts';
import { newId } from '../kit/ids.ts';
import { sha256 } from '../kit/secrets.ts';
import type { Role } from './queries.ts';
import type { SignIn } from './sign-in.ts';

const TOKEN_CHARACTERS = 43;
const LIFE_MINUTES = 15;

export type SignInLink = { id: string; organizationId: string; role: Role; expiresAt: Temporal.Instant };

/** Makes a one-time link's token: 256 bits, stored hashed, 15 minutes. Earlier unused ones of the same role end. */
export async function makeSignInLink(app: App, a: { organizationId: string; role: Role }): Promise<string> {
  const token = app.ids.token(TOKEN_CHARACTERS);
  const now = app.machineClock.now();
  await transaction(contextOfNobody(app, { actor: 'system' }), async (tx) => {
    await tx.db
      .updateTable('sign_in_links')
      .set({ used_wall_at: now })
      .where('organization_id', '=', a.organizationId)
      .where('role', '=', a.role)
      .where('used_wall_at', 'is', null)
      .execute();
    await tx.db
      .insertInto('sign_in_links')
      .values({
        id: newId(tx, 'link'),
        organization_id: a.organizationId,
        role: a.role,
        token_hash: sha256(token),
        expires_wall_at: now.add({ minutes: LIFE_MINUTES }),
        created_at: now,
      })
      .execute();
  });
  return token;
}

/** The link of a token that can still be used; refuses with the same words whether it is unknown, used or too old. */
export async function findSignInLink(ctx: Ctx, token: string): Promise<SignInLink> {
  const row = await ctx.db
    .selectFrom('sign_in_links')
    .select(['id', 'organization_id', 'role', 'expires_wall_at'])
    .where('token_hash', '=', sha256(token))
    .where('used_wall_at', 'is', null)
    .where('expires_wall_at', '>', ctx.machineClock.now())
    .executeTakeFirst();
  return row ? { id: row.id, organizationId: row.organization_id, role: row.role as Role, expiresAt: row.expires_wall_at } : refuseLink();
}

export type NewPerson = { token: string; name: string; email: string; password: string };

/** Uses the link up: makes the person a member with the link's role and signs them in. Answers the cookies to set. */
export async function consumeSignInLink(ctx: Ctx, a: NewPerson & { signIn: SignIn }): Promise<{ userId: string; cookies: string[] }> {
  const link = await findSignInLink(ctx, a.token);
  if (await a.signIn.isKnownEmail(a.email)) {
    refuse({
      status: 409,
      code: 'email_taken',
      message: 'Somebody already signs in with this address.',
      param: 'email',
      fix: 'Sign in with your password.',
    });
  }
  await markUsed(ctx, link.id);
  try {
    const person = await a.signIn.signUp({ name: a.name, email: a.email, password: a.password });
    await addMember(ctx, { link, userId: person.userId });
    return person;
  } catch (error) {
    await ctx.db.updateTable('sign_in_links').set({ used_wall_at: null }).where('id', '=', link.id).execute();
    throw error;
  }
}

/** One caller wins; the others find the link used. */
async function markUsed(ctx: Ctx, id: string): Promise<void> {
  const result = await ctx.db
    .updateTable('sign_in_links')
    .set({ used_wall_at: ctx.machineClock.now() })
    .where('id', '=', id)
    .where('used_wall_at', 'is', null)
    .executeTakeFirst();
  if (result.numUpdatedRows === 0n) refuseLink();
}

async function addMember(ctx: Ctx, a: { link: SignInLink; userId: string }): Promise<void> {
  const { organizationId, role } = a.link;
  const row = { id: newId(ctx, 'member'), organization_id: organizationId, user_id: a.userId, role, created_at: ctx.machineClock.now() };
  await ctx.db.insertInto('members').values(row).execute();
}

function refuseLink(): never {
  refuse({
    status: 410,
    code: 'sign_in_link_invalid',
    message: 'This sign-in link was used already or is too old.',
    fix: 'Ask for a new one; before the first sign-in each start of the server prints one.',
  });
}
