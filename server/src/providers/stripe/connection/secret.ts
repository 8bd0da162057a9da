import type { App } from '../../../kit/context.ts';
import type { SecretPlace } from '../../../kit/secrets.ts';
import type { Connection } from './connection.ts';

type Column = 'secret_sealed' | 'refresh_sealed' | 'webhook_secrets_sealed';
type Row = { id: string; environmentId: string };

/** The connection's key in clear; null after disconnecting. */
export function openSecret(app: App, connection: Connection): string | null {
  return connection.secretSealed === null ? null : app.secrets.open(place(connection, 'secret_sealed'), connection.secretSealed).reveal();
}

/** The refresh token of an app install in clear. */
export function openRefreshToken(app: App, connection: Connection): string | null {
  return connection.refreshSealed === null
    ? null
    : app.secrets.open(place(connection, 'refresh_sealed'), connection.refreshSealed).reveal();
}

/** Seals a credential for a column of the connection's row. */
export function sealSecret(app: App, row: Row, column: Column, plaintext: string): Uint8Array {
  return app.secrets.seal(place(row, column), plaintext);
}

/** A webhook secret as text, for the list in one jsonb column. */
export function sealWebhookSecret(app: App, row: Row, plaintext: string): string {
  return Buffer.from(sealSecret(app, row, 'webhook_secrets_sealed', plaintext)).toString('utf8');
}

/** A webhook secret in clear. */
export function openWebhookSecret(app: App, row: Row, sealed: string): string {
  return app.secrets.open(place(row, 'webhook_secrets_sealed'), Buffer.from(sealed, 'utf8')).reveal();
}

function place(row: Row, column: Column): SecretPlace {
  return { table: 'stripe_connections', column, rowId: row.id, environmentId: row.environmentId };
}
