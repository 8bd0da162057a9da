/** What carries mail away (email.md 11). Adapters live in providers/mail; only messages/deliver.ts may call one (V7). */
import type { Ctx } from '../kit/context.ts';
import { definePort } from '../kit/ports.ts';

export type OutgoingMail = {
  messageId: string;
  /** `<message id.generation@from-domain>`, without the angle brackets. */
  mimeMessageId: string;
  from: { name: string; address: string };
  replyTo: string | null;
  to: string;
  subject: string;
  html: string;
  text: string;
  /** Names and values that passed our header grammar. */
  headers: Record<string, string>;
  /** Business time of the mail. */
  date: Temporal.Instant;
};

export type SendAnswer =
  | { kind: 'accepted'; providerId: string }
  | { kind: 'rejected'; permanent: true; code: string; text: string }
  /** The provider said no for now, or nothing was fully written: safe to try again. */
  | { kind: 'throttled'; retryAfterMs: number; code: string }
  /** Fully written, and no answer from the provider itself. */
  | { kind: 'uncertain'; phase: string; text: string }
  /** Wrong credentials, unknown host, unverified sender: the queue waits, no message fails (D2). */
  | { kind: 'paused'; code: string; text: string };

export type TransportCapabilities = { idempotency: boolean };

export type MailTransport = {
  capabilities: TransportCapabilities;
  /** How many sends may run at once. */
  parallel: number;
  send(mail: OutgoingMail, a: { signal: AbortSignal; idempotencyKey: string }): Promise<SendAnswer>;
  /** Whether it answers and takes our credentials; the text says what is wrong. */
  verify(): Promise<{ ok: true } | { ok: false; code: string; text: string }>;
};

export type TransportKind = 'inbox' | 'smtp';
export type SmtpConfig = { host: string; port: number; tls: 'none' | 'starttls' | 'tls'; user?: string; password?: string };
export type TransportRow = { id: string; kind: TransportKind; rev: bigint; config: SmtpConfig | null };

/** Opens transports; the same row and revision answers the same pooled transport. */
export type MailTransports = { open(ctx: Ctx, row: TransportRow): MailTransport; close(): Promise<void> };

export const MailTransportsPort = definePort<MailTransports>('mail_transports');

/** Where the Mailbox's own listener is; doors/mailbox binds it when it listens. */
export type MailboxAddress = { host: string; port: number };
export const MailboxAddressPort = definePort<MailboxAddress>('mailbox_address');
