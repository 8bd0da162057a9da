import { alignClocks, createApiKey, type FirstRun, FULL, hasOwner, makeSignInLink, simulatedEnvironments } from './accounts/index.ts';
import type { MailboxListener } from './doors/mailbox/index.ts';
import { type FirstRunFile, readFirstRun, storeFirstRun } from './first-run-file.ts';
import { type App, type Ctx, contextFor } from './kit/context.ts';
import type { DataDir } from './kit/data-dir.ts';
import { transaction } from './kit/database.ts';
import { messageOf } from './kit/errors.ts';
import { connectSandbox, repairSandboxConnection, type SandboxConnection, sandboxConnection } from './providers/stripe/index.ts';
import type { RunningSandbox } from './sandbox.ts';

/** The connection of the first environment as the last start left it; null where there is none, or none of the Sandbox. */
export async function knownConnection(app: App, first: FirstRun): Promise<SandboxConnection | null> {
  return app.config.role === 'worker' ? null : sandboxConnection(await firstContext(app, first));
}

/** The first environment gets an account in the Sandbox, unless it ever had one: once removed by a person it stays removed. */
export async function connectFirst(app: App, first: FirstRun): Promise<SandboxConnection | null> {
  const ctx = await firstContext(app, first);
  if (app.config.role === 'worker' || ctx.mode !== 'sandbox' || (await wasEverConnected(ctx))) return null;
  return connectSandbox(ctx).catch((error: unknown) => reportConnection(ctx, error));
}

/** Once the server answers: the endpoint follows the public address. A new endpoint has a new secret, which first-run.json then tells. */
export async function repairFirst(a: { app: App; dataDir: DataDir; first: FirstRun; told: FirstRunFile }): Promise<FirstRunFile> {
  const ctx = await firstContext(a.app, a.first);
  const repaired = await repairSandboxConnection(ctx).catch((error: unknown) => reportConnection(ctx, error));
  if (repaired === null || repaired.webhookSecret === a.told.webhook_secret) return a.told;
  return storeFirstRun(a.dataDir, { ...a.told, webhook_url: repaired.webhookUrl, webhook_secret: repaired.webhookSecret });
}

function firstContext(app: App, first: FirstRun): Promise<Ctx> {
  return contextFor(app, { environmentId: first.environmentId, actor: 'system' });
}

function reportConnection(ctx: Ctx, error: unknown): null {
  ctx.log.error('first_connection_failed', { environment_id: ctx.environmentId, error });
  return null;
}

/** The clock that is behind follows the other: the Sandbox may have been advanced while this server was down. */
export async function alignAll(app: App): Promise<void> {
  for (const environment of await simulatedEnvironments(app)) {
    const ctx = await contextFor(app, { environmentId: environment.id, actor: 'system' });
    await alignClocks(ctx).catch((error: unknown) => ctx.log.warn('clock_not_aligned', { reason: messageOf(error) }));
  }
}

type Started = {
  app: App;
  dataDir: DataDir;
  first: FirstRun;
  sandbox: RunningSandbox;
  mailbox: MailboxListener | null;
  connection: SandboxConnection | null;
};

/** Writes first-run.json with the present addresses, and a fresh sign-in link until an owner has signed in. */
export async function writeFirstRun(a: Started): Promise<FirstRunFile> {
  const { app, first, connection } = a;
  const url = app.config.publicUrl ?? '';
  const isWorker = app.config.role === 'worker';
  const isOwned = isWorker || (await hasOwner(app, first.organizationId));
  const token = isOwned ? null : await makeSignInLink(app, { organizationId: first.organizationId, role: 'owner' });
  const file: FirstRunFile = {
    dashboard_url: url,
    sign_in_url: token === null ? null : `${url}/welcome#${token}`,
    environment_id: first.environmentId,
    api_key: first.apiKey ?? (isOwned ? null : await replacedKey(a)),
    connection_id: connection?.connection.id ?? null,
    webhook_url: connection?.webhookUrl ?? null,
    webhook_secret: connection?.webhookSecret ?? null,
    stripe_sandbox: { url: a.sandbox.url, secret_key: connection?.secretKey ?? null },
    smtp: a.mailbox === null ? null : { host: a.mailbox.host, port: a.mailbox.port },
  };
  // A worker has nothing to begin with: the file and the link belong to the process that answers people.
  return isWorker ? file : storeFirstRun(a.dataDir, file);
}

/** The first start died before it could write its key down, and nobody has signed in yet: nobody could get in, so there is a new one. */
async function replacedKey(a: Started): Promise<string | null> {
  const file = readFirstRun(a.dataDir);
  if (file?.environment_id === a.first.environmentId && file.api_key !== null) return null;
  const ctx = await contextFor(a.app, { environmentId: a.first.environmentId, actor: 'system' });
  const made = await transaction(ctx, (tx) =>
    createApiKey(tx, { environmentId: ctx.environmentId, mode: ctx.mode, name: 'First key', scopes: [FULL] }),
  );
  return made.secret;
}

/** Once removed by a person it stays removed; a first start that died before connecting is made up for. */
async function wasEverConnected(ctx: Ctx): Promise<boolean> {
  const row = await ctx.db.selectFrom('stripe_connections').select('id').where('environment_id', '=', ctx.environmentId).executeTakeFirst();
  return row !== undefined;
}
