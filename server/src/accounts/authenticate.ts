import type { IncomingHttpHeaders } from 'node:http';
import { type App, type Ctx, contextFor, contextOfNobody, type Mode } from '../kit/context.ts';
import { notFound, refuse } from '../kit/errors.ts';
import type { Scope } from '../kit/http.ts';
import { digestOf, parseKey } from './api-key.ts';
import { membershipOf, narrowedRole, type Role } from './queries.ts';
import { isSameOrigin } from './same-origin.ts';
import { isPersonOnly, keyCovers, roleCovers } from './scopes.ts';
import type { SignIn } from './sign-in.ts';

export type AuthenticateInput = { headers: IncomingHttpHeaders; method: string; scope: Scope; requestId: string; publicUrl: string };
/** Who calls, in which environment, and whether the scope is theirs. Throws 401, 403 or 404. */
export type Authenticate = (a: AuthenticateInput) => Promise<Ctx>;

/** Revocation reaches every process within this time. */
const CACHE_MS = 5_000;
const CACHE_MAX = 10_000;
const USED_MINUTE_MS = 60_000;
const SAFE_METHODS = new Set(['GET', 'HEAD', 'OPTIONS']);

type KnownKey = {
  id: string;
  environmentId: string;
  mode: Mode;
  scopes: ReadonlySet<string>;
  expiresAt: Temporal.Instant | null;
  usedAtMs: number;
};
type Cache = Map<string, { key: KnownKey | null; at: number }>;
type Deps = { app: App; signIn(): SignIn; cache: Cache };

/** The server's way of telling who calls: API keys, or a session cookie with the header Billow-Environment. */
export function createAuthenticate(app: App, signIn: () => SignIn): Authenticate {
  const deps: Deps = { app, signIn, cache: new Map() };
  return async (a) => {
    if (a.scope === 'public') return contextOfNobody(app, { actor: 'system', requestId: a.requestId });
    const bearer = /^Bearer\s+(\S+)$/i.exec(a.headers.authorization ?? '')?.[1];
    return bearer === undefined ? bySession(deps, a) : byKey(deps, a, bearer);
  };
}

async function byKey(deps: Deps, a: AuthenticateInput, text: string): Promise<Ctx> {
  const key = await findKey(deps, text);
  if (key === null) return refuseUnknownKey(deps.app, text);
  const now = deps.app.machineClock.now();
  if (key.expiresAt !== null && Temporal.Instant.compare(key.expiresAt, now) <= 0)
    refuseKey('This API key has expired.', 'api_key_expired');
  const wanted = a.headers['billow-environment'];
  if (wanted !== undefined && wanted !== key.environmentId) {
    refuseKey('The header Billow-Environment names another environment than the key: a key belongs to one.', 'wrong_environment');
  }
  if (a.scope === 'person' || isPersonOnly(a.scope)) refuseScope(a.scope, 'Only a signed-in person may do this.');
  if (a.scope !== 'organization' && !keyCovers(key.scopes, a.scope)) refuseScope(a.scope, `This API key lacks the scope ${a.scope}.`);
  noteUse(deps, key, now.epochMilliseconds);
  return contextFor(deps.app, { environmentId: key.environmentId, actor: `api_key:${key.id}`, scopes: key.scopes, requestId: a.requestId });
}

async function findKey(deps: Deps, text: string): Promise<KnownKey | null> {
  if (parseKey(text) === null) return null;
  const digest = digestOf(deps.app, text);
  const name = Buffer.from(digest).toString('base64');
  const now = deps.app.machineClock.monotonicMs();
  const cached = deps.cache.get(name);
  if (cached && now - cached.at < CACHE_MS) return cached.key;
  const row = await deps.app.db
    .selectFrom('api_keys as k')
    .innerJoin('environments as e', 'e.id', 'k.environment_id')
    .select(['k.id', 'k.environment_id', 'k.scopes', 'k.expires_at', 'k.last_used_wall_at', 'e.mode'])
    .where('k.hash', '=', digest)
    .where('k.revoked_at', 'is', null)
    .where('k.kind', '=', 'secret')
    .where('e.status', '=', 'active')
    .executeTakeFirst();
  const key = row
    ? {
        id: row.id,
        environmentId: row.environment_id,
        mode: row.mode as Mode,
        scopes: new Set(row.scopes),
        expiresAt: row.expires_at,
        usedAtMs: row.last_used_wall_at?.epochMilliseconds ?? 0,
      }
    : null;
  if (deps.cache.size >= CACHE_MAX) deps.cache.clear();
  // A missing key is not remembered: it may be made a moment later.
  if (key !== null) deps.cache.set(name, { key, at: now });
  return key;
}

/** Last use, to the minute; never in the way of the request. */
function noteUse(deps: Deps, key: KnownKey, nowMs: number): void {
  if (nowMs - key.usedAtMs < USED_MINUTE_MS) return;
  key.usedAtMs = nowMs;
  const at = Temporal.Instant.fromEpochMilliseconds(nowMs);
  deps.app.db
    .updateTable('api_keys')
    .set({ last_used_wall_at: at })
    .where('id', '=', key.id)
    .execute()
    .catch((error: unknown) => deps.app.log.warn('key_use_not_noted', { object_id: key.id, error }));
}

async function refuseUnknownKey(app: App, text: string): Promise<never> {
  if (/^(sk|rk|pk)_(test|live)_/.test(text)) refuseKey('This is a Stripe key; the API takes a Billow key (bk_…).', 'stripe_key');
  const key = parseKey(text);
  if (key === null) refuseKey('This is not an API key of Billow.');
  const row = await app.db
    .selectFrom('api_keys as k')
    .innerJoin('environments as e', 'e.id', 'k.environment_id')
    .select('e.mode')
    .where('k.prefix', 'like', `%\\_${key.keyId}`)
    .executeTakeFirst();
  if (row && row.mode !== key.mode) refuseKey(`This key belongs to an environment of the mode ${row.mode}, not ${key.mode}.`, 'wrong_mode');
  refuseKey('This API key is unknown or was revoked.');
}

async function bySession(deps: Deps, a: AuthenticateInput): Promise<Ctx> {
  const { app } = deps;
  const cookie = a.headers.cookie;
  const person = cookie === undefined ? null : await deps.signIn().personOf(new Headers({ cookie }));
  if (person === null) refuseKey('Send an API key as Authorization: Bearer, or sign in.', 'authentication_required');
  if (!SAFE_METHODS.has(a.method)) refuseForeignOrigin(a);
  const membership = await membershipOf(app, person.id);
  if (membership === null) refuse({ status: 403, code: 'no_organization', message: 'You belong to no organization here.' });
  const actor = `user:${person.id}`;
  const environmentId = a.headers['billow-environment'];
  if (typeof environmentId !== 'string') {
    if (a.scope === 'organization')
      return contextOfNobody(app, {
        actor,
        organizationId: membership.organizationId,
        requestId: a.requestId,
        scopes: new Set([membership.role]),
      });
    refuse({
      code: 'environment_required',
      message: 'Name the environment in the header Billow-Environment.',
      param: 'Billow-Environment',
    });
  }
  const ctx = await contextFor(app, { environmentId, actor, requestId: a.requestId, scopes: new Set([membership.role]) });
  if (ctx.organizationId !== membership.organizationId) notFound('environment', environmentId);
  const role: Role = (await narrowedRole(app, { environmentId, userId: person.id })) ?? membership.role;
  if (a.scope !== 'person' && a.scope !== 'organization' && !roleCovers(role, a.scope))
    refuseScope(a.scope, `Your role ${role} lacks the scope ${a.scope}.`);
  return { ...ctx, scopes: new Set([role]) };
}

/** A page of another site must not act with a person's cookie (reliability.md 12.5). */
export function refuseForeignOrigin(a: { headers: IncomingHttpHeaders; publicUrl: string }): void {
  const site = a.headers['sec-fetch-site'];
  const isOurs = isSameOrigin(a.headers.origin, a.publicUrl) && (site === undefined || site === 'same-origin');
  if (!isOurs) refuse({ status: 403, code: 'foreign_origin', message: 'This request came from another site.' });
}

function refuseKey(message: string, code = 'invalid_api_key'): never {
  refuse({ status: 401, code, message, headers: { 'www-authenticate': 'Bearer' } });
}

function refuseScope(scope: string, message: string): never {
  refuse({ status: 403, code: 'missing_scope', message, param: scope });
}
