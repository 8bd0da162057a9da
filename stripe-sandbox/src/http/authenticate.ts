/** Who asks: the key behind a request, the account it acts on, and what a restricted key may do. */
import { StripeError } from '../kernel/errors.ts';
import type { Services } from '../kernel/services.ts';
import type { KeyKind } from '../kernel/types.ts';
import type { KeyRow, StoreReads } from '../store/port.ts';
import { hashKey, hintOf } from './keys.ts';
import { resourceOf } from './permissions.ts';

/** All that the token of a meter event session may do. */
export const STREAM_PERMISSION = 'rak_meter_event_stream_write';

export type Caller = { account: string; platform: string | null; kind: KeyKind; permissions: string[]; hint: string };

/** The key in `Authorization` (Bearer, or Basic with the key as user), scoped by `Stripe-Account`. 401 and 403 as Stripe words them. */
export async function authenticate(services: Services, reads: StoreReads, headers: Headers): Promise<Caller> {
  const secret = keyIn(headers.get('authorization'));
  if (secret === null) throw unauthorized(MISSING_KEY);
  if (/^[a-z]+_live_/.test(secret)) throw unauthorized(`The Stripe Sandbox takes no live keys: ${hintOf(secret)}.`);
  const key = await reads.key(hashKey(secret));
  if (key === undefined) throw unauthorized(`Invalid API Key provided: ${hintOf(secret)}`);
  // A meter event session lives in transport time: what it brings is sent now, whatever the account's clock says.
  const isSession = key.permissions.includes(STREAM_PERMISSION);
  if (key.expiresAt !== null && key.expiresAt <= (isSession ? services.clock.now() : await presentOf(services, reads, key))) {
    if (isSession) throw sessionExpired();
    throw unauthorized(`Expired API Key provided: ${key.hint}`, 'api_key_expired');
  }
  const other = headers.get('stripe-account') ?? headers.get('stripe-context');
  if (other === null || other === '' || other === key.account) {
    return { account: key.account, platform: key.platform, kind: key.kind, permissions: key.permissions, hint: key.hint };
  }
  await requireGrant(reads, key, other);
  return { account: other, platform: key.account, kind: key.kind, permissions: key.permissions, hint: key.hint };
}

/** Reads need `<resource>_read` or `_write`, changes `_write`. Secret keys may do everything; publishable keys only what routes open to them. */
export function requirePermission(caller: Caller, route: { method: string; path: string; publishable: boolean }): void {
  if (caller.kind === 'publishable' && !route.publishable) {
    throw new StripeError(
      403,
      {
        type: 'invalid_request_error',
        code: 'secret_key_required',
        message:
          'This API call cannot be made with a publishable API key. Please use a secret API key. You can find a list of your API keys at https://dashboard.stripe.com/account/apikeys.',
      },
      { validation: true },
    );
  }
  if (caller.kind !== 'restricted') return;
  const resource = resourceOf(route.path);
  const needed = `rak_${resource}_${route.method === 'GET' ? 'read' : 'write'}`;
  if (resource !== null && (caller.permissions.includes(needed) || caller.permissions.includes(`rak_${resource}_write`))) return;
  const start = `The provided key '${caller.hint}' does not have the required permissions for this endpoint on account '${caller.account}'.`;
  const message =
    resource === null
      ? `${start.slice(0, -1)}: the required permissions are not available for use by restricted keys.`
      : `${start} Having the '${needed}' permission would allow this request to continue.`;
  throw new StripeError(403, { type: 'invalid_request_error', message }, { validation: true });
}

/** Milliseconds. A key ages with the account that holds it: its simulated time counts, as for everything else of that account. */
export async function presentOf(services: Services, reads: StoreReads, key: KeyRow): Promise<number> {
  const clockId = (await reads.account(key.platform ?? key.account))?.clockId ?? null;
  const clock = clockId === null ? undefined : await reads.object(key.platform ?? key.account, clockId);
  return clock === undefined ? services.clock.now() : clock.doc.frozen_time * MS;
}

const MS = 1000;

const MISSING_KEY =
  "You did not provide an API key. You need to provide your API key in the Authorization header, using Bearer auth (e.g. 'Authorization: Bearer YOUR_SECRET_KEY'). See https://stripe.com/docs/api#authentication for details, or we can help at https://support.stripe.com/.";

function keyIn(header: string | null): string | null {
  const [scheme = '', rest = ''] = (header ?? '').trim().split(/\s+/);
  if (scheme.toLowerCase() === 'bearer' && rest !== '') return rest;
  if (scheme.toLowerCase() !== 'basic') return null;
  const user = Buffer.from(rest, 'base64').toString().split(':')[0] ?? '';
  return user === '' ? null : user;
}

async function requireGrant(reads: StoreReads, key: KeyRow, account: string): Promise<void> {
  const grant = await reads.object(key.account, `grant_${account}`);
  if (grant !== undefined && !grant.deleted && grant.doc.revoked !== true) return;
  throw new StripeError(
    403,
    {
      type: 'invalid_request_error',
      code: 'account_invalid',
      message: `The provided key '${key.hint}' does not have access to account '${account}' (or that account does not exist). Application access may have been revoked.`,
    },
    { validation: true },
  );
}

/** A meter event session lasts fifteen minutes; the SDK has an error of its own for its end. */
function sessionExpired(): StripeError {
  const message = 'The temporary session token has expired. Create a new meter event session.';
  return new StripeError(
    400,
    { type: 'temporary_session_expired', code: 'billing_meter_event_session_expired', message },
    { validation: true },
  );
}

/** 401 has no code, except for an expired key [S 3.9]. */
function unauthorized(message: string, code?: string): StripeError {
  const body = { type: 'invalid_request_error' as const, message, ...(code === undefined ? {} : { code }) };
  return new StripeError(401, body, { validation: true });
}
