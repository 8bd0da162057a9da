/** Making and changing senders (email.md 12). */
import { writeAudit } from '../../accounts/index.ts';
import type { Ctx } from '../../kit/context.ts';
import { json, transaction } from '../../kit/database.ts';
import { isUniqueViolation, refuse } from '../../kit/errors.ts';
import { newId } from '../../kit/ids.ts';
import { isSendableAddress, normalizeAddress } from '../messages/address.ts';
import { getTransport } from '../transports/queries.ts';
import { lockSender } from './queries.ts';
import type { DnsState, SenderRecord } from './sender.ts';
import { settleStatus } from './settle-status.ts';

const SENDERS_MAX = 50;
/** Names that exist in no real domain (RFC 2606, RFC 6761). */
const RESERVED = /(^|\.)(test|example|invalid|localhost)$|(^|\.)example\.(com|net|org)$/;

export type SenderFields = {
  from_address?: string | undefined;
  from_name?: string | undefined;
  reply_to?: string | null | undefined;
  transport_id?: string | undefined;
  dkim_selector?: string | null | undefined;
  is_default?: boolean | undefined;
  disabled?: boolean | undefined;
};
export type NewSender = SenderFields & { from_address: string; from_name: string; transport_id: string };

/** Adds a sender; it is `pending` until it has proved itself. Audited. */
export async function createSender(ctx: Ctx, a: NewSender): Promise<SenderRecord> {
  const address = checkedAddress(ctx, a.from_address);
  const replyTo = checkedReplyTo(a.reply_to ?? null);
  return transaction(ctx, async (tx) => {
    await getTransport(tx, a.transport_id);
    await requireRoom(tx);
    if (a.is_default) await clearDefault(tx);
    const id = newId(tx, 'sender');
    const now = tx.machineClock.now();
    await tx.db
      .insertInto('email_senders')
      .values({
        environment_id: tx.environmentId,
        id,
        from_address: address,
        from_name: a.from_name,
        reply_to: replyTo,
        domain: domainOf(address),
        transport_id: a.transport_id,
        status: 'pending',
        dns: json({ dkim_selector: a.dkim_selector ?? undefined }),
        is_default: a.is_default ?? false,
        created_at: now,
        updated_at: now,
      })
      .execute()
      .catch(asTaken);
    await writeAudit(tx, {
      action: 'email_sender.created',
      objectType: 'email_sender',
      objectId: id,
      after: { from_address: address, transport_id: a.transport_id },
    });
    return settleStatus(tx, id);
  });
}

/** Changes a sender. Another address or transport has proved nothing yet. Audited. */
export async function changeSender(ctx: Ctx, id: string, a: SenderFields): Promise<SenderRecord> {
  const address = a.from_address === undefined ? undefined : checkedAddress(ctx, a.from_address);
  const replyTo = a.reply_to === undefined ? undefined : checkedReplyTo(a.reply_to);
  return transaction(ctx, async (tx) => {
    const before = await lockSender(tx, id);
    if (a.transport_id !== undefined) await getTransport(tx, a.transport_id);
    if (a.is_default) await clearDefault(tx);
    const isMoved =
      (address !== undefined && address !== before.from_address) ||
      (a.transport_id !== undefined && a.transport_id !== before.transport_id);
    const dns = nextDns(before.dns as DnsState, a.dkim_selector, isMoved);
    await tx.db
      .updateTable('email_senders')
      .set((eb) => ({
        from_address: address ?? before.from_address,
        from_name: a.from_name ?? before.from_name,
        reply_to: replyTo === undefined ? before.reply_to : replyTo,
        domain: domainOf(address ?? before.from_address),
        transport_id: a.transport_id ?? before.transport_id,
        is_default: a.is_default ?? before.is_default,
        dns: json(dns),
        status:
          a.disabled === undefined ? before.status : a.disabled ? 'disabled' : before.status === 'disabled' ? 'pending' : before.status,
        ...(isMoved ? { test_received_wall_at: null, test_code_digest: null, status: a.disabled ? 'disabled' : 'pending' } : {}),
        updated_at: tx.machineClock.now(),
        rev: eb('rev', '+', 1n),
      }))
      .where('environment_id', '=', tx.environmentId)
      .where('id', '=', id)
      .execute()
      .catch(asTaken);
    const after = await settleStatus(tx, id);
    await writeAudit(tx, {
      action: 'email_sender.updated',
      objectType: 'email_sender',
      objectId: id,
      before: audited(before),
      after: audited(after),
    });
    return after;
  });
}

function nextDns(before: DnsState, selector: string | null | undefined, isMoved: boolean): DnsState {
  const dkim = selector === undefined ? before.dkim_selector : (selector ?? undefined);
  return isMoved || dkim !== before.dkim_selector ? { dkim_selector: dkim } : before;
}

function checkedAddress(ctx: Ctx, given: string): string {
  const address = normalizeAddress(given);
  if (!isSendableAddress(address))
    refuse({ status: 422, code: 'invalid_address', param: 'from_address', message: 'That is not one e-mail address.' });
  if (ctx.mode === 'live' && RESERVED.test(domainOf(address)))
    refuse({
      status: 422,
      code: 'reserved_domain',
      param: 'from_address',
      message: `Nobody owns the domain ${domainOf(address)}: mail from it reaches no one.`,
      fix: 'Use an address of a domain of yours.',
    });
  return address;
}

function checkedReplyTo(given: string | null): string | null {
  if (given === null) return null;
  const address = normalizeAddress(given);
  if (!isSendableAddress(address))
    refuse({ status: 422, code: 'invalid_address', param: 'reply_to', message: 'That is not one e-mail address.' });
  return address;
}

const domainOf = (address: string) => address.slice(address.lastIndexOf('@') + 1);

async function requireRoom(tx: Ctx): Promise<void> {
  const rows = await tx.db.selectFrom('email_senders').select('id').where('environment_id', '=', tx.environmentId).execute();
  if (rows.length >= SENDERS_MAX)
    refuse({ status: 409, code: 'too_many_senders', message: `An environment has at most ${SENDERS_MAX} senders.` });
}

async function clearDefault(tx: Ctx): Promise<void> {
  await tx.db
    .updateTable('email_senders')
    .set({ is_default: false })
    .where('environment_id', '=', tx.environmentId)
    .where('is_default', '=', true)
    .execute();
}

function asTaken(error: unknown): never {
  if (isUniqueViolation(error, 'email_senders_address'))
    refuse({ status: 409, code: 'sender_exists', param: 'from_address', message: 'There is already a sender with this address.' });
  throw error;
}

function audited({ from_address, from_name, reply_to, transport_id, status, is_default }: SenderRecord) {
  return { from_address, from_name, reply_to, transport_id, status, is_default };
}
