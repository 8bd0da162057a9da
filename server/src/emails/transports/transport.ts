/** A transport as the API shows it and takes it (email.md 11). Credentials go in and never come out. */
import type { Selectable } from 'kysely';
import { z } from 'zod';
import type { App } from '../../kit/context.ts';
import type { DB } from '../../kit/schema.generated.ts';
import { isoSeconds } from '../../kit/time.ts';
import type { SmtpConfig } from '../transport.ts';

export type TransportRecord = Selectable<DB['email_transports']>;

const HOST_CHARS = 253;
const CREDENTIAL_CHARS = 500;
const PORT_MAX = 65_535;
/** A host name or an address, nothing that could carry a path, a port or a second line. */
const HOST = /^(?:[a-z0-9](?:[a-z0-9-]{0,61}[a-z0-9])?(?:\.[a-z0-9](?:[a-z0-9-]{0,61}[a-z0-9])?)*|[0-9a-f:.]+)$/i;
/** Credentials travel in a line of their own. */
const ONE_LINE = /^[^\p{Cc}]*$/u;

/** What a person types about an SMTP server. */
export const smtpFields = {
  host: z.string().trim().min(1).max(HOST_CHARS).regex(HOST, 'Not a host name'),
  port: z.number().int().min(1).max(PORT_MAX),
  tls: z.enum(['none', 'starttls', 'tls']).describe('`starttls` on port 587, `tls` on 465; `none` for a server on this machine.'),
  user: z.string().max(CREDENTIAL_CHARS).regex(ONE_LINE).nullable(),
  password: z.string().max(CREDENTIAL_CHARS).regex(ONE_LINE).nullable().describe('Stored sealed, never shown again.'),
};

export const transportSchema = z
  .object({
    object: z.literal('email_transport'),
    id: z.string(),
    kind: z.string(),
    name: z.string(),
    status: z.enum(['active', 'paused', 'failing']),
    status_reason: z.string().nullable(),
    is_default: z.boolean(),
    host: z.string().nullable(),
    port: z.number().int().nullable(),
    tls: z.string().nullable(),
    user: z.string().nullable(),
    has_password: z.boolean(),
    checked_at: z.string().nullable(),
    created_at: z.string(),
    updated_at: z.string(),
  })
  .meta({ id: 'EmailTransport' });

/** Row → wire; opens the settings to show everything of them but the password. */
export function wireTransport(app: App, row: TransportRecord): z.input<typeof transportSchema> {
  const config = openConfig(app, row);
  return {
    object: 'email_transport',
    id: row.id,
    kind: row.kind,
    name: row.name,
    status: row.status as 'active' | 'paused' | 'failing',
    status_reason: row.status_reason,
    is_default: row.is_default,
    host: config?.host ?? null,
    port: config?.port ?? null,
    tls: config?.tls ?? null,
    user: config?.user ?? null,
    has_password: config?.password !== undefined,
    checked_at: row.checked_wall_at && isoSeconds(row.checked_wall_at),
    created_at: isoSeconds(row.created_at),
    updated_at: isoSeconds(row.updated_at),
  };
}

type Sealed = Pick<TransportRecord, 'id' | 'environment_id' | 'config_sealed'>;

const placeOf = (row: Pick<Sealed, 'id' | 'environment_id'>) => ({
  table: 'email_transports',
  column: 'config_sealed',
  rowId: row.id,
  environmentId: row.environment_id,
});

/** The settings in plain, for the wire to the mail server; null where the kind has none (captured mail). */
export function openConfig(app: App, row: Sealed): SmtpConfig | null {
  if (row.config_sealed === null) return null;
  return JSON.parse(app.secrets.open(placeOf(row), row.config_sealed).reveal()) as SmtpConfig;
}

/** The settings as they are stored: host and credentials together, sealed under the row's own key. */
export function sealConfig(app: App, row: Pick<Sealed, 'id' | 'environment_id'>, config: SmtpConfig): Buffer {
  return Buffer.from(app.secrets.seal(placeOf(row), JSON.stringify(config)));
}
