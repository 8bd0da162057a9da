/**
 * The hold for company (T2, M5): before anything is rendered, the messages of one customer that were born together are
 * looked at together, and of a group that would contradict itself only the highest stays.
 */
import type { Selectable } from 'kysely';
import { sql } from 'kysely';
import type { App, Ctx } from '../../kit/context.ts';
import { transaction } from '../../kit/database.ts';
import type { DB } from '../../kit/schema.generated.ts';
import { cancelMessages } from './end.ts';

export type MessageRow = Selectable<DB['email_messages']>;

/** Highest first: of one invoice, only the best news of a hold is told. */
const RANK = ['payment.recovered', 'payment.received', 'payment.action_required', 'payment.failed', 'subscription.renewing'];

/** Outside an advance an instant of a standing clock is over after this long without runnable work. */
const STANDING_MS = 200;
/** How far apart two messages of one group may be born and still be judged together. */
const TOGETHER_SECONDS = 60;

/** The planned messages whose hold has ended, at most `limit`, oldest first, after their groups were settled. */
export async function releaseSettled(ctx: Ctx, a: { limit: number }): Promise<MessageRow[]> {
  const planned = await plannedMessages(ctx, a.limit);
  if (planned.length === 0) return [];
  const over = planned.filter((m) => isOver(m, ctx.clock.now()));
  const standing = planned.length > over.length ? await standingOver(ctx, planned) : [];
  const released = standing.length > 0 ? standing : over;
  if (released.length === 0) return [];
  const dropped = await settleGroups(ctx, released);
  return released.filter((m) => !dropped.has(m.id));
}

/** The end of an instant of simulated time: nothing due at it is left, so nobody else will come (T2). Answers how many holds ended. */
export async function endHolds(app: App, a: { environmentId: string; instant: Temporal.Instant }): Promise<number> {
  const { numUpdatedRows } = await app.db
    .updateTable('email_messages')
    .set({ send_after: a.instant })
    .where('environment_id', '=', a.environmentId)
    .where('status', '=', 'planned')
    .where('send_after', '>', a.instant)
    .executeTakeFirst();
  return Number(numUpdatedRows);
}

async function plannedMessages(ctx: Ctx, limit: number): Promise<MessageRow[]> {
  const now = ctx.machineClock.now();
  return ctx.db
    .selectFrom('email_messages')
    .selectAll()
    .where('environment_id', '=', ctx.environmentId)
    .where('status', '=', 'planned')
    .where((eb) => eb.or([eb('next_attempt_wall_at', 'is', null), eb('next_attempt_wall_at', '<=', now)]))
    .orderBy('id')
    .limit(limit)
    .execute();
}

const isOver = (m: MessageRow, now: Temporal.Instant) => m.send_after === null || Temporal.Instant.compare(m.send_after, now) <= 0;

/** On a clock that stands and is not being advanced, the instant is over after 200 ms without runnable work. */
async function standingOver(ctx: Ctx, planned: MessageRow[]): Promise<MessageRow[]> {
  const environment = await ctx.db
    .selectFrom('environments')
    .select(['clock_kind', 'clock_target'])
    .where('id', '=', ctx.environmentId)
    .executeTakeFirst();
  if (environment?.clock_kind !== 'simulated' || environment.clock_target !== null || !(await isQuiet(ctx))) return [];
  const since = ctx.machineClock.now().subtract({ milliseconds: STANDING_MS });
  const young = new Set(
    planned.filter((m) => m.planned_wall_at !== null && Temporal.Instant.compare(m.planned_wall_at, since) > 0).map((m) => m.customer_id),
  );
  return planned.filter((m) => !young.has(m.customer_id));
}

/** Whether nothing that could bring more company is runnable: deliveries, occurrences, timers. */
async function isQuiet(ctx: Ctx): Promise<boolean> {
  const env = ctx.environmentId;
  const wall = ctx.machineClock.now();
  const { rows } = await sql<{ busy: boolean }>`select (
    exists (select 1 from inbox where environment_id = ${env} and status in ('received','failed') and (next_attempt_wall_at is null or next_attempt_wall_at <= ${wall}))
    or exists (select 1 from email_occurrences where environment_id = ${env} and status = 'new' and (next_attempt_wall_at is null or next_attempt_wall_at <= ${wall}))
    or exists (select 1 from timers where environment_id = ${env} and status = 'armed' and due_at <= ${ctx.clock.now()} and (next_attempt_wall_at is null or next_attempt_wall_at <= ${wall}))
  ) as busy`.execute(ctx.db);
  return rows[0]?.busy !== true;
}

/** Cancels the messages that a higher one of their group makes wrong; answers which. */
async function settleGroups(ctx: Ctx, over: MessageRow[]): Promise<Set<string>> {
  const ranked = over.filter((m) => RANK.includes(m.trigger));
  if (ranked.length === 0) return new Set();
  const invoices = await ctx.db
    .selectFrom('invoices')
    .select(['id', 'subscription_id'])
    .where('environment_id', '=', ctx.environmentId)
    .where(
      'id',
      'in',
      ranked.map((m) => m.subject_id),
    )
    .execute();
  const subscriptionOf = new Map(invoices.map((row) => [row.id, row.subscription_id]));
  const losers = new Map<string, string>();
  for (const m of ranked) {
    const winner = ranked.find((other) => beats(other, m, subscriptionOf));
    if (winner) losers.set(m.id, winner.id);
  }
  if (losers.size > 0) {
    await transaction(ctx, (tx) =>
      cancelMessages(
        tx,
        [...losers].map(([id, winner]) => ({ id, reason: 'superseded', detail: { by: winner } })),
      ),
    );
  }
  return new Set(losers.keys());
}

function beats(winner: MessageRow, loser: MessageRow, subscriptionOf: Map<string, string | null>): boolean {
  if (winner.customer_id !== loser.customer_id || RANK.indexOf(winner.trigger) >= RANK.indexOf(loser.trigger)) return false;
  const apart = Math.abs(winner.created_at.epochMilliseconds - loser.created_at.epochMilliseconds);
  if (apart > TOGETHER_SECONDS * 1000) return false;
  if (winner.subject_id === loser.subject_id) return true;
  // A renewal has no invoice yet: news of an invoice of its subscription takes its place.
  return loser.trigger === 'subscription.renewing' && subscriptionOf.get(winner.subject_id) === loser.subject_id;
}

/** Environments that have planned or ready messages: all of them, or the given one where it has any. */
export async function environmentsWithMail(app: App, environmentId: string | null): Promise<string[]> {
  const unfinished = app.db.selectFrom('email_messages').select('environment_id').where('status', 'in', ['planned', 'ready', 'sending']);
  const rows =
    environmentId === null
      ? await unfinished.distinct().execute()
      : await unfinished.where('environment_id', '=', environmentId).limit(1).execute();
  return rows.map((row) => row.environment_id);
}
