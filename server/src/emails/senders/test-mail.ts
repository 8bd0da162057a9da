/** The test mail of a sender: a code goes out by the sender's own transport and is typed back by who received it (email.md S1). */
import { writeAudit } from '../../accounts/index.ts';
import type { Ctx } from '../../kit/context.ts';
import { transaction } from '../../kit/database.ts';
import { refuse } from '../../kit/errors.ts';
import { newId } from '../../kit/ids.ts';
import { sameBytes } from '../../kit/secrets.ts';
import { isSendableAddress, normalizeAddress } from '../messages/address.ts';
import { deliverTest } from '../messages/deliver.ts';
import type { OutgoingMail, SendAnswer } from '../transport.ts';
import { getSender, lockSender } from './queries.ts';
import type { SenderRecord } from './sender.ts';
import { settleStatus } from './settle-status.ts';

/** 36^8 codes, five tries, one day. */
const CODE_CHARACTERS = 8;
const CODE_LETTERS = '23456789abcdefghjkmnpqrstuvwxyz';
const TRIES_MAX = 5;
const CODE_HOURS = 24;

export type TestResult = { sender: SenderRecord; answer: SendAnswer };

/** Sends the test mail at once and remembers what its code was. An older code stops working. Audited. */
export async function sendTestMail(ctx: Ctx, a: { senderId: string; to: string }): Promise<TestResult> {
  const to = normalizeAddress(a.to);
  if (!isSendableAddress(to)) refuse({ status: 422, code: 'invalid_address', param: 'to', message: 'That is not one e-mail address.' });
  const sender = await getSender(ctx, a.senderId);
  if (sender.status === 'disabled') refuse({ status: 409, code: 'sender_disabled', message: 'The sender is switched off.' });
  const code = newCode(ctx);
  await transaction(ctx, async (tx) => {
    await tx.db
      .updateTable('email_senders')
      .set((eb) => ({
        test_code_digest: digestOf(tx, sender.id, code),
        test_to: to,
        test_sent_wall_at: tx.machineClock.now(),
        test_tries: 0,
        rev: eb('rev', '+', 1n),
      }))
      .where('environment_id', '=', tx.environmentId)
      .where('id', '=', sender.id)
      .execute();
    await writeAudit(tx, {
      action: 'email_sender.test_sent',
      objectType: 'email_sender',
      objectId: sender.id,
      after: { to_domain: domainOf(to) },
    });
  });
  const answer = await deliverTest(ctx, { senderId: sender.id, mail: testMail(ctx, { sender, to, code }) });
  return { sender: await getSender(ctx, sender.id), answer };
}

/** The code of the test mail, typed by who received it: proof that the sender's mail arrives. Audited. */
export async function confirmTestMail(ctx: Ctx, a: { senderId: string; code: string }): Promise<SenderRecord> {
  const isRight = await transaction(ctx, (tx) => tryCode(tx, a));
  if (!isRight) refuse({ status: 422, code: 'wrong_code', param: 'code', message: 'That is not the code of the last test mail.' });
  return getSender(ctx, a.senderId);
}

/** A wrong code counts, so it must commit: the refusal comes after. */
async function tryCode(tx: Ctx, a: { senderId: string; code: string }): Promise<boolean> {
  const sender = await lockSender(tx, a.senderId);
  const digest = sender.test_code_digest;
  if (digest === null || isTooOld(tx, sender) || sender.test_tries >= TRIES_MAX)
    refuse({ status: 409, code: 'test_mail_needed', message: 'No test mail of this sender waits for its code.', fix: 'Send a test mail.' });
  const isRight = sameBytes(digestOf(tx, sender.id, a.code.trim().toLowerCase()), digest);
  await tx.db
    .updateTable('email_senders')
    .set((eb) => ({
      ...(isRight ? { test_received_wall_at: tx.machineClock.now(), test_code_digest: null } : { test_tries: sender.test_tries + 1 }),
      rev: eb('rev', '+', 1n),
    }))
    .where('environment_id', '=', tx.environmentId)
    .where('id', '=', sender.id)
    .execute();
  if (!isRight) return false;
  const after = await settleStatus(tx, sender.id);
  await writeAudit(tx, {
    action: 'email_sender.test_received',
    objectType: 'email_sender',
    objectId: sender.id,
    before: { status: sender.status },
    after: { status: after.status },
  });
  return true;
}

function isTooOld(tx: Ctx, sender: SenderRecord): boolean {
  const since = tx.machineClock.now().subtract({ hours: CODE_HOURS });
  return sender.test_sent_wall_at === null || Temporal.Instant.compare(sender.test_sent_wall_at, since) < 0;
}

function newCode(ctx: Ctx): string {
  return Array.from({ length: CODE_CHARACTERS }, () => CODE_LETTERS[Math.floor(ctx.app.ids.fraction() * CODE_LETTERS.length)]).join('');
}

function digestOf(ctx: Ctx, senderId: string, code: string): Buffer {
  return Buffer.from(ctx.app.secrets.digest('email_sender_test', `${ctx.environmentId}\n${senderId}\n${code}`));
}

function testMail(ctx: Ctx, a: { sender: SenderRecord; to: string; code: string }): OutgoingMail {
  const { sender, to, code } = a;
  const id = newId(ctx, 'test_mail');
  const lines = [
    `This is the test mail of the sender ${sender.from_address}.`,
    `Its code is ${code}.`,
    'Type the code on the page E-mails, Senders, to say that it arrived.',
  ];
  return {
    messageId: id,
    mimeMessageId: `${id}@${sender.domain}`,
    from: { name: sender.from_name, address: sender.from_address },
    replyTo: sender.reply_to,
    to,
    subject: `Test mail, code ${code}`,
    text: `${lines.join('\n')}\n`,
    html: lines.map((line) => `<p>${line}</p>`).join('\n'),
    headers: { 'X-Entity-Ref-ID': id, 'Auto-Submitted': 'auto-generated' },
    date: ctx.machineClock.now(),
  };
}

const domainOf = (address: string) => address.slice(address.lastIndexOf('@') + 1);
