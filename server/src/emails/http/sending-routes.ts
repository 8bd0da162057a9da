import { z } from 'zod';
import { defineRoute, idParams, listOf, type Route } from '../../kit/http.ts';
import { ALLOW_LIST_MAX, readAllowList, saveAllowList } from '../senders/allow-list.ts';
import { checkDns } from '../senders/check-dns.ts';
import { listSenders } from '../senders/queries.ts';
import { changeSender, createSender } from '../senders/save-sender.ts';
import { senderSchema, wireSender } from '../senders/sender.ts';
import { confirmTestMail, sendTestMail } from '../senders/test-mail.ts';
import type { SendAnswer } from '../transport.ts';
import { checkTransport } from '../transports/failing.ts';
import { getTransport, listTransports } from '../transports/queries.ts';
import { changeTransport, createTransport, removeTransport } from '../transports/save-transport.ts';
import { smtpFields, transportSchema, wireTransport } from '../transports/transport.ts';

const tags = ['E-mail sending'];
/** Each opens a connection to another server. */
const CALLS_PER_MINUTE = 20;
const NAME_CHARS = 80;
const ADDRESS_CHARS = 320;
const CODE_CHARS = 20;
const SELECTOR = /^[a-z0-9](?:[a-z0-9._-]{0,61}[a-z0-9])?$/i;

const whole = <T>(data: T[]) => ({ object: 'list' as const, data, has_more: false, next_cursor: null });
const answerSchema = z.object({ ok: z.boolean(), code: z.string().nullable(), text: z.string().nullable() });

const transports = defineRoute({
  method: 'GET',
  path: '/v1/emails/transports',
  scope: 'senders:read',
  summary: 'List transports',
  description: 'What carries mail away. Every environment has captured mail; a sandbox has nothing else. All on one page.',
  tags,
  response: listOf(transportSchema),
  handler: async (ctx) => whole((await listTransports(ctx)).map((row) => wireTransport(ctx.app, row))),
});

const create = defineRoute({
  method: 'POST',
  path: '/v1/emails/transports',
  scope: 'senders:write',
  summary: 'Add an SMTP server',
  description: 'Its credentials are stored sealed and never shown again.',
  tags,
  status: 201,
  refusals: ['sandbox_captures_all_mail', 'tls_required', 'user_missing', 'too_many_transports'],
  body: z.object({
    kind: z.literal('smtp'),
    name: z.string().trim().min(1).max(NAME_CHARS),
    host: smtpFields.host,
    port: smtpFields.port,
    tls: smtpFields.tls,
    user: smtpFields.user.optional(),
    password: smtpFields.password.optional(),
    is_default: z.boolean().default(false).describe('Carries the mail of senders that name no transport.'),
  }),
  response: transportSchema,
  handler: async (ctx, { body }) => {
    const { name, host, port, tls, user, password } = body;
    const row = await createTransport(ctx, { name, config: { host, port, tls, user, password }, isDefault: body.is_default });
    return wireTransport(ctx.app, row);
  },
});

const get = defineRoute({
  method: 'GET',
  path: '/v1/emails/transports/{id}',
  scope: 'senders:read',
  summary: 'Read a transport',
  tags,
  params: idParams,
  response: transportSchema,
  handler: async (ctx, { params }) => wireTransport(ctx.app, await getTransport(ctx, params.id)),
});

const change = defineRoute({
  method: 'PATCH',
  path: '/v1/emails/transports/{id}',
  scope: 'senders:write',
  summary: 'Change a transport',
  description: 'Another server or user means that its senders have to be tested again. `paused` keeps its mail waiting.',
  tags,
  params: idParams,
  refusals: ['captured_mail_is_fixed', 'tls_required', 'user_missing'],
  body: z.object({
    name: z.string().trim().min(1).max(NAME_CHARS).optional(),
    host: smtpFields.host.optional(),
    port: smtpFields.port.optional(),
    tls: smtpFields.tls.optional(),
    user: smtpFields.user.optional(),
    password: smtpFields.password.optional(),
    status: z.enum(['active', 'paused']).optional(),
    is_default: z.literal(true).optional(),
  }),
  response: transportSchema,
  handler: async (ctx, { params, body }) => {
    const { host, port, tls, user, password } = body;
    const config = { host, port, tls, user, password };
    const defined = Object.fromEntries(Object.entries(config).filter(([, value]) => value !== undefined));
    const row = await changeTransport(ctx, params.id, {
      name: body.name,
      config: defined,
      isDefault: body.is_default,
      status: body.status,
    });
    return wireTransport(ctx.app, row);
  },
});

const remove = defineRoute({
  method: 'DELETE',
  path: '/v1/emails/transports/{id}',
  scope: 'senders:write',
  summary: 'Remove a transport',
  tags,
  params: idParams,
  refusals: ['captured_mail_is_fixed', 'transport_in_use'],
  response: z.object({ id: z.string(), deleted: z.literal(true) }),
  handler: async (ctx, { params }) => {
    await removeTransport(ctx, params.id);
    return { id: params.id, deleted: true as const };
  },
});

const verify = defineRoute({
  method: 'POST',
  path: '/v1/emails/transports/{id}/verify',
  scope: 'senders:write',
  summary: 'Ask a transport whether it takes us',
  description: 'Connects and signs in; sends nothing. A transport that failed and answers again works off what waited.',
  tags,
  params: idParams,
  rateLimit: CALLS_PER_MINUTE,
  body: z.object({}).optional(),
  response: answerSchema.extend({ transport: transportSchema }),
  handler: async (ctx, { params }) => {
    const verdict = await checkTransport(ctx, await getTransport(ctx, params.id));
    const transport = wireTransport(ctx.app, await getTransport(ctx, params.id));
    return verdict.ok ? { ok: true, code: null, text: null, transport } : { ok: false, code: verdict.code, text: verdict.text, transport };
  },
});

const senders = defineRoute({
  method: 'GET',
  path: '/v1/emails/senders',
  scope: 'senders:read',
  summary: 'List senders',
  description: 'From whom mail comes. All on one page.',
  tags,
  response: listOf(senderSchema),
  handler: async (ctx) => whole((await listSenders(ctx)).map(wireSender)),
});

const senderFields = {
  from_name: z.string().trim().min(1).max(NAME_CHARS),
  reply_to: z.string().max(ADDRESS_CHARS).nullable().optional(),
  dkim_selector: z
    .string()
    .regex(SELECTOR, 'Not a selector')
    .nullable()
    .optional()
    .describe('The name before `._domainkey` of your domain.'),
};

const addSender = defineRoute({
  method: 'POST',
  path: '/v1/emails/senders',
  scope: 'senders:write',
  summary: 'Add a sender',
  description: 'Pending until its test mail was received; in live its domain must name the mail server by SPF or DKIM as well.',
  tags,
  status: 201,
  refusals: ['invalid_address', 'reserved_domain', 'sender_exists', 'too_many_senders'],
  body: z.object({
    from_address: z.string().max(ADDRESS_CHARS),
    ...senderFields,
    transport_id: z.string().max(255),
    is_default: z.boolean().default(false),
  }),
  response: senderSchema,
  handler: async (ctx, { body }) => wireSender(await createSender(ctx, body)),
});

const updateSender = defineRoute({
  method: 'PATCH',
  path: '/v1/emails/senders/{id}',
  scope: 'senders:write',
  summary: 'Change a sender',
  description: 'Another address or transport has to be tested again.',
  tags,
  params: idParams,
  refusals: ['invalid_address', 'reserved_domain', 'sender_exists'],
  body: z.object({
    from_address: z.string().max(ADDRESS_CHARS).optional(),
    ...senderFields,
    from_name: senderFields.from_name.optional(),
    transport_id: z.string().max(255).optional(),
    is_default: z.literal(true).optional(),
    disabled: z.boolean().optional(),
  }),
  response: senderSchema,
  handler: async (ctx, { params, body }) => wireSender(await changeSender(ctx, params.id, body)),
});

const test = defineRoute({
  method: 'POST',
  path: '/v1/emails/senders/{id}/test',
  scope: 'senders:write',
  summary: 'Send a test mail',
  description: 'Goes out at once by the sender’s transport and carries a code. In test the address must be on the allow-list.',
  tags,
  params: idParams,
  rateLimit: CALLS_PER_MINUTE,
  refusals: ['invalid_address', 'sender_disabled', 'not_allow_listed', 'suppressed', 'no_transport', 'captured_mail_sends_nothing', 'held'],
  body: z.object({ to: z.string().max(ADDRESS_CHARS) }),
  response: answerSchema.extend({ sender: senderSchema }),
  handler: async (ctx, { params, body }) => {
    const { sender, answer } = await sendTestMail(ctx, { senderId: params.id, to: body.to });
    return { ...answerOf(answer), sender: wireSender(sender) };
  },
});

const confirm = defineRoute({
  method: 'POST',
  path: '/v1/emails/senders/{id}/confirm',
  scope: 'senders:write',
  summary: 'Say that the test mail arrived',
  description: 'The code in it, within a day and five tries.',
  tags,
  params: idParams,
  rateLimit: CALLS_PER_MINUTE,
  refusals: ['wrong_code', 'test_mail_needed'],
  body: z.object({ code: z.string().min(1).max(CODE_CHARS) }),
  response: senderSchema,
  handler: async (ctx, { params, body }) => wireSender(await confirmTestMail(ctx, { senderId: params.id, code: body.code })),
});

const check = defineRoute({
  method: 'POST',
  path: '/v1/emails/senders/{id}/check',
  scope: 'senders:write',
  summary: 'Look at a sender’s DNS records',
  description: 'SPF, DKIM, DMARC and MX of its domain, each with what was expected and what was found.',
  tags,
  params: idParams,
  rateLimit: CALLS_PER_MINUTE,
  refusals: ['dns_unreachable'],
  body: z.object({}).optional(),
  response: senderSchema,
  handler: async (ctx, { params }) => wireSender(await checkDns(ctx, params.id)),
});

const allowListSchema = z.object({ object: z.literal('mail_allow_list'), entries: z.array(z.string()) }).meta({ id: 'MailAllowList' });

const allowList = defineRoute({
  method: 'GET',
  path: '/v1/emails/allow_list',
  scope: 'senders:read',
  summary: 'Read whom a test environment may write to',
  tags,
  response: allowListSchema,
  handler: async (ctx) => ({ object: 'mail_allow_list' as const, entries: await readAllowList(ctx) }),
});

const setAllowList = defineRoute({
  method: 'PUT',
  path: '/v1/emails/allow_list',
  scope: 'senders:write',
  summary: 'Say whom a test environment may write to',
  description: 'Addresses, or domains for everybody there. Other mail is held and kept in the Mailbox.',
  tags,
  refusals: ['not_a_test_environment', 'invalid_entry'],
  body: z.object({ entries: z.array(z.string().max(ADDRESS_CHARS)).max(ALLOW_LIST_MAX) }),
  response: allowListSchema,
  handler: async (ctx, { body }) => ({ object: 'mail_allow_list' as const, entries: await saveAllowList(ctx, body.entries) }),
});

function answerOf(answer: SendAnswer): z.input<typeof answerSchema> {
  switch (answer.kind) {
    case 'accepted':
      return { ok: true, code: null, text: null };
    case 'throttled':
      return { ok: false, code: answer.code, text: 'The mail server asks to try again later.' };
    case 'uncertain':
      return { ok: false, code: 'uncertain', text: 'The mail server took the mail and did not answer: it may arrive.' };
    default:
      return { ok: false, code: answer.code, text: answer.text };
  }
}

export const sendingRoutes: readonly Route[] = [
  transports,
  create,
  get,
  change,
  remove,
  verify,
  senders,
  addSender,
  updateSender,
  test,
  confirm,
  check,
  allowList,
  setAllowList,
];
