import type { Ctx } from '../../../kit/context.ts';
import { refuse } from '../../../kit/errors.ts';
import { SandboxHost } from '../sandbox-host.ts';
import { connect } from './connect.ts';
import type { Connection } from './connection.ts';
import { currentConnection, getConnection } from './queries.ts';
import { openSecret, openWebhookSecret } from './secret.ts';
import { settleConnection, simulatedNow } from './settle.ts';
import { ensureWebhookEndpoint, webhookUrlOf } from './webhook-endpoint.ts';

export type SandboxConnection = { connection: Connection; secretKey: string; webhookUrl: string | null; webhookSecret: string | null };

/**
 * Gives a sandbox environment an account of its own in the Stripe Sandbox, its clock standing where the environment's stands, and connects
 * it. Answers the existing connection's secrets where there is one already. Called at first start, and by the API for new environments.
 */
export async function connectSandbox(ctx: Ctx, a: { name?: string } = {}): Promise<SandboxConnection> {
  if (ctx.mode !== 'sandbox')
    refuse({ status: 422, code: 'mode_mismatch', message: `Only sandbox environments use the Stripe Sandbox; this one is ${ctx.mode}.` });
  if (await currentConnection(ctx))
    refuse({
      status: 409,
      code: 'already_connected',
      message: 'This environment is connected already.',
      fix: 'Remove the present connection first.',
    });
  const host = ctx.app.ports.get(SandboxHost);
  const account = await host.createAccount({ name: a.name ?? 'My company', now: await simulatedNow(ctx) });
  const made = await connect(ctx, { authKind: 'sandbox', keyKind: 'secret', secret: account.secretKey, livemode: false }, {});
  await settleConnection(ctx, made.id);
  return { ...(await describe(ctx, made.id)), secretKey: account.secretKey };
}

/** The same of a sandbox environment that is connected already, for first-run.json at later starts; null where it is not. Calls nobody. */
export async function sandboxConnection(ctx: Ctx): Promise<SandboxConnection | null> {
  const current = await currentConnection(ctx);
  const secretKey = current?.authKind === 'sandbox' ? openSecret(ctx.app, current) : null;
  return current === null || secretKey === null ? null : { ...(await describe(ctx, current.id)), secretKey };
}

/** The public address may have changed since the last start: moves the endpoint there, or makes it anew where it is gone. */
export async function repairSandboxConnection(ctx: Ctx): Promise<SandboxConnection | null> {
  const current = await currentConnection(ctx);
  if (current?.authKind === 'sandbox') await ensureWebhookEndpoint(ctx, current);
  return sandboxConnection(ctx);
}

async function describe(ctx: Ctx, id: string): Promise<Omit<SandboxConnection, 'secretKey'>> {
  const connection = await getConnection(ctx, id);
  const [current] = connection.webhookSecrets;
  return {
    connection,
    webhookUrl: connection.settings.webhook_url === undefined ? null : webhookUrlOf(ctx, id),
    webhookSecret: current ? openWebhookSecret(ctx.app, connection, current.sealed) : null,
  };
}
