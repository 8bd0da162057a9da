/** Senders, transports and the allow-list of an environment: by which way a message may leave (V6, D4). */
import type { Selectable } from 'kysely';
import type { Ctx } from '../../kit/context.ts';
import type { DB } from '../../kit/schema.generated.ts';
import { isAllowed, readAllowList } from '../senders/allow-list.ts';
import type { TransportKind, TransportRow } from '../transport.ts';
import { openConfig } from '../transports/transport.ts';
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
  /** The sender of a message: its own, of which no other takes the place (S1); else the default one. */
  senderOf(message: Pick<MessageRow, 'sender_id'>): Sender | null;
  /** A sender that is not switched off. */
  sender(id: string): Sender | null;
  /** The transport of a sender; in a sandbox always the captured mail, whatever is stored. */
  transportOf(sender: Sender): (TransportRow & { status: string }) | null;
  /** Where captured mail goes; every environment has it. */
  inbox(): TransportRow;
  /** Whether a test environment may write to the address. */
  allows(address: string): boolean;
};

export async function readOutgoing(ctx: Ctx): Promise<Outgoing> {
  const allowed = await readAllowList(ctx);
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
  // Opening a sealed row costs more than reading it: once per batch.
  const known = new Map<string, TransportRow & { status: string }>();
  const opened = (row: (typeof transports)[number]) => {
    const transport = known.get(row.id) ?? toTransport(ctx, row);
    known.set(row.id, transport);
    return transport;
  };
  const captured = transports.find((row) => row.kind === 'inbox');
  const inbox = (): TransportRow => ({ id: captured?.id ?? 'transport_inbox', kind: 'inbox', rev: captured?.rev ?? 1n, config: null });
  return {
    senderOf: (message) => (message.sender_id === null ? (senders[0] ?? null) : (senders.find((s) => s.id === message.sender_id) ?? null)),
    sender: (id) => senders.find((s) => s.id === id) ?? null,
    transportOf: (sender) => {
      if (ctx.mode === 'sandbox') return { ...inbox(), status: captured?.status ?? 'active' };
      const row = transports.find((t) => t.id === sender.transportId) ?? transports[0];
      return row ? opened(row) : null;
    },
    inbox,
    allows: (address) => isAllowed(allowed, address),
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
  return { id: row.id, kind: row.kind as TransportKind, rev: row.rev, config: openConfig(ctx.app, row), status: row.status };
}
