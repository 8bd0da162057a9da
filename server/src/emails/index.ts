export { defaultEmails } from './defaults/install.ts';
export { TRIGGERS, triggerSpec } from './facts/triggers.ts';
export { findLink, type LinkPage } from './link-target.ts';
export { type LinkKind, linkUrl } from './links.ts';
export { captureMail, type Incoming, trimMailbox } from './mailbox/capture.ts';
export { deleteMails, type FullMailRow, getMail, listMails, type MailParts, type MailRow, partsOfMail } from './mailbox/mails.ts';
export { messageByMimeId } from './messages/queries.ts';
export { room, stopEmails } from './room.ts';
export { type DomainRecords, DomainRecordsPort } from './senders/check-dns.ts';
export type { DnsRecord } from './senders/sender.ts';
export { type SoldProduct, type StripeMirror, StripeMirrorPort } from './stripe-mirror.ts';
export {
  MailboxAddressPort,
  type MailTransport,
  type MailTransports,
  MailTransportsPort,
  type OutgoingMail,
  type SendAnswer,
  type SmtpConfig,
  type TransportRow,
} from './transport.ts';
