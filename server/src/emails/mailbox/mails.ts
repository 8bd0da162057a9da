/** Reading and deleting captured mail. */
import type { Selectable } from 'kysely';
import { sql } from 'kysely';
import type { Ctx } from '../../kit/context.ts';
import { notFound } from '../../kit/errors.ts';
import type { DB } from '../../kit/schema.generated.ts';

export type MailRow = Omit<Selectable<DB['captured_mails']>, 'raw' | 'parsed'>;
export type FullMailRow = Selectable<DB['captured_mails']>;
export type MailFilter = {
  to?: string | undefined;
  trigger?: string | undefined;
  flow?: string | undefined;
  customer?: string | undefined;
  subject?: string | undefined;
  after?: string | undefined;
};

const HEAD = [
  'environment_id',
  'id',
  'message_id',
  'mime_message_id',
  'trigger',
  'customer_id',
  'from_address',
  'to_addresses',
  'subject',
  'envelope',
  'size',
  'received_wall_at',
  'received_at',
] as const;

/** Newest first; `limit + 1` rows, so that the caller knows whether more follow. `after` is a mail id: only later ones are answered. */
export async function listMails(ctx: Ctx, a: MailFilter & { limit: number; cursor?: string | undefined }): Promise<MailRow[]> {
  let query = ctx.db.selectFrom('captured_mails').select(HEAD).where('environment_id', '=', ctx.environmentId);
  if (a.to !== undefined)
    query = query.where(sql<boolean>`exists (select 1 from unnest(to_addresses) t where lower(t) = ${a.to.toLowerCase()})`);
  if (a.trigger !== undefined) query = query.where('trigger', '=', a.trigger);
  // A flow of the core triggers bears its trigger's name.
  if (a.flow !== undefined) query = query.where('trigger', '=', a.flow);
  if (a.customer !== undefined) {
    const { customer } = a;
    query = query.where((eb) =>
      eb.or([
        eb('customer_id', '=', customer),
        eb(
          'customer_id',
          'in',
          eb.selectFrom('customers').select('id').where('environment_id', '=', ctx.environmentId).where('stripe_id', '=', customer),
        ),
      ]),
    );
  }
  if (a.subject !== undefined) query = query.where(sql<boolean>`position(lower(${a.subject}) in lower(coalesce(subject, ''))) > 0`);
  if (a.after !== undefined) query = query.where('id', '>', a.after);
  if (a.cursor !== undefined) query = query.where('id', '<', a.cursor);
  return query
    .orderBy('id', 'desc')
    .limit(a.limit + 1)
    .execute();
}

/** One mail with source and parts; refuses with 404. */
export async function getMail(ctx: Ctx, id: string): Promise<FullMailRow> {
  const row = await ctx.db
    .selectFrom('captured_mails')
    .selectAll()
    .where('environment_id', '=', ctx.environmentId)
    .where('id', '=', id)
    .executeTakeFirst();
  return row ?? notFound('mail', id);
}

export type MailParts = { html: string | null; text: string | null; headers: { name: string; value: string }[] };

/** The parts of a mail, read from its source. */
export async function partsOfMail(row: FullMailRow): Promise<MailParts> {
  const { html, text } = await (await import('postal-mime')).default.parse(row.raw);
  return { html: html ?? null, text: text ?? null, headers: (row.parsed as { headers: MailParts['headers'] }).headers };
}

/** Empties the environment's Mailbox. Answers how many mails it held. */
export async function deleteMails(ctx: Ctx): Promise<number> {
  const { numDeletedRows } = await ctx.db.deleteFrom('captured_mails').where('environment_id', '=', ctx.environmentId).executeTakeFirst();
  return Number(numDeletedRows);
}
