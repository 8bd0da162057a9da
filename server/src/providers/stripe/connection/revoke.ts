import { z } from 'zod';
import { openOperatorTask } from '../../../accounts/index.ts';
import type { Ctx } from '../../../kit/context.ts';
import { transaction } from '../../../kit/database.ts';
import { announce } from '../../../kit/events.ts';
import { isFailure, StripeFailure } from '../failure.ts';
import { forgetReceiver } from '../inbox/receiver.ts';
import type { Source } from '../pull/source.ts';
import { lockConnection, updateConnection } from './queries.ts';

/** Stops a connection whose credential Stripe refuses: no further call, a banner, one task for a person. Nothing is deleted. */
export async function markRevoked(ctx: Ctx, a: { connectionId: string; reason: string }): Promise<void> {
  await transaction(ctx, async (tx) => {
    const before = await lockConnection(tx, a.connectionId);
    if (before.status === 'revoked' || before.status === 'disconnected') return;
    const after = await updateConnection(tx, a.connectionId, { status: 'revoked', status_reason: a.reason });
    await announce(tx, {
      type: 'connection.revoked',
      objectType: 'connection',
      objectId: after.id,
      data: { account_id: after.accountId, reason: a.reason, historical: false },
      dedupeKey: `connection.revoked:${after.id}:${after.rev}`,
    });
    await openOperatorTask(tx, {
      kind: 'connection_revoked',
      severity: 'critical',
      objectType: 'connection',
      objectId: after.id,
      dedupeKey: `connection_revoked:${after.id}`,
      title: 'Stripe no longer accepts this connection. Authorise it again for the same account.',
      detail: { account_id: after.accountId, reason: a.reason },
    });
  });
  forgetReceiver(ctx.app, a.connectionId);
}

/** Notes that a part of the connection does not work, or (reason null) that all of it works again. Revoked ones stay revoked. */
export async function markDegraded(ctx: Ctx, a: { connectionId: string; reason: string | null }): Promise<void> {
  await transaction(ctx, async (tx) => {
    const before = await lockConnection(tx, a.connectionId);
    const status = a.reason === null ? 'active' : 'degraded';
    if ((before.status !== 'active' && before.status !== 'degraded') || (before.status === status && before.statusReason === a.reason))
      return;
    await updateConnection(tx, a.connectionId, { status, status_reason: a.reason });
  });
}

/** Asks Stripe for something every connection may read. Throws a `revoked` failure where we are no longer let in. */
export async function checkStillAuthorized(source: Source): Promise<void> {
  try {
    await source.api.get('/v1/events', z.looseObject({}), { limit: 1 });
  } catch (error) {
    if (isFailure(error, 'forbidden')) throw new StripeFailure({ ...error.detail, kind: 'revoked' });
    throw error;
  }
}
