/** Making, changing and removing transports (email.md 11). */
import { closeOperatorTask, writeAudit } from '../../accounts/index.ts';
import type { Ctx } from '../../kit/context.ts';
import { afterCommit, transaction } from '../../kit/database.ts';
import { refuse } from '../../kit/errors.ts';
import { newId } from '../../kit/ids.ts';
import { MAIL_QUEUE } from '../messages/names.ts';
import { forgetTests } from '../senders/forget-tests.ts';
import type { SmtpConfig } from '../transport.ts';
import { resumeMessages, taskKey } from './failing.ts';
import { lockTransport } from './queries.ts';
import { openConfig, sealConfig, type TransportRecord } from './transport.ts';

/** More would only slow the look-up of who sends what. */
const TRANSPORTS_MAX = 20;

export type NewTransport = { name: string; config: Given; isDefault: boolean };
export type TransportChange = {
  name?: string | undefined;
  config: Partial<Given>;
  isDefault?: boolean | undefined;
  status?: 'active' | 'paused' | undefined;
};
type Given = {
  host: string;
  port: number;
  tls: SmtpConfig['tls'];
  user?: string | null | undefined;
  password?: string | null | undefined;
};

/** Adds an SMTP server. A sandbox has captured mail only (V6); a live one is never talked to in the clear. Audited, without the password. */
export async function createTransport(ctx: Ctx, a: NewTransport): Promise<TransportRecord> {
  refuseInSandbox(ctx);
  const config = configOf(a.config);
  refuseInTheClear(ctx, config);
  return transaction(ctx, async (tx) => {
    await requireRoom(tx);
    if (a.isDefault) await clearDefault(tx);
    const id = newId(tx, 'transport');
    const now = tx.machineClock.now();
    const row = await tx.db
      .insertInto('email_transports')
      .values({
        environment_id: tx.environmentId,
        id,
        kind: 'smtp',
        name: a.name,
        config_sealed: sealConfig(tx.app, { id, environment_id: tx.environmentId }, config),
        is_default: a.isDefault,
        created_at: now,
        updated_at: now,
      })
      .returningAll()
      .executeTakeFirstOrThrow();
    await writeAudit(tx, { action: 'email_transport.created', objectType: 'email_transport', objectId: id, after: audited(row, config) });
    return row;
  });
}

/**
 * Changes a transport. Another server, or another account on it, has proved nothing yet: senders on it are to be tested again, and a failing
 * transport gets another chance.
 */
export async function changeTransport(ctx: Ctx, id: string, a: TransportChange): Promise<TransportRecord> {
  return transaction(ctx, async (tx) => {
    const before = await lockTransport(tx, id);
    const known = openConfig(tx.app, before);
    const isReconfigured = Object.values(a.config).some((value) => value !== undefined);
    if (known === null && (isReconfigured || a.status === 'paused'))
      refuse({ status: 409, code: 'captured_mail_is_fixed', message: 'Captured mail has no settings and cannot be paused.' });
    const config = known === null ? null : configOf({ ...known, ...given(a.config) });
    if (config !== null) refuseInTheClear(tx, config);
    if (a.isDefault) await clearDefault(tx);
    const status = a.status ?? (isReconfigured && before.status === 'failing' ? 'active' : before.status);
    const row = await tx.db
      .updateTable('email_transports')
      .set((eb) => ({
        name: a.name ?? before.name,
        ...(config === null ? {} : { config_sealed: sealConfig(tx.app, before, config) }),
        is_default: a.isDefault ?? before.is_default,
        status,
        status_reason: status === before.status ? before.status_reason : null,
        updated_at: tx.machineClock.now(),
        rev: eb('rev', '+', 1n),
      }))
      .where('environment_id', '=', tx.environmentId)
      .where('id', '=', id)
      .returningAll()
      .executeTakeFirstOrThrow();
    if (config !== null && known !== null && isAnotherServer(known, config)) await forgetTests(tx, { transportId: id });
    if (row.status === 'active') await wakeUp(tx, row);
    await writeAudit(tx, {
      action: 'email_transport.updated',
      objectType: 'email_transport',
      objectId: id,
      before: audited(before, known),
      after: audited(row, config),
    });
    return row;
  });
}

/** Removes a transport that no sender uses. Messages that went through it keep its id. */
export async function removeTransport(ctx: Ctx, id: string): Promise<void> {
  await transaction(ctx, async (tx) => {
    const row = await lockTransport(tx, id);
    if (row.kind === 'inbox')
      refuse({ status: 409, code: 'captured_mail_is_fixed', message: 'Captured mail belongs to every environment and stays.' });
    const sender = await tx.db
      .selectFrom('email_senders')
      .select('from_address')
      .where('environment_id', '=', tx.environmentId)
      .where('transport_id', '=', id)
      .limit(1)
      .executeTakeFirst();
    if (sender || row.is_default)
      refuse({
        status: 409,
        code: 'transport_in_use',
        message: sender ? `The sender ${sender.from_address} uses this transport.` : 'This transport is the default.',
        fix: sender ? 'Give the sender another transport first.' : 'Make another transport the default first.',
      });
    await tx.db.deleteFrom('email_transports').where('environment_id', '=', tx.environmentId).where('id', '=', id).execute();
    await closeOperatorTask(tx, { dedupeKey: taskKey(id), note: 'The transport was removed.' });
    await writeAudit(tx, { action: 'email_transport.removed', objectType: 'email_transport', objectId: id, before: { name: row.name } });
  });
}

function refuseInSandbox(ctx: Ctx): void {
  if (ctx.mode !== 'sandbox') return;
  refuse({
    status: 409,
    code: 'sandbox_captures_all_mail',
    message: 'A sandbox sends nothing: all of its mail is captured in the Mailbox.',
    fix: 'Add the mail server to a test or live environment.',
  });
}

const LOOPBACK = /^(localhost|127\.\d+\.\d+\.\d+|::1)$/i;

/** Names and amounts of real customers, and the credentials, do not cross a network in the clear. */
function refuseInTheClear(ctx: Ctx, config: SmtpConfig): void {
  if (ctx.mode !== 'live' || config.tls !== 'none' || LOOPBACK.test(config.host)) return;
  refuse({
    status: 422,
    code: 'tls_required',
    param: 'tls',
    message: 'A live environment talks to a mail server over TLS only.',
    fix: 'Use starttls (usually port 587) or tls (port 465).',
  });
}

function configOf(a: Given): SmtpConfig {
  const { host, port, tls } = a;
  const user = a.user || undefined;
  const password = a.password || undefined;
  if (user === undefined && password !== undefined)
    refuse({ status: 422, code: 'user_missing', param: 'user', message: 'A password needs the user name it belongs to.' });
  return { host: host.toLowerCase(), port, tls, ...(user === undefined ? {} : { user }), ...(password === undefined ? {} : { password }) };
}

function given(change: Partial<Given>): Partial<Given> {
  return Object.fromEntries(Object.entries(change).filter(([, value]) => value !== undefined));
}

function isAnotherServer(before: SmtpConfig, after: SmtpConfig): boolean {
  return before.host !== after.host || before.port !== after.port || before.user !== after.user;
}

async function requireRoom(tx: Ctx): Promise<void> {
  const rows = await tx.db.selectFrom('email_transports').select('id').where('environment_id', '=', tx.environmentId).execute();
  if (rows.length >= TRANSPORTS_MAX)
    refuse({ status: 409, code: 'too_many_transports', message: `An environment has at most ${TRANSPORTS_MAX} transports.` });
}

async function clearDefault(tx: Ctx): Promise<void> {
  await tx.db
    .updateTable('email_transports')
    .set({ is_default: false })
    .where('environment_id', '=', tx.environmentId)
    .where('is_default', '=', true)
    .execute();
}

async function wakeUp(tx: Ctx, row: TransportRecord): Promise<void> {
  await closeOperatorTask(tx, { dedupeKey: taskKey(row.id), note: 'The transport was changed.' });
  await resumeMessages(tx);
  afterCommit(tx, () => tx.app.wake(MAIL_QUEUE, tx.environmentId));
}

function audited(row: TransportRecord, config: SmtpConfig | null) {
  const { host, port, tls, user, password } = config ?? {};
  return { name: row.name, status: row.status, is_default: row.is_default, host, port, tls, user, has_password: password !== undefined };
}
