/**
 * Written down, and committed, before a message is given to a transport that would deliver a repeat twice (M1). A process that dies between
 * claim and hand-over has left nothing: its messages are sent again. One that died after it may have, and nothing is resent.
 */
import { sql } from 'kysely';
import type { Ctx } from '../../kit/context.ts';
import type { MessageRow } from './settle.ts';

type Claimed = Pick<MessageRow, 'id' | 'epoch'>;
type Waiting = { message: Claimed; resolve(isOurs: boolean): void; reject(error: unknown): void };

/** Answers false where the claim was lost meanwhile: then the message must not be sent. Those that ask at once share a statement. */
export function handOvers(ctx: Ctx): (message: Claimed) => Promise<boolean> {
  let waiting: Waiting[] = [];
  let isRunning = false;
  const run = async () => {
    isRunning = true;
    while (waiting.length > 0) {
      const batch = waiting;
      waiting = [];
      await noteAll(ctx, batch);
    }
    isRunning = false;
  };
  return (message) =>
    new Promise((resolve, reject) => {
      waiting.push({ message, resolve, reject });
      if (!isRunning) void run();
    });
}

async function noteAll(ctx: Ctx, batch: Waiting[]): Promise<void> {
  try {
    const noted = await note(
      ctx,
      batch.map((one) => one.message),
    );
    for (const { message, resolve } of batch) resolve(noted.has(message.id));
  } catch (error) {
    for (const { reject } of batch) reject(error);
  }
}

async function note(ctx: Ctx, messages: Claimed[]): Promise<Set<string>> {
  const values = messages.map((m) => sql`(${m.id}::text, ${m.epoch}::bigint)`);
  const { rows } = await sql<{
    id: string;
  }>`update email_messages m set handed_epoch = m.epoch from (values ${sql.join(values)}) as v(id, epoch)
    where m.environment_id = ${ctx.environmentId} and m.id = v.id and m.epoch = v.epoch and m.status = 'sending' returning m.id`.execute(
    ctx.db,
  );
  return new Set(rows.map((row) => row.id));
}
