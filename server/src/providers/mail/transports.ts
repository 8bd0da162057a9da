/** Opens transports and keeps their connections: one pool per row and revision. */
import { createHash } from 'node:crypto';
import { MailboxAddressPort, type MailTransport, type MailTransports, type SmtpConfig, type TransportRow } from '../../emails/index.ts';
import type { Ctx } from '../../kit/context.ts';
import { smtpTransport } from './smtp.ts';

type Open = MailTransport & { close(): void };

export function openTransports(): MailTransports {
  const open = new Map<string, Open>();
  return {
    open: (ctx, row) => {
      const config = row.kind === 'inbox' ? mailboxConfig(ctx) : row.config;
      if (!config) throw new Error(`The transport ${row.id} has no settings`);
      const key = keyOf(ctx, row, config);
      const known = open.get(key);
      if (known) return known;
      const transport = smtpTransport(config, { idempotency: row.kind === 'inbox' });
      open.set(key, transport);
      return transport;
    },
    close: async () => {
      for (const transport of open.values()) transport.close();
      open.clear();
    },
  };
}

/** Captured mail goes to the Mailbox's own listener, signed in as the environment. */
function mailboxConfig(ctx: Ctx): SmtpConfig {
  const address = ctx.app.ports.find(MailboxAddressPort) ?? { host: ctx.app.config.host, port: ctx.app.config.smtpPort };
  return { ...address, tls: 'none', user: ctx.environmentId, password: 'mailbox' };
}

function keyOf(ctx: Ctx, row: TransportRow, config: SmtpConfig): string {
  return createHash('sha256')
    .update(JSON.stringify([ctx.environmentId, row.id, row.rev.toString(), config]))
    .digest('hex');
}
