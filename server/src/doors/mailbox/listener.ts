/** The Mailbox's SMTP listener (B1): takes mail from Billow and from the user's own programs, keeps it, and never relays. */
import type { AddressInfo } from 'node:net';
import { SMTPServer, type SMTPServerDataStream, type SMTPServerSession } from 'smtp-server';
import { captureMail, MailboxAddressPort } from '../../emails/index.ts';
import type { App } from '../../kit/context.ts';

const MAX_BYTES = 10 * 1024 * 1024;
const MAX_CLIENTS = 100;
const MAX_RECIPIENTS = 100;

export type MailboxListener = { host: string; port: number; close(): Promise<void> };

/** Listens and tells the rest of the process where (port 0 takes a free one). */
export async function startMailbox(app: App, a: { host: string; port: number }): Promise<MailboxListener> {
  const server = new SMTPServer({
    banner: 'Billow Mailbox',
    size: MAX_BYTES,
    maxClients: MAX_CLIENTS,
    authOptional: true,
    allowInsecureAuth: true,
    disabledCommands: ['STARTTLS'],
    disableReverseLookup: true,
    logger: false,
    // The user name only names the environment; the listener is reachable from this host alone.
    onAuth: (auth, _session, done) => done(null, { user: auth.username ?? '' }),
    onRcptTo: (_address, session, done) =>
      done(session.envelope.rcptTo.length >= MAX_RECIPIENTS ? refusal(452, 'Too many recipients') : null),
    onData: (stream, session, done) => {
      receive(app, stream, session).then(
        (error) => done(error),
        (error: unknown) => {
          app.log.error('mailbox_failed', { error });
          done(refusal(451, 'The mail could not be kept, try again later'));
        },
      );
    },
  });
  server.on('error', (error) => app.log.warn('mailbox_client_failed', { error }));
  await new Promise<void>((resolve, reject) => {
    server.once('error', reject);
    server.listen(a.port, a.host, () => resolve());
  });
  const address = { host: a.host, port: (server.server.address() as AddressInfo).port };
  app.ports.bind(MailboxAddressPort, address);
  return { ...address, close: () => new Promise((resolve) => server.close(() => resolve())) };
}

async function receive(app: App, stream: SMTPServerDataStream, session: SMTPServerSession): Promise<Error | null> {
  const chunks: Buffer[] = [];
  for await (const chunk of stream) chunks.push(chunk as Buffer);
  if (stream.sizeExceeded) return refusal(552, 'The mail is larger than 10 MB');
  const from = session.envelope.mailFrom === false ? '' : session.envelope.mailFrom.address;
  const to = session.envelope.rcptTo.map((recipient) => recipient.address);
  const kept = await captureMail(app, {
    userName: session.user ?? null,
    from,
    to,
    raw: Buffer.concat(chunks).toString('utf8').replaceAll('\u0000', ''),
  });
  return kept ? null : refusal(550, 'There is no environment to keep this mail');
}

function refusal(responseCode: number, message: string): Error {
  return Object.assign(new Error(message), { responseCode });
}
