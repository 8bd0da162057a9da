import type { Ctx } from '../../../kit/context.ts';
import { refuse } from '../../../kit/errors.ts';
import { getConnection } from '../connection/queries.ts';
import { Unreadable } from '../pull/unreadable.ts';
import { INBOX_QUEUE } from './inbox-writer.ts';
import { judge } from './judge.ts';
import { envelopeOf, findInboxRow, type InboxRow, putBack } from './queries.ts';

/** Puts an event back into the queue as if it had just come; what was not ours to act on stays ignored. Answers the row as it is then. */
export async function replay(ctx: Ctx, row: InboxRow): Promise<InboxRow> {
  const connection = await getConnection(ctx, row.connectionId);
  const receiver = {
    connectionId: connection.id,
    environmentId: ctx.environmentId,
    accountId: connection.accountId,
    livemode: connection.livemode,
    secrets: [],
  };
  if (judge(receiver, readable(row)).status === 'ignored') return row;
  await putBack(ctx, row);
  ctx.app.wake(INBOX_QUEUE, ctx.environmentId);
  return (await findInboxRow(ctx, row.id)) ?? row;
}

function readable(row: InboxRow) {
  try {
    return envelopeOf(row);
  } catch (error) {
    if (!(error instanceof Unreadable || error instanceof SyntaxError)) throw error;
    refuse({ status: 409, code: 'event_unreadable', message: `The event ${row.eventId} cannot be read, so it cannot be worked off.` });
  }
}
