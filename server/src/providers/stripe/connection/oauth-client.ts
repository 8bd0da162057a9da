import { z } from 'zod';
import type { App, Mode } from '../../../kit/context.ts';
import { json } from '../../../kit/database.ts';
import { refuse } from '../../../kit/errors.ts';
import { publicUrlOf } from '../address.ts';
import { SandboxHost } from '../sandbox-host.ts';

/** With what this server asks for consent: registered once per mode by its operator, and made by itself in the Stripe Sandbox. */
export type OauthClient = { kind: 'connect' | 'app'; clientId: string; secretKey: string };

const stored = z.object({
  kind: z.enum(['connect', 'app']),
  client_id: z.string(),
  secret_sealed: z.string(),
  redirect_uri: z.string().optional(),
});

/** The client of a mode; refuses with the way out where the operator has registered none. */
export async function oauthClient(app: App, mode: Mode): Promise<OauthClient> {
  const found = await readClient(app, mode);
  if (found && (mode !== 'sandbox' || found.redirectUri === callbackUrl(app))) return found.client;
  if (mode === 'sandbox') return makeSandboxClient(app);
  refuse({
    status: 409,
    code: 'oauth_not_configured',
    message: `This server has no Stripe OAuth client for ${mode} mode.`,
    fix: 'Connect with an API key, or let the operator register a client id in the instance settings.',
  });
}

/** Registers the client of a mode; the secret is sealed. */
export async function setOauthClient(app: App, a: { mode: Mode; client: OauthClient; redirectUri?: string }): Promise<void> {
  const value = json({
    kind: a.client.kind,
    client_id: a.client.clientId,
    secret_sealed: Buffer.from(app.secrets.seal(place(a.mode), a.client.secretKey)).toString('utf8'),
    ...(a.redirectUri ? { redirect_uri: a.redirectUri } : {}),
  });
  const row = { key: keyOf(a.mode), value, updated_at: app.machineClock.now() };
  await app.db
    .insertInto('instance_settings')
    .values(row)
    .onConflict((conflict) => conflict.column('key').doUpdateSet({ value: row.value, updated_at: row.updated_at }))
    .execute();
}

/** Where Stripe sends the person back to. */
export function callbackUrl(app: App): string {
  return `${publicUrlOf(app)}/oauth/stripe/callback`;
}

async function readClient(app: App, mode: Mode): Promise<{ client: OauthClient; redirectUri: string | null } | null> {
  const row = await app.db.selectFrom('instance_settings').select('value').where('key', '=', keyOf(mode)).executeTakeFirst();
  if (!row) return null;
  const value = stored.parse(row.value);
  const secretKey = app.secrets.open(place(mode), Buffer.from(value.secret_sealed, 'utf8')).reveal();
  return { client: { kind: value.kind, clientId: value.client_id, secretKey }, redirectUri: value.redirect_uri ?? null };
}

/** The Sandbox knows nobody in advance: this server becomes a platform there, with its present address as the place to come back to. */
async function makeSandboxClient(app: App): Promise<OauthClient> {
  const clientId = `ca_${app.ids.token(24)}`;
  const redirectUri = callbackUrl(app);
  const account = await app.ports.get(SandboxHost).createAccount({ name: 'Billow', now: null, clientId, redirectUris: [redirectUri] });
  const client: OauthClient = { kind: 'connect', clientId, secretKey: account.secretKey };
  await setOauthClient(app, { mode: 'sandbox', client, redirectUri });
  return client;
}

function keyOf(mode: Mode): string {
  return `stripe_oauth.${mode}`;
}

function place(mode: Mode) {
  return { table: 'instance_settings', column: 'value', rowId: keyOf(mode), environmentId: '' };
}
