import { expect, test } from 'vitest';
import { fine, smtpSink } from '../../../test/support/smtp-sink.ts';
import type { OutgoingMail } from '../../emails/index.ts';
import { smtpTransport } from './smtp.ts';

const at = (text: string) => Temporal.Instant.from(text);
const mail: OutgoingMail = {
  messageId: 'message_1',
  mimeMessageId: 'message_1.1@billow.test',
  from: { name: 'Acme', address: 'billing@billow.test' },
  replyTo: null,
  to: 'ada@example.org',
  subject: 'Grüße €',
  html: '<p>x</p>',
  text: 'x',
  headers: {},
  date: at('2026-01-01T00:00:00Z'),
};
const cases: [string, (command: string) => string | null, object][] = [
  ['accepted', fine, { kind: 'accepted' }],
  ['unknown recipient', (c) => (c === 'RCPT' ? '550 no such user' : fine(c)), { kind: 'rejected', code: '550' }],
  ['content refused', (c) => (c === '.' ? '554 no' : fine(c)), { kind: 'rejected', code: '554' }],
  ['greylisted', (c) => (c === 'RCPT' ? '451 later' : fine(c)), { kind: 'throttled', code: '451' }],
  ['busy after data', (c) => (c === '.' ? '452 full' : fine(c)), { kind: 'throttled', code: '452' }],
  ['lost before data', (c) => (c === 'MAIL' ? null : fine(c)), { kind: 'throttled' }],
  ['lost after data', (c) => (c === '.' ? null : fine(c)), { kind: 'uncertain', phase: 'after_data' }],
  [
    'sign-in refused',
    (c) => (c === 'EHLO' ? '250-sink\r\n250 AUTH PLAIN' : c === 'AUTH' ? '535 no' : fine(c)),
    { kind: 'paused', code: '535' },
  ],
];
for (const [name, reply, expected] of cases) {
  test(name, async () => {
    const sink = await smtpSink(reply);
    const transport = smtpTransport(
      { host: '127.0.0.1', port: sink.port, tls: 'none', ...(name === 'sign-in refused' ? { user: 'u', password: 'p' } : {}) },
      { idempotency: false },
    );
    expect(await transport.send(mail, { signal: AbortSignal.timeout(10_000), idempotencyKey: 'x' })).toMatchObject(expected);
    transport.close();
    await sink.close();
  });
}

test('[D1] what SMTP answers mean: nobody listens', async () => {
  const sink = await smtpSink(fine);
  await sink.close();
  const transport = smtpTransport({ host: '127.0.0.1', port: sink.port, tls: 'none' }, { idempotency: false });
  expect(await transport.send(mail, { signal: AbortSignal.timeout(10_000), idempotencyKey: 'x' })).toMatchObject({ kind: 'throttled' });
  transport.close();
});
