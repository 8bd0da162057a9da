/** Senders, transports and the allow-list of an environment: by which way a message may leave (V6, D4). */
import type { Selectable } from 'kysely';
import type { Ctx } from '../../kit/context.ts';
import type { DB } from '../../kit/schema.generated.ts';
import type { SmtpConfig, TransportKind, TransportRow } from '../transport.ts';
import { normalizeAddress } from './address.ts';
import type { MessageRow } from './settle.ts';

export type Sender = {
  id: string;
  address: string;
  name: string;
  replyTo: string | null;
  domain: string;
  transportId: string | null;
  verified: boolean;
};
export type Outgoing = {
  /** The sender of a message: its own, else the default one. */
  senderOf(message: MessageRow): Sender | null;
  /** The transport of a sender; in a sandbox always the captured mail, whatever is stored. */
  transportOf(sender: Sender): (TransportRow & { status: string }) | null;
  /** Where captured mail goes; every environment has it. */
  inbox(): TransportRow;
  /** Whether a test environment may write to the address. */
  allows(address: string): boolean;
};

export async function readOutgoing(ctx: Ctx): Promise<Outgoing> {
  const environment = await ctx.db.selectFrom('environments').select('settings').where('id', '=', ctx.environmentId).executeTakeFirst();
  const senders = (
    await ctx.db
      .selectFrom('email_senders')
      .selectAll()
      .where('environment_id', '=', ctx.environmentId)
      .where('status', '<>', 'disabled')
      .orderBy('is_default', 'desc')
      .orderBy('id')
      .execute()
  ).map(toSender);
  const transports = await ctx.db
    .selectFrom('email_transports')
    .selectAll()
    .where('environment_id', '=', ctx.environmentId)
    .orderBy('is_default', 'desc')
    .orderBy('id')
    .execute();
  const list = (environment?.settings as { mail_allow_list?: unknown } | undefined)?.mail_allow_list;
  const allowed = Array.isArray(list) ? list.map((entry) => normalizeAddress(String(entry))) : [];
  const captured = transports.find((row) => row.kind === 'inbox');
  const inbox = (): TransportRow => ({ id: captured?.id ?? 'transport_inbox', kind: 'inbox', rev: captured?.rev ?? 1n, config: null });
  return {
    senderOf: (message) => senders.find((s) => s.id === message.sender_id) ?? senders[0] ?? null,
    transportOf: (sender) => {
      if (ctx.mode === 'sandbox') return { ...inbox(), status: captured?.status ?? 'active' };
      const row = transports.find((t) => t.id === sender.transportId) ?? transports[0];
      return row ? toTransport(ctx, row) : null;
    },
    inbox,
    allows: (address) => {
      const mine = normalizeAddress(address);
      return allowed.some((entry) => entry === mine || (!entry.includes('@') && mine.endsWith(`@${entry}`)));
    },
  };
}

function toSender(row: Selectable<DB['email_senders']>): Sender {
  return {
    id: row.id,
    address: row.from_address,
    name: row.from_name,
    replyTo: row.reply_to,
    domain: row.domain,
    transportId: row.transport_id,
    verified: row.status === 'verified',
  };
}

function toTransport(ctx: Ctx, row: Selectable<DB['email_transports']>): TransportRow & { status: string } {
  const place = { table: 'email_transports', column: 'config_sealed', rowId: row.id, environmentId: ctx.environmentId };
  const config = row.config_sealed ? (JSON.parse(ctx.app.secrets.open(place, row.config_sealed).reveal()) as SmtpConfig) : null;
  return { id: row.id, kind: row.kind as TransportKind, rev: row.rev, config, status: row.status };
}
