import { writeAudit } from '../../../accounts/index.ts';
import type { Ctx } from '../../../kit/context.ts';
import { json, transaction } from '../../../kit/database.ts';
import { messageOf, refuse } from '../../../kit/errors.ts';
import { announce } from '../../../kit/events.ts';
import { forgetReceiver } from '../inbox/receiver.ts';
import type { Connection } from './connection.ts';
import { getConnection, lockConnection, updateConnection } from './queries.ts';
import { removeWebhookEndpoints } from './webhook-endpoint.ts';

/**
 * Ends a connection: our webhook endpoint is removed at Stripe, secrets are wiped, nothing else there is touched and subscriptions go on
 * being billed by Stripe. What is mirrored here stays. Final; connecting again makes a new row.
 */
export async function disconnect(ctx: Ctx, id: string): Promise<Connection> {
  const connection = await getConnection(ctx, id);
  if (connection.status === 'disconnected')
    refuse({ status: 409, code: 'already_disconnected', message: `The connection ${id} has been removed already.` });
  await removeEndpoints(ctx, connection);
  const ended = await transaction(ctx, async (tx) => {
    const before = await lockConnection(tx, id);
    const after = await updateConnection(tx, id, {
      status: 'disconnected',
      status_reason: null,
      secret_sealed: null,
      refresh_sealed: null,
      access_expires_wall_at: null,
      webhook_endpoint_id: null,
      webhook_secrets_sealed: json([]),
      disconnected_at: tx.machineClock.now(),
    });
    await writeAudit(tx, {
      action: 'connection.removed',
      objectType: 'connection',
      objectId: id,
      before: { status: before.status, account_id: before.accountId },
    });
    await announce(tx, {
      type: 'connection.removed',
      objectType: 'connection',
      objectId: id,
      data: { account_id: before.accountId, historical: false },
      dedupeKey: `connection.removed:${id}`,
    });
    return after;
  });
  forgetReceiver(ctx.app, id);
  return ended;
}

/** A key that no longer works must not keep anybody from removing the connection; Stripe disables an endpoint that nobody answers. */
async function removeEndpoints(ctx: Ctx, connection: Connection): Promise<void> {
  if (connection.secretSealed === null) return;
  try {
    await removeWebhookEndpoints(ctx, connection);
  } catch (error) {
    ctx.log.warn('webhook_endpoint_left', { connection_id: connection.id, reason: messageOf(error) });
  }
}
