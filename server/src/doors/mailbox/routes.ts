/** Reading captured mail over the API (B3). */
import { z } from 'zod';
import { deleteMails, type FullMailRow, getMail, listMails, type MailRow, partsOfMail } from '../../emails/index.ts';
import type { Ctx } from '../../kit/context.ts';
import { defineRoute, idParams, listOf, listQuery, page, Reply, type Route } from '../../kit/http.ts';
import { isoSeconds } from '../../kit/time.ts';

const WAIT_MOST_SECONDS = 60;
const LOOK_AGAIN_MS = 100;
const tags = ['Mailbox'];

const mail = z
  .object({
    id: z.string(),
    message_id: z.string().nullable(),
    trigger: z.string().nullable(),
    customer_id: z.string().nullable(),
    from: z.string().nullable(),
    to: z.array(z.string()),
    subject: z.string().nullable(),
    received_at: z.string(),
    size: z.number().int(),
  })
  .meta({ id: 'CapturedMail' });

const fullMail = mail
  .extend({
    mime_message_id: z.string().nullable(),
    html: z.string().nullable(),
    text: z.string().nullable(),
    headers: z.array(z.object({ name: z.string(), value: z.string() })),
  })
  .meta({ id: 'CapturedMailWithParts' });

const query = listQuery.extend({
  to: z.string().optional().describe('Recipient address.'),
  trigger: z.string().optional(),
  flow: z.string().optional().describe('Key of the flow.'),
  customer: z.string().optional().describe("Our id or Stripe's."),
  subject: z.string().optional().describe('Part of the subject.'),
  after: z.string().optional().describe('Id of a mail: only later ones.'),
  wait: z.coerce.number().min(0).max(WAIT_MOST_SECONDS).default(0).describe('Seconds to wait for a first match.'),
});

export const routes: readonly Route[] = [
  defineRoute({
    method: 'GET',
    path: '/v1/mailbox/messages',
    scope: 'messages:read',
    summary: 'List captured mail',
    description: 'Newest first. With `wait` the answer comes with the first match, or empty when the time has passed.',
    tags,
    query,
    response: listOf(mail),
    handler: async (ctx, a) => {
      const rows = await waitForMails(ctx, a.query, a.request.signal);
      return page(rows, { limit: a.query.limit, cursorOf: (row) => row.id, toWire });
    },
  }),
  defineRoute({
    method: 'GET',
    path: '/v1/mailbox/messages/{id}',
    scope: 'messages:read',
    summary: 'Read a captured mail',
    tags,
    params: idParams,
    response: fullMail,
    handler: async (ctx, { params }) => toFull(await getMail(ctx, params.id)),
  }),
  part('html', 'text/html; charset=utf-8', async (row) => (await partsOfMail(row)).html ?? ''),
  part('text', 'text/plain; charset=utf-8', async (row) => (await partsOfMail(row)).text ?? ''),
  part('source', 'text/plain; charset=utf-8', async (row) => row.raw),
  defineRoute({
    method: 'DELETE',
    path: '/v1/mailbox/messages',
    scope: 'messages:write',
    summary: 'Empty the Mailbox',
    tags,
    response: z.object({ deleted: z.number().int() }),
    handler: async (ctx) => ({ deleted: await deleteMails(ctx) }),
  }),
];

async function waitForMails(ctx: Ctx, q: z.output<typeof query>, gone: AbortSignal): Promise<MailRow[]> {
  const until = ctx.machineClock.monotonicMs() + q.wait * 1000;
  for (;;) {
    const rows = await listMails(ctx, q);
    if (rows.length > 0 || gone.aborted || ctx.machineClock.monotonicMs() >= until) return rows;
    await ctx.machineClock.sleep(LOOK_AGAIN_MS, gone);
  }
}

/** A mail's own text is shown without any right: no script, no network, no frame of ours around it. */
function part(name: 'html' | 'text' | 'source', type: string, read: (row: FullMailRow) => Promise<string>): Route {
  return defineRoute({
    method: 'GET',
    path: `/v1/mailbox/messages/{id}/${name}`,
    scope: 'messages:read',
    summary: `The ${name} of a captured mail`,
    tags,
    params: idParams,
    handler: async (ctx, { params }) => {
      const row = await getMail(ctx, params.id);
      return new Reply({
        headers: {
          'content-type': type,
          'content-security-policy': "sandbox; default-src 'none'; style-src 'unsafe-inline'; img-src data:",
        },
        body: await read(row),
      });
    },
  });
}

function toWire(row: MailRow): z.input<typeof mail> {
  return {
    id: row.id,
    message_id: row.message_id,
    trigger: row.trigger,
    customer_id: row.customer_id,
    from: row.from_address,
    to: row.to_addresses,
    subject: row.subject,
    received_at: isoSeconds(row.received_at),
    size: row.size,
  };
}

async function toFull(row: FullMailRow): Promise<z.input<typeof fullMail>> {
  return { ...toWire(row), mime_message_id: row.mime_message_id, ...(await partsOfMail(row)) };
}
