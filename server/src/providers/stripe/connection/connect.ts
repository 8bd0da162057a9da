import { writeAudit } from '../../../accounts/index.ts';
import type { Ctx } from '../../../kit/context.ts';
import { json, transaction } from '../../../kit/database.ts';
import { isUniqueViolation, refuse } from '../../../kit/errors.ts';
import { announce } from '../../../kit/events.ts';
import { newId } from '../../../kit/ids.ts';
import { addressOf } from '../address.ts';
import { createStripeApi, type StripeApi } from '../client.ts';
import { isFailure } from '../failure.ts';
import { forgetReceiver } from '../inbox/receiver.ts';
import { STRIPE_API_VERSION } from '../limits.ts';
import { ownLimiter, unlimited } from '../rate-limiter.ts';
import { type AccountFacts, readAccount } from './account.ts';
import type { Connection } from './connection.ts';
import { deepLinkBase } from './deep-link.ts';
import { readKey, requireMode } from './key.ts';
import { requireLiveEngine } from './live-engine.ts';
import type { Capability } from './permissions.ts';
import { type KeyKind, missingRequired, probePermissions } from './probe.ts';
import { connectedElsewhere, currentConnection, insertConnection, lockConnection, updateConnection } from './queries.ts';
import { sealSecret } from './secret.ts';

export type Credential = {
  authKind: Connection['authKind'];
  keyKind: KeyKind;
  secret: string;
  livemode: boolean;
  oauth?: {
    kind: 'connect' | 'app';
    scope: string | null;
    accountId: string;
    refreshToken: string | null;
    accessExpiresAt: Temporal.Instant | null;
  };
};

export type ConnectOptions = { apiBase?: string | null; shared?: boolean; purpose?: Connection['purpose']; mirror?: Connection['mirror'] };

/** Connects by a pasted key; refuses keys of the wrong shape or mode before any request. See `connect`. */
export async function connectWithKey(ctx: Ctx, a: ConnectOptions & { secretKey: string }): Promise<Connection> {
  const key = readKey(a.secretKey.trim(), ctx.mode);
  return connect(ctx, { authKind: 'api_key', keyKind: key.kind, secret: a.secretKey.trim(), livemode: key.livemode }, a);
}

/**
 * The connect algorithm (sync.md 1): account, mode, uniqueness and rights are checked before anything is written. The same account again
 * swaps the credential in place; another account is refused. Announces `connection.activated` for a new one.
 */
export async function connect(ctx: Ctx, credential: Credential, options: ConnectOptions): Promise<Connection> {
  requireMode({ livemode: credential.livemode, mode: ctx.mode });
  if (ctx.mode === 'live') await requireLiveEngine(ctx.app);
  const provider = ctx.mode === 'sandbox' || options.apiBase ? 'stripe_sandbox' : 'stripe';
  const api = apiFor(ctx, { credential, provider, apiBase: options.apiBase ?? null });
  const current = await currentConnection(ctx);
  const purpose = options.purpose ?? current?.purpose ?? 'full';
  const { account, capabilities } = await inspect(ctx, api, { credential, purpose });
  if (current) {
    requireSameAccount(current, account, credential.livemode);
    return swapCredential(ctx, { current, credential, account, capabilities, purpose });
  }
  if (!options.shared && (await connectedElsewhere(ctx, { accountId: account.accountId, livemode: credential.livemode })))
    accountInUse(account.accountId);
  return insert(ctx, { credential, account, capabilities, provider, options });
}

type Inspected = { account: AccountFacts; capabilities: Capability[] };

async function inspect(ctx: Ctx, api: StripeApi, a: { credential: Credential; purpose: Connection['purpose'] }): Promise<Inspected> {
  const { credential, purpose } = a;
  try {
    const account = (await readAccount(api)) ?? (credential.oauth ? unnamed(credential.oauth.accountId) : null);
    if (account === null) {
      refuse({
        status: 422,
        code: 'account_unknown',
        param: 'secret_key',
        message: 'Stripe does not tell which account this restricted key belongs to.',
        fix: 'Use a secret key, or connect with Stripe (OAuth).',
      });
    }
    if (credential.oauth && account.accountId !== credential.oauth.accountId) {
      refuse({
        status: 422,
        code: 'account_mismatch',
        message: `The consent was for ${credential.oauth.accountId}, the credential is ${account.accountId}'s.`,
      });
    }
    // The key of an account that we have just made may do everything; its rights are listed a moment later.
    if (credential.authKind === 'sandbox') return { account, capabilities: [] };
    const capabilities = await probePermissions(api, { keyKind: credential.keyKind, mode: ctx.mode, key: newId(ctx, 'probe'), purpose });
    const missing = missingRequired(capabilities);
    if (missing.length > 0) {
      refuse({
        status: 422,
        code: 'permission_missing',
        param: 'secret_key',
        message: `The key lacks: ${missing.join(', ')}.`,
        fix: 'Add these permissions to the key in the Stripe Dashboard, then connect again.',
      });
    }
    return { account, capabilities };
  } catch (error) {
    if (isFailure(error, 'revoked'))
      refuse({
        status: 422,
        code: 'key_refused',
        param: 'secret_key',
        message: 'Stripe does not accept this key.',
        fix: 'Check that it was copied whole and has not been rolled or revoked.',
      });
    if (isFailure(error, 'unknown', 'rate_limited'))
      refuse({
        status: 502,
        code: 'stripe_unreachable',
        message: `Stripe could not be asked: ${error.message}`,
        fix: 'Try again in a moment.',
      });
    throw error;
  }
}

function requireSameAccount(current: Connection, account: AccountFacts, livemode: boolean): void {
  if (current.accountId === account.accountId && current.livemode === livemode) return;
  refuse({
    status: 409,
    code: 'other_account_connected',
    message: `This environment is connected to ${current.accountId}; the key belongs to ${account.accountId}.`,
    fix: 'Remove the present connection first, then connect the other account.',
  });
}

type Swap = Inspected & { current: Connection; credential: Credential; purpose: Connection['purpose'] };

async function swapCredential(ctx: Ctx, a: Swap): Promise<Connection> {
  const { credential, account } = a;
  const changed = await transaction(ctx, async (tx) => {
    const before = await lockConnection(tx, a.current.id);
    const after = await updateConnection(tx, before.id, {
      ...credentialColumns(tx, before.id, credential),
      account_name: account.name ?? before.accountName,
      country: account.country ?? before.country,
      purpose: a.purpose,
      capabilities: json(a.capabilities),
      capabilities_checked_wall_at: tx.machineClock.now(),
      status: 'active',
      status_reason: null,
      poll_failures: 0,
    });
    await writeAudit(tx, {
      action: 'connection.reauthorized',
      objectType: 'connection',
      objectId: after.id,
      before: { key_last4: before.keyLast4, purpose: before.purpose },
      after: { key_last4: after.keyLast4, purpose: after.purpose },
    });
    return after;
  });
  forgetReceiver(ctx.app, changed.id);
  return changed;
}

type Insert = Inspected & { credential: Credential; provider: Connection['provider']; options: ConnectOptions };

async function insert(ctx: Ctx, a: Insert): Promise<Connection> {
  try {
    return await transaction(ctx, (tx) => insertIn(tx, a));
  } catch (error) {
    if (isUniqueViolation(error, 'stripe_connections_account')) accountInUse(a.account.accountId);
    if (isUniqueViolation(error, 'stripe_connections_current'))
      refuse({ status: 409, code: 'already_connected', message: 'This environment has just been connected by somebody else.' });
    throw error;
  }
}

async function insertIn(tx: Ctx, a: Insert): Promise<Connection> {
  const id = newId(tx, 'connection');
  const now = tx.machineClock.now();
  const connection = await insertConnection(tx, {
    ...credentialColumns(tx, id, a.credential),
    id,
    environment_id: tx.environmentId,
    provider: a.provider,
    account_id: a.account.accountId,
    account_name: a.account.name,
    livemode: a.credential.livemode,
    country: a.account.country,
    default_currency: a.account.currency,
    status: 'active',
    api_version: STRIPE_API_VERSION,
    capabilities: json(a.capabilities),
    capabilities_checked_wall_at: a.capabilities.length > 0 ? now : null,
    transport: 'poll',
    purpose: a.options.purpose ?? 'full',
    mirror: a.options.mirror ?? 'all',
    shared: a.options.shared ?? false,
    api_base: a.options.apiBase ?? null,
    deep_link_base: deepLinkBase(tx.app, {
      provider: a.provider,
      apiBase: a.options.apiBase ?? null,
      accountId: a.account.accountId,
      livemode: a.credential.livemode,
    }),
    settings: json({ scan: { status: 'waiting', counts: {} } }),
    activated_at: tx.clock.now(),
    created_at: now,
    updated_at: now,
    actor: tx.actor,
  });
  await writeAudit(tx, {
    action: 'connection.created',
    objectType: 'connection',
    objectId: id,
    after: { account_id: connection.accountId, livemode: connection.livemode, auth_kind: connection.authKind },
  });
  await announce(tx, {
    type: 'connection.activated',
    objectType: 'connection',
    objectId: id,
    data: { account_id: connection.accountId, livemode: connection.livemode, historical: false },
    dedupeKey: `connection.activated:${id}`,
  });
  return connection;
}

function credentialColumns(tx: Ctx, id: string, credential: Credential) {
  const row = { id, environmentId: tx.environmentId };
  const refresh = credential.oauth?.refreshToken ?? null;
  return {
    auth_kind: credential.authKind,
    secret_sealed: sealSecret(tx.app, row, 'secret_sealed', credential.secret),
    key_last4: credential.oauth?.kind === 'connect' ? null : credential.secret.slice(-4),
    oauth_kind: credential.oauth?.kind ?? null,
    oauth_scope: credential.oauth?.scope ?? null,
    refresh_sealed: refresh === null ? null : sealSecret(tx.app, row, 'refresh_sealed', refresh),
    access_expires_wall_at: credential.oauth?.accessExpiresAt ?? null,
  };
}

function apiFor(ctx: Ctx, a: { credential: Credential; provider: Connection['provider']; apiBase: string | null }): StripeApi {
  const { machineClock, app } = ctx;
  return createStripeApi({
    address: addressOf(app, a),
    secret: a.credential.secret,
    account: a.credential.oauth?.kind === 'connect' ? a.credential.oauth.accountId : null,
    // What exactly is at the other end will be known when it is connected.
    limiter: a.credential.authKind === 'sandbox' ? unlimited : ownLimiter({ machineClock, livemode: a.credential.livemode }),
    lane: 'money',
    machineClock,
    log: ctx.log,
  });
}

function unnamed(accountId: string): AccountFacts {
  return { accountId, name: null, country: null, currency: null };
}

function accountInUse(accountId: string): never {
  refuse({
    status: 409,
    code: 'account_in_use',
    message: `The account ${accountId} is connected to another environment.`,
    fix: 'Remove it there, or mark both connections as shared.',
  });
}
