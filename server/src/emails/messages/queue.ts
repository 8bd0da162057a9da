/** Messages as their own queue (order 70): holds end, texts are rendered, mails leave. */
import { type App, contextFor } from '../../kit/context.ts';
import type { Blocked, WorkQueue } from '../../kit/queues.ts';
import { recheckFailing } from '../transports/failing.ts';
import { deliverBatch } from './deliver.ts';
import { MAIL_QUEUE } from './names.ts';
import { prepareMessages } from './prepare.ts';
import { resolveExpiredLeases } from './record.ts';
import { environmentsWithMail, releaseSettled } from './settle.ts';

const ORDER = 70;
const BATCH = 100;

export const mailQueue: WorkQueue = {
  name: MAIL_QUEUE,
  order: ORDER,
  room: 'emails',
  drain: async (app, { environmentId }) => {
    let done = 0;
    for (const id of await environmentsWithMail(app, environmentId)) done += await drainEnvironment(app, id);
    return done;
  },
  blocked: (app, { environmentId }) => waiting(app, environmentId),
};

async function drainEnvironment(app: App, environmentId: string): Promise<number> {
  const ctx = await contextFor(app, { environmentId, actor: 'system' });
  let done = await resolveExpiredLeases(ctx);
  await recheckFailing(ctx);
  for (;;) {
    const settled = await releaseSettled(ctx, { limit: BATCH });
    const prepared = await prepareMessages(ctx, settled);
    const delivered = await deliverBatch(ctx);
    done += prepared + delivered;
    if (prepared === 0 && delivered === 0) return done;
  }
}

/** A message that only waits for company holds nobody up: the end of the instant releases it. */
async function waiting(app: App, environmentId: string): Promise<Blocked | null> {
  const ctx = await contextFor(app, { environmentId, actor: 'system' });
  const row = await app.db
    .selectFrom('email_messages')
    .select(['id', 'status', 'reason', 'next_attempt_wall_at'])
    .where('environment_id', '=', environmentId)
    .where((eb) =>
      eb.or([eb('status', 'in', ['ready', 'sending']), eb.and([eb('status', '=', 'planned'), eb('send_after', '<=', ctx.clock.now())])]),
    )
    .orderBy('id')
    .limit(1)
    .executeTakeFirst();
  return row
    ? { queue: MAIL_QUEUE, id: row.id, reason: row.reason ?? `The message is ${row.status}`, nextAttemptAt: row.next_attempt_wall_at }
    : null;
}
