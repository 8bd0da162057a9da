import type { Selectable } from 'kysely';
import { z } from 'zod';
import { instantSchema } from '../../../kit/http.ts';
import type { DB } from '../../../kit/schema.generated.ts';
import { isoSeconds } from '../../../kit/time.ts';
import type { Capability } from './permissions.ts';

export type ConnectionStatus = 'active' | 'degraded' | 'revoked' | 'disconnected';
export type AuthKind = 'sandbox' | 'api_key' | 'oauth';
export type Transport = 'webhook' | 'poll' | 'both';

/** One account of Stripe (or of the Stripe Sandbox) joined to one environment. */
export type Connection = {
  id: string;
  environmentId: string;
  provider: 'stripe_sandbox' | 'stripe';
  authKind: AuthKind;
  accountId: string;
  accountName: string | null;
  livemode: boolean;
  country: string | null;
  defaultCurrency: string | null;
  secretSealed: Uint8Array | null;
  refreshSealed: Uint8Array | null;
  accessExpiresAt: Temporal.Instant | null;
  keyLast4: string | null;
  oauthKind: 'connect' | 'app' | null;
  oauthScope: string | null;
  status: ConnectionStatus;
  statusReason: string | null;
  capabilities: Capability[];
  capabilitiesCheckedAt: Temporal.Instant | null;
  transport: Transport;
  purpose: 'full' | 'email_only';
  mirror: 'all' | 'managed';
  webhookEndpointId: string | null;
  webhookSecrets: StoredWebhookSecret[];
  pollCursor: string | null;
  pollFailures: number;
  lastEventAt: Temporal.Instant | null;
  lastPollAt: Temporal.Instant | null;
  deepLinkBase: string | null;
  /** Address of a Sandbox that runs elsewhere; null = Stripe, or the built-in Sandbox. */
  apiBase: string | null;
  settings: ConnectionSettings;
  /** Business time at connect: what happened before is history (M11). */
  activatedAt: Temporal.Instant;
  settledAt: Temporal.Instant | null;
  createdAt: Temporal.Instant;
  rev: bigint;
};

/** `until` = null is the current one; a rolled secret stays valid for the overlap. */
export type StoredWebhookSecret = { sealed: string; until: string | null };

export type ConnectionSettings = {
  /** Where the webhook endpoint points; a changed public URL shows here. */
  webhook_url?: string;
  /** Why there is no endpoint although one was wanted. */
  webhook_problem?: string;
  /** What the first scan found, per kind of object. */
  scan?: ScanState;
};

export type ScanState = {
  status: 'waiting' | 'running' | 'done' | 'failed';
  counts: Record<string, number>;
  finished_at?: string;
  reason?: string;
};

/** From the row. */
export function toConnection(row: Selectable<DB['stripe_connections']>): Connection {
  return {
    id: row.id,
    environmentId: row.environment_id,
    provider: row.provider as Connection['provider'],
    authKind: row.auth_kind as AuthKind,
    accountId: row.account_id,
    accountName: row.account_name,
    livemode: row.livemode,
    country: row.country,
    defaultCurrency: row.default_currency,
    secretSealed: row.secret_sealed,
    refreshSealed: row.refresh_sealed,
    accessExpiresAt: row.access_expires_wall_at,
    keyLast4: row.key_last4,
    oauthKind: row.oauth_kind as Connection['oauthKind'],
    oauthScope: row.oauth_scope,
    status: row.status as ConnectionStatus,
    statusReason: row.status_reason,
    capabilities: row.capabilities as Capability[],
    capabilitiesCheckedAt: row.capabilities_checked_wall_at,
    transport: row.transport as Transport,
    purpose: row.purpose as Connection['purpose'],
    mirror: row.mirror as Connection['mirror'],
    webhookEndpointId: row.webhook_endpoint_id,
    webhookSecrets: row.webhook_secrets_sealed as StoredWebhookSecret[],
    pollCursor: row.poll_cursor,
    pollFailures: row.poll_failures,
    lastEventAt: row.last_event_wall_at,
    lastPollAt: row.last_poll_wall_at,
    deepLinkBase: row.deep_link_base,
    apiBase: row.api_base,
    settings: row.settings as ConnectionSettings,
    activatedAt: row.activated_at,
    settledAt: row.settled_at,
    createdAt: row.created_at,
    rev: row.rev,
  };
}

export const connectionSchema = z.object({
  id: z.string(),
  object: z.literal('connection'),
  provider: z.enum(['stripe', 'stripe_sandbox']),
  auth_kind: z.enum(['sandbox', 'api_key', 'oauth']),
  status: z.enum(['active', 'degraded', 'revoked', 'disconnected']),
  status_reason: z.string().nullable(),
  account_id: z.string(),
  account_name: z.string().nullable(),
  livemode: z.boolean(),
  country: z.string().nullable(),
  default_currency: z.string().nullable(),
  key_last4: z.string().nullable(),
  oauth_kind: z.enum(['connect', 'app']).nullable(),
  oauth_scope: z.string().nullable(),
  transport: z.enum(['webhook', 'poll', 'both']),
  purpose: z.enum(['full', 'email_only']),
  mirror: z.enum(['all', 'managed']),
  webhook_url: z.string().nullable(),
  webhook_endpoint_id: z.string().nullable(),
  webhook_problem: z.string().nullable(),
  permissions: z.array(
    z.object({
      permission: z.string(),
      access: z.string(),
      status: z.enum(['granted', 'granted_by_consent', 'missing', 'unproven']),
      required: z.boolean(),
      used_for: z.string(),
    }),
  ),
  permissions_checked_at: instantSchema.nullable(),
  first_scan: z.object({ status: z.string(), counts: z.record(z.string(), z.number()), reason: z.string().nullable() }).nullable(),
  last_event_at: instantSchema.nullable(),
  last_poll_at: instantSchema.nullable(),
  dashboard_url: z.string().nullable(),
  activated_at: instantSchema,
  created_at: instantSchema,
});
export type ConnectionWire = z.input<typeof connectionSchema>;

/** To the API's form. Never a secret. */
export function wireConnection(connection: Connection): ConnectionWire {
  const iso = (instant: Temporal.Instant | null) => (instant === null ? null : isoSeconds(instant));
  const { scan } = connection.settings;
  return {
    id: connection.id,
    object: 'connection',
    provider: connection.provider,
    auth_kind: connection.authKind,
    status: connection.status,
    status_reason: connection.statusReason,
    account_id: connection.accountId,
    account_name: connection.accountName,
    livemode: connection.livemode,
    country: connection.country,
    default_currency: connection.defaultCurrency,
    key_last4: connection.keyLast4,
    oauth_kind: connection.oauthKind,
    oauth_scope: connection.oauthScope,
    transport: connection.transport,
    purpose: connection.purpose,
    mirror: connection.mirror,
    webhook_url: connection.settings.webhook_url ?? null,
    webhook_endpoint_id: connection.webhookEndpointId,
    webhook_problem: connection.settings.webhook_problem ?? null,
    permissions: connection.capabilities.map(({ permission, access, status, required, used_for }) => ({
      permission,
      access,
      status,
      required,
      used_for,
    })),
    permissions_checked_at: iso(connection.capabilitiesCheckedAt),
    first_scan: scan ? { status: scan.status, counts: scan.counts, reason: scan.reason ?? null } : null,
    last_event_at: iso(connection.lastEventAt),
    last_poll_at: iso(connection.lastPollAt),
    dashboard_url: connection.deepLinkBase,
    activated_at: isoSeconds(connection.activatedAt),
    created_at: isoSeconds(connection.createdAt),
  };
}
