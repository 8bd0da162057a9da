import nodemailer from 'nodemailer';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { type RunningServer, startHttp } from '../../../test/support/http.ts';
import { MailboxAddressPort } from '../../emails/index.ts';

let s: RunningServer;
let smtp: { host: string; port: number };
beforeAll(async () => {
  s = await startHttp();
  smtp = s.server.app.ports.get(MailboxAddressPort);
});
afterAll(() => s?.close());

const send = (mail: { to: string; cc?: string; subject: string; text: string; html?: string }, user?: string) =>
  nodemailer
    .createTransport({ ...smtp, secure: false, ignoreTLS: true, ...(user ? { auth: { user, pass: 'any' } } : {}) })
    .sendMail({ from: 'app@example.org', ...mail });

test('[B1] [B3] mail of the user’s own program is kept, listed, searched, read in parts and deleted', async () => {
  const waiting = s.call('GET', '/v1/mailbox/messages?to=ada@example.org&wait=20');
  await send({
    to: 'Ada <ada@example.org>',
    cc: 'bob@example.org',
    subject: 'Grüße €',
    html: '<p>Hallo <b>Ada</b></p>',
    text: 'Hallo Ada',
  });
  const { status, body } = await waiting;
  expect(status).toBe(200);
  expect(body.data).toMatchObject([
    { subject: 'Grüße €', from: 'app@example.org', to: ['ada@example.org', 'bob@example.org'], trigger: null, message_id: null },
  ]);
  const { id } = body.data[0];
  expect((await s.call('GET', '/v1/mailbox/messages?subject=grüße')).body.data).toHaveLength(1);
  expect((await s.call('GET', '/v1/mailbox/messages?to=eve@example.org')).body.data).toEqual([]);
  expect((await s.call('GET', `/v1/mailbox/messages/${id}`)).body).toMatchObject({
    html: expect.stringContaining('<p>Hallo <b>Ada</b></p>'),
    text: expect.stringContaining('Hallo Ada'),
  });
  const html = await s.call('GET', `/v1/mailbox/messages/${id}/html`);
  expect(html.headers.get('content-security-policy')).toContain('sandbox');
  expect(html.body).toContain('<b>Ada</b>');
  expect((await s.call('GET', `/v1/mailbox/messages/${id}/source`)).body).toMatch(/^Subject: =\?UTF-8/im);
  expect((await s.call('DELETE', '/v1/mailbox/messages')).body).toEqual({ deleted: 1 });
  expect((await s.call('GET', `/v1/mailbox/messages/${id}`)).status).toBe(404);
});

test('[B1] the SMTP user names the environment, and one environment never sees another’s mail', async () => {
  const made = await s.call('POST', '/v1/environments', { name: 'Second', mode: 'sandbox' });
  const id = made.body.environment?.id ?? made.body.id;
  const key = made.body.api_key?.secret ?? made.body.api_key;
  await send({ to: 'second@example.org', subject: 'For the second', text: 'x' }, id);
  expect((await s.call('GET', '/v1/mailbox/messages')).body.data).toEqual([]);
  const second = await s.call('GET', '/v1/mailbox/messages', undefined, { key });
  expect(second.body.data).toMatchObject([{ subject: 'For the second' }]);
  expect((await s.call('GET', `/v1/mailbox/messages/${second.body.data[0].id}`)).status).toBe(404);
});

test('[B3] waiting ends by itself with an empty list', async () => {
  expect((await s.call('GET', '/v1/mailbox/messages?to=nobody@example.org&wait=0.3')).body).toMatchObject({ data: [], has_more: false });
});

test('[B1] a mail over 10 MB is refused', async () => {
  await expect(send({ to: 'big@example.org', subject: 'big', text: 'x'.repeat(11 * 1024 * 1024) })).rejects.toThrow(/552|size/i);
}, 60_000);
