import type { Role } from './queries.ts';

/** Scopes only a signed-in person can have; `full` of a key does not hold them (reliability.md 12.2). */
const PERSON_ONLY = new Set(['emails:approve', 'facts:write', 'suppressions:lift']);
/** Presets a key may name instead of single scopes. */
export const FULL = 'full';
export const READ_ONLY = 'read_only';

const SCOPE = /^[a-z_]+:[a-z_]+$/;
const NO_KEYS = new Set(['keys:write', 'members:write', 'connections:write', 'data:export', 'data:erase']);
const NO_MONEY = new Set(['refunds:write', 'credits:grant', 'payments:collect']);

/** True for a single scope or a preset; person-only scopes cannot be given to a key. */
export function isGrantable(scope: string): boolean {
  return scope === FULL || scope === READ_ONLY || (SCOPE.test(scope) && !PERSON_ONLY.has(scope));
}

export function isPersonOnly(scope: string): boolean {
  return PERSON_ONLY.has(scope);
}

/** True where a key's scopes cover the wanted one. */
export function keyCovers(scopes: ReadonlySet<string>, wanted: string): boolean {
  if (PERSON_ONLY.has(wanted)) return false;
  return scopes.has(FULL) || scopes.has(wanted) || (scopes.has(READ_ONLY) && wanted.endsWith(':read'));
}

/** True where the caller holds the scope: a person by the role they have here, a key by what it was given. For what a route asks beyond its own. */
export function holdsScope(caller: { actor: string; scopes: ReadonlySet<string> }, wanted: string): boolean {
  if (!caller.actor.startsWith('user:')) return keyCovers(caller.scopes, wanted);
  return [...caller.scopes].some((role) => roleCovers(role as Role, wanted));
}

/** True where a person's role covers the wanted scope (reliability.md 12.3). */
export function roleCovers(role: Role, wanted: string): boolean {
  if (role === 'owner' || role === 'admin') return true;
  if (wanted.endsWith(':read')) return true;
  if (role === 'developer') return !NO_MONEY.has(wanted) && !['members:write', 'data:export', 'data:erase'].includes(wanted);
  if (role === 'finance') return !NO_KEYS.has(wanted) && /^(invoices|refunds|credits|payments|customers|subscriptions):/.test(wanted);
  return role === 'support' && ['messages:send', 'notes:write'].includes(wanted);
}
