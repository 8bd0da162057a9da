/** Captured mail: what the Mailbox's listener received (email.md 22). */
import type { App } from '../../kit/context.ts';
import { json } from '../../kit/database.ts';
import { newId } from '../../kit/ids.ts';

/** Mails kept per environment; the oldest go first (K14). */
const MOST_MAILS = 10_000;
const TRIM_SHARE = 1 / 200;

export type Incoming = { userName: string | null; from: string; to: string[]; raw: string };

/**
 * Stores a received mail in the environment named by the SMTP user, else in the first sandbox. A Message-ID seen before changes
 * nothing, so a repeated delivery is one mail. Answers false where there is no environment to take it.
 */
export async function captureMail(app: App, mail: Incoming): Promise<boolean> {
  const environment = await environmentFor(app, mail.userName);
  if (!environment) return false;
  // Only the head is read on the way in; who opens the mail pays for the rest.
  const parsed = await (await import('postal-mime')).default.parse(headOf(mail.raw));
  const mimeId = (parsed.messageId ?? '').replace(/^<|>$/g, '') || null;
  const message = await ownMessage(app, environment.id, mimeId);
  const wall = app.machineClock.now();
  const { numInsertedOrUpdatedRows } = await app.db
    .insertInto('captured_mails')
    .values({
      environment_id: environment.id,
      id: newId(app, 'mail'),
      message_id: message?.id ?? null,
      mime_message_id: mimeId,
      trigger: message?.trigger ?? null,
      customer_id: message?.customer_id ?? null,
      from_address: parsed.from?.address ?? mail.from,
      to_addresses: mail.to,
      subject: parsed.subject ?? null,
      envelope: json({ from: mail.from, to: mail.to }),
      raw: mail.raw,
      parsed: json({ headers: parsed.headers.map(({ key, value }) => ({ name: key, value })) }),
      size: mail.raw.length,
      received_wall_at: wall,
      received_at: environment.clock_now ?? wall,
    })
    .onConflict((conflict) => conflict.columns(['environment_id', 'mime_message_id']).doNothing())
    .executeTakeFirst();
  // Looking for the oldest mails costs a walk over the index, so only now and then does a mail pay for it.
  if (numInsertedOrUpdatedRows === 1n && app.ids.fraction() < TRIM_SHARE) await trimMailbox(app, environment.id);
  return true;
}

/** A source up to its first empty line. */
function headOf(raw: string): string {
  const end = /\r?\n\r?\n/.exec(raw);
  return end ? raw.slice(0, end.index + end[0].length) : raw;
}

async function environmentFor(app: App, userName: string | null): Promise<{ id: string; clock_now: Temporal.Instant | null } | undefined> {
  const columns = ['id', 'clock_now'] as const;
  if (userName) {
    const named = await app.db
      .selectFrom('environments')
      .select(columns)
      .where('id', '=', userName)
      .where('status', '=', 'active')
      .executeTakeFirst();
    if (named) return named;
  }
  return app.db
    .selectFrom('environments')
    .select(columns)
    .where('mode', '=', 'sandbox')
    .where('status', '=', 'active')
    .orderBy('created_at')
    .orderBy('id')
    .limit(1)
    .executeTakeFirst();
}

/** A Message-ID of ours names the message: `<message id>.<generation>@<domain>`. */
async function ownMessage(app: App, environmentId: string, mimeId: string | null) {
  const id = /^(message_[0-9a-z]{26})\.\d+@/.exec(mimeId ?? '')?.[1];
  if (!id) return undefined;
  return app.db
    .selectFrom('email_messages')
    .select(['id', 'trigger', 'customer_id'])
    .where('environment_id', '=', environmentId)
    .where('id', '=', id)
    .executeTakeFirst();
}

/** Deletes the oldest mails beyond the limit. Answers how many. */
export async function trimMailbox(app: App, environmentId: string): Promise<number> {
  const oldest = await app.db
    .selectFrom('captured_mails')
    .select('id')
    .where('environment_id', '=', environmentId)
    .orderBy('id', 'desc')
    .offset(MOST_MAILS)
    .limit(1)
    .executeTakeFirst();
  if (!oldest) return 0;
  const { numDeletedRows } = await app.db
    .deleteFrom('captured_mails')
    .where('environment_id', '=', environmentId)
    .where('id', '<=', oldest.id)
    .executeTakeFirst();
  return Number(numDeletedRows);
}
