/**
 * The only way to a transport (V7). Claims messages (suppressions and the environment's safety rule in the same transaction),
 * asks the guards once more on fresh rows, hands the mail over, and writes down the answer under the claim's epoch.
 */
import { sql } from 'kysely';
import { Held } from '../../accounts/index.ts';
import type { Ctx } from '../../kit/context.ts';
import { assertNoTransaction, transaction } from '../../kit/database.ts';
import { messageOf, refuse } from '../../kit/errors.ts';
import { loadRecords } from '../queries/records.ts';
import { addressHash, blockedBy, suppressedAddresses } from '../suppressions/suppressed.ts';
import { type MailTransport, MailTransportsPort, type OutgoingMail, type SendAnswer } from '../transport.ts';
import { headerText } from './address.ts';
import { claimMessages, hasReady } from './claim.ts';
import { cancelMessages, expireMessages, suppressMessages } from './end.ts';
import { guard } from './guards.ts';
import { handOvers } from './hand-over.ts';
import { type Outgoing, readOutgoing, type Sender } from './outgoing.ts';
import { recordAnswers } from './record.ts';
import type { MessageRow } from './settle.ts';

const BATCH = 50;
const SEND_TIMEOUT_MS = 50_000;

/** Sends one batch of an environment. Answers how many messages were handled. */
export async function deliverBatch(ctx: Ctx): Promise<number> {
  if (!(await hasReady(ctx))) return 0;
  const outgoing = await readOutgoing(ctx);
  const { messages, notAllowListed, handled } = await claimMessages(ctx, { limit: BATCH, outgoing });
  const still = await guardAgain(ctx, messages);
  const results = await sendAll(ctx, still, outgoing);
  await transaction(ctx, (tx) => recordAnswers(tx, results));
  await capture(ctx, notAllowListed, outgoing);
  return handled;
}

/** P6: the same guards on rows read after the claim. What is no longer true ends here, before the network. */
async function guardAgain(ctx: Ctx, messages: MessageRow[]): Promise<MessageRow[]> {
  if (messages.length === 0) return [];
  const subjectOf = (m: MessageRow) => ({ type: m.subject_type, id: m.subject_id, customerId: m.customer_id });
  const recordsOf = await loadRecords(ctx, messages.map(subjectOf));
  const verdicts = messages.map((message) => ({
    message,
    verdict: guard(message, recordsOf(subjectOf(message)), ctx.clock.now()),
    movedTo: recordsOf(subjectOf(message)).customer?.email !== message.to_address,
  }));
  const of = (kind: string) =>
    verdicts.flatMap(({ message, verdict }) =>
      verdict.kind === kind && 'reason' in verdict ? [{ id: message.id, reason: verdict.reason }] : [],
    );
  const moved = verdicts.filter((v) => v.verdict.kind === 'go' && v.movedTo).map((v) => v.message.id);
  if (verdicts.some((v) => v.verdict.kind !== 'go') || moved.length > 0) {
    await transaction(ctx, async (tx) => {
      await cancelMessages(tx, of('cancel'));
      await expireMessages(tx, of('expire'));
      await suppressMessages(tx, of('suppress'));
      await planAgain(tx, moved);
    });
  }
  return verdicts.filter((v) => v.verdict.kind === 'go' && !v.movedTo).map((v) => v.message);
}

/** The customer has another address now: the text is made again for it. */
async function planAgain(tx: Ctx, ids: string[]): Promise<void> {
  if (ids.length === 0) return;
  await sql`update email_messages set status = 'planned', generation = generation + 1, lease_until_wall_at = null, rev = rev + 1
    where environment_id = ${tx.environmentId} and id in (${sql.join(ids)}) and status = 'sending'`.execute(tx.db);
}

export type Result = { message: MessageRow; answer: SendAnswer; transportId: string | null };

async function sendAll(ctx: Ctx, messages: MessageRow[], outgoing: Outgoing): Promise<Result[]> {
  const results: Result[] = [];
  const waiting = [...messages];
  const parallel = messages.length === 0 ? 0 : Math.max(1, ...messages.map((m) => wayOf(ctx, m, outgoing)?.transport.parallel ?? 1));
  const handOverOf = handOvers(ctx);
  const worker = async () => {
    for (let message = waiting.shift(); message; message = waiting.shift()) {
      const result = await sendOne(ctx, { message, outgoing, mayHandOver: handOverOf });
      if (result !== null) results.push(result);
    }
  };
  await Promise.all(Array.from({ length: Math.min(parallel, messages.length) }, worker));
  return results;
}

type Sending = { message: MessageRow; outgoing: Outgoing; mayHandOver(message: MessageRow): Promise<boolean> };

/** Null where the claim was lost before anything was handed over: it is somebody else's now. */
async function sendOne(ctx: Ctx, { message, outgoing, mayHandOver }: Sending): Promise<Result | null> {
  const way = wayOf(ctx, message, outgoing);
  if (!way) return { message, transportId: null, answer: { kind: 'paused', code: 'no_transport', text: 'No active transport and sender' } };
  if (!way.transport.capabilities.idempotency && !(await mayHandOver(message))) return null;
  const answer = await callTransport(ctx, { message, ...way });
  return { message, transportId: way.transportId, answer };
}

type Way = { sender: Sender; transport: MailTransport; transportId: string };

function wayOf(ctx: Ctx, message: MessageRow, outgoing: Outgoing): Way | null {
  const sender = outgoing.senderOf(message);
  const row = sender ? outgoing.transportOf(sender) : null;
  if (!sender || !row || row.status !== 'active') return null;
  // V6: from a sandbox nothing but captured mail leaves, whatever was configured; and a live customer's mail does not end in captured mail.
  if ((ctx.mode === 'sandbox') !== (row.kind === 'inbox') && ctx.mode !== 'test') return null;
  return { sender, transport: ctx.app.ports.get(MailTransportsPort).open(ctx, row), transportId: row.id };
}

async function callTransport(ctx: Ctx, a: { message: MessageRow; sender: Sender; transport: MailTransport }): Promise<SendAnswer> {
  return handOver({ mail: outgoingMail(ctx, a.message, a.sender), transport: a.transport });
}

/** The one line of the server that lets a mail out. */
async function handOver({ mail, transport }: { mail: OutgoingMail; transport: MailTransport }): Promise<SendAnswer> {
  assertNoTransaction('sending mail');
  try {
    return await transport.send(mail, { signal: AbortSignal.timeout(SEND_TIMEOUT_MS), idempotencyKey: mail.mimeMessageId });
  } catch (error) {
    // An adapter that throws has not said that nothing was sent.
    return { kind: 'uncertain', phase: 'adapter', text: messageOf(error) };
  }
}

function outgoingMail(ctx: Ctx, message: MessageRow, sender: Sender): OutgoingMail {
  return {
    messageId: message.id,
    mimeMessageId: `${message.id}.${message.generation}@${sender.domain}`,
    from: { name: headerText(sender.name), address: sender.address },
    replyTo: sender.replyTo,
    to: message.to_address!,
    subject: headerText(message.subject ?? ''),
    html: message.html ?? '',
    text: message.text ?? '',
    headers: {
      'X-Entity-Ref-ID': message.id,
      'Feedback-ID': `${message.trigger}:${ctx.environmentId}`,
      'Auto-Submitted': 'auto-generated',
    },
    date: ctx.clock.now(),
  };
}

/**
 * Hands the test mail of a sender over, under the rules of every other mail: captured in a sandbox, allow-listed in test, never to a suppressed
 * address. Only a sender that is not verified yet may send it in live: that is what it is for.
 */
export async function deliverTest(ctx: Ctx, a: { senderId: string; mail: OutgoingMail }): Promise<SendAnswer> {
  const held = ctx.mode === 'sandbox' ? null : (ctx.app.ports.find(Held)?.reason() ?? null);
  if (held !== null) refuse({ status: 409, code: 'held', message: `This server sends nothing now: ${held}` });
  const outgoing = await readOutgoing(ctx);
  const sender = outgoing.sender(a.senderId);
  const row = sender && outgoing.transportOf(sender);
  if (!sender || !row || row.status === 'paused')
    refuse({ status: 409, code: 'no_transport', message: 'The sender has no transport that is switched on.' });
  if (ctx.mode === 'live' && row.kind === 'inbox')
    refuse({
      status: 409,
      code: 'captured_mail_sends_nothing',
      message: 'Captured mail reaches nobody.',
      fix: 'Give the sender a mail server.',
    });
  if (ctx.mode === 'test' && row.kind !== 'inbox' && !outgoing.allows(a.mail.to))
    refuse({
      status: 409,
      code: 'not_allow_listed',
      param: 'to',
      message: 'A test environment writes to its allow-list only.',
      fix: 'Put the address on the allow-list first.',
    });
  const hash = addressHash(ctx.app, ctx.environmentId, a.mail.to);
  if (blockedBy((await suppressedAddresses(ctx, [hash])).get(hash), 'transactional') !== null)
    refuse({ status: 409, code: 'suppressed', param: 'to', message: 'This address must not be written to.' });
  const transport = ctx.app.ports.get(MailTransportsPort).open(ctx, row);
  return handOver({ mail: a.mail, transport });
}

/** A mail that a test environment may not send is kept in the captured mail, for people to look at (V6). */
async function capture(ctx: Ctx, messages: MessageRow[], outgoing: Outgoing): Promise<void> {
  if (messages.length === 0) return;
  const transport = ctx.app.ports.get(MailTransportsPort).open(ctx, outgoing.inbox());
  for (const message of messages) {
    const sender = outgoing.senderOf(message);
    if (sender) await callTransport(ctx, { message, sender, transport });
  }
}
