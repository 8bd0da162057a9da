/** Mail over SMTP (email.md 11): pooled connections, and for each failure the honest answer whether the mail may have left. */
import { createRequire } from 'node:module';
import { Transform } from 'node:stream';
import type Nodemailer from 'nodemailer';
import type { MailTransport, OutgoingMail, SendAnswer, SmtpConfig } from '../../emails/index.ts';

const require = createRequire(import.meta.url);

const CONNECTIONS = 5;
const MESSAGES_PER_CONNECTION = 1_000;
const CONNECT_MS = 10_000;
const SOCKET_MS = 30_000;
const RETRY_AFTER_MS = 10_000;
const ANSWER_CHARS = 200;

type Pooled = ReturnType<typeof makePool>;

/** A pooled SMTP transport. `idempotency` is true only where the server keeps one mail per Message-ID. */
export function smtpTransport(config: SmtpConfig, a: { idempotency: boolean }): MailTransport & { close(): void } {
  const pool = makePool(config);
  watchProgress(pool as never);
  return {
    capabilities: { idempotency: a.idempotency },
    parallel: CONNECTIONS,
    send: (mail, { signal }) => send(pool, mail, signal),
    verify: async () => {
      try {
        await pool.verify();
        return { ok: true };
      } catch (error) {
        const { code, responseCode, text } = faultOf(error);
        // What something that is no mail server says to us is nobody's business: only real answers are repeated.
        return {
          ok: false,
          code,
          text: responseCode === null ? 'No mail server answers there as it should.' : text.slice(0, ANSWER_CHARS),
        };
      }
    },
    close: () => pool.close(),
  };
}

function makePool(config: SmtpConfig) {
  // Read with the first mail, not while the server starts.
  const nodemailer = require('nodemailer') as typeof Nodemailer;
  return nodemailer.createTransport({
    pool: true,
    host: config.host,
    port: config.port,
    secure: config.tls === 'tls',
    requireTLS: config.tls === 'starttls',
    ignoreTLS: config.tls === 'none',
    ...(config.user ? { auth: { user: config.user, pass: config.password ?? '' } } : {}),
    maxConnections: CONNECTIONS,
    maxMessages: MESSAGES_PER_CONNECTION,
    connectionTimeout: CONNECT_MS,
    greetingTimeout: CONNECT_MS,
    socketTimeout: SOCKET_MS,
    disableFileAccess: true,
    disableUrlAccess: true,
  });
}

async function send(pool: Pooled, mail: OutgoingMail, signal: AbortSignal): Promise<SendAnswer> {
  // Whether the whole text was handed to the socket: from then on a lost connection leaves us not knowing (M1, M2).
  const progress = { written: false };
  const sending = pool.sendMail(messageOf(mail, progress) as never).then(
    () => ({ kind: 'accepted' as const, providerId: mail.mimeMessageId }),
    (error: unknown) => answerOf(error, progress.written),
  );
  return Promise.race([sending, aborted(signal, progress)]);
}

function messageOf(mail: OutgoingMail, progress: { written: boolean }) {
  return {
    messageId: `<${mail.mimeMessageId}>`,
    date: new Date(mail.date.epochMilliseconds),
    from: { name: mail.from.name, address: mail.from.address },
    to: { name: '', address: mail.to },
    ...(mail.replyTo ? { replyTo: { name: '', address: mail.replyTo } } : {}),
    envelope: { from: mail.from.address, to: [mail.to] },
    subject: mail.subject,
    text: mail.text,
    html: mail.html,
    headers: mail.headers,
    disableFileAccess: true,
    disableUrlAccess: true,
    billowProgress: progress,
  };
}

/** Hands each text to the socket in one piece (line by line takes three times as long: no `newline` option), and notes that it did. */
function watchProgress(pool: { use(step: string, plugin: (mail: unknown, done: (error?: Error | null) => void) => void): unknown }): void {
  pool.use('stream', (mail, done) => {
    const { data, message } = mail as {
      data: { billowProgress?: { written: boolean } };
      message: { transform(make: () => Transform): void };
    };
    const progress = data.billowProgress;
    if (progress) message.transform(() => inOnePiece(progress));
    done();
  });
}

function inOnePiece(progress: { written: boolean }): Transform {
  const pieces: Buffer[] = [];
  const whole = new Transform({
    transform: (piece: Buffer, _encoding, done) => {
      pieces.push(piece);
      done();
    },
    flush: (done) => done(null, Buffer.concat(pieces)),
  });
  whole.on('end', () => {
    progress.written = true;
  });
  return whole;
}

function aborted(signal: AbortSignal, progress: { written: boolean }): Promise<SendAnswer> {
  return new Promise((resolve) => {
    const answer = () => resolve({ kind: 'uncertain', phase: progress.written ? 'after_data' : 'before_data', text: 'No answer in time' });
    if (signal.aborted) answer();
    else signal.addEventListener('abort', answer, { once: true });
  });
}

type Fault = { code: string; text: string; responseCode: number | null; command: string };

function faultOf(error: unknown): Fault {
  const e = error as { code?: unknown; message?: unknown; responseCode?: unknown; command?: unknown; response?: unknown };
  return {
    code: typeof e.responseCode === 'number' ? String(e.responseCode) : String(e.code ?? 'unknown'),
    text: String(e.response ?? e.message ?? error),
    responseCode: typeof e.responseCode === 'number' ? e.responseCode : null,
    command: String(e.command ?? ''),
  };
}

/** The class of a failure, by what the server said and how far we had come. */
function answerOf(error: unknown, written: boolean): SendAnswer {
  const { code, text, responseCode, command } = faultOf(error);
  const isAuth = (error as { code?: unknown }).code === 'EAUTH' || command.startsWith('AUTH');
  if (isAuth || responseCode === 530 || responseCode === 535) return { kind: 'paused', code, text };
  if (responseCode !== null && responseCode >= 500) return { kind: 'rejected', permanent: true, code, text };
  if (responseCode !== null && responseCode >= 400) return { kind: 'throttled', retryAfterMs: RETRY_AFTER_MS, code };
  if (written) return { kind: 'uncertain', phase: 'after_data', text };
  return { kind: 'throttled', retryAfterMs: RETRY_AFTER_MS, code };
}
