/** Links that mails carry: signed, without expiry, leading to a page of ours that decides at click time (F8, U8, C5). */
import type { App } from '../kit/context.ts';
import { sameBytes } from '../kit/secrets.ts';

export type LinkKind = 'pay' | 'receipt';
export type LinkTarget = {
  organizationId: string;
  environmentId: string;
  kind: LinkKind;
  invoiceId: string;
  customerId: string;
  messageId: string;
};

const LETTERS: Record<LinkKind, string> = { pay: 'p', receipt: 'r' };
/** 132 bits of the MAC. */
const MAC_CHARACTERS = 22;
const TOKEN = /^([pr])([0-9a-z]{26})([0-9a-z]{26})([A-Za-z0-9_-]{22})$/;

/** The address of a link page. It names ids only, never an address or an amount. */
export function linkUrl(app: App, target: LinkTarget): string {
  const { config } = app;
  const base = config.publicUrl ?? `http://${config.host}:${config.port}`;
  return `${base}/l/${LETTERS[target.kind]}${suffix(target.environmentId)}${suffix(target.messageId)}${mac(app, target)}`;
}

/** What a token claims to be, unproven: the message must be read and `provesLink` asked before anything is shown. */
export function readToken(token: string): { kind: LinkKind; environmentId: string; messageId: string; mac: string } | null {
  const match = TOKEN.exec(token);
  if (!match) return null;
  return {
    kind: match[1] === 'p' ? 'pay' : 'receipt',
    environmentId: `environment_${match[2]}`,
    messageId: `message_${match[3]}`,
    mac: match[4]!,
  };
}

/** Whether the token was made by us for exactly this target. */
export function provesLink(app: App, target: LinkTarget, claimed: string): boolean {
  return sameBytes(Buffer.from(mac(app, target)), Buffer.from(claimed));
}

function mac(app: App, t: LinkTarget): string {
  const text = [t.organizationId, t.environmentId, t.kind, t.invoiceId, t.customerId, t.messageId].join('\n');
  return Buffer.from(app.secrets.digest('mail_link', text)).toString('base64url').slice(0, MAC_CHARACTERS);
}

const suffix = (id: string) => id.slice(id.lastIndexOf('_') + 1);
