/** Reading the delivery log. */
import type { Ctx } from '../../kit/context.ts';
import { notFound } from '../../kit/errors.ts';
import type { MessageRow } from './settle.ts';

export type MessageFilter = {
  customer?: string | undefined;
  product?: string | undefined;
  plan?: string | undefined;
  trigger?: string | undefined;
  status?: string | undefined;
  template_version?: string | undefined;
  object?: string | undefined;
  to?: string | undefined;
  reason?: string | undefined;
  transport?: string | undefined;
  after?: string | undefined;
  before?: string | undefined;
};

/** What the log shows of a message, without its texts. */
const LOG_COLUMNS = [
  'id',
  'trigger',
  'variant',
  'locale',
  'template_id',
  'template_version_id',
  'route_id',
  'run_id',
  'customer_id',
  'stripe_customer_id',
  'subject_type',
  'subject_id',
  'subject_stripe_id',
  'stripe_product_id',
  'stripe_price_id',
  'product_id',
  'plan_id',
  'occurrence',
  'to_address',
  'class',
  'status',
  'reason',
  'generation',
  'subject',
  'transport_id',
  'attempts',
  'witness_event_id',
  'send_after',
  'expires_at',
  'sent_at',
  'created_at',
  'updated_at',
] as const;
export type LogRow = Pick<MessageRow, (typeof LOG_COLUMNS)[number]>;

/** Newest first; filters take our ids or Stripe's. Answers `limit + 1` rows. */
export async function listMessages(ctx: Ctx, a: MessageFilter & { limit: number; cursor?: string | undefined }): Promise<LogRow[]> {
  let q = ctx.db.selectFrom('email_messages').select(LOG_COLUMNS).where('environment_id', '=', ctx.environmentId);
  const { customer, product, plan, object } = a;
  if (customer !== undefined) q = q.where(customer.startsWith('cus_') ? 'stripe_customer_id' : 'customer_id', '=', customer);
  if (product !== undefined) q = q.where((eb) => eb.or([eb('stripe_product_id', '=', product), eb('product_id', '=', product)]));
  if (plan !== undefined) q = q.where((eb) => eb.or([eb('stripe_price_id', '=', plan), eb('plan_id', '=', plan)]));
  if (object !== undefined) q = q.where((eb) => eb.or([eb('subject_id', '=', object), eb('subject_stripe_id', '=', object)]));
  if (a.trigger !== undefined) q = q.where('trigger', '=', a.trigger);
  if (a.status !== undefined) q = q.where('status', 'in', a.status.split(','));
  if (a.template_version !== undefined) q = q.where('template_version_id', '=', a.template_version);
  if (a.to !== undefined) q = q.where('to_address', '=', a.to);
  if (a.reason !== undefined) q = q.where('reason', '=', a.reason);
  if (a.transport !== undefined) q = q.where('transport_id', '=', a.transport);
  if (a.after !== undefined) q = q.where('created_at', '>=', Temporal.Instant.from(a.after));
  if (a.before !== undefined) q = q.where('created_at', '<', Temporal.Instant.from(a.before));
  if (a.cursor !== undefined) q = q.where('id', '<', a.cursor);
  return q
    .orderBy('id', 'desc')
    .limit(a.limit + 1)
    .execute();
}

/** One message with its texts; refuses with 404. */
export async function getMessage(ctx: Ctx, id: string): Promise<MessageRow> {
  const row = await ctx.db
    .selectFrom('email_messages')
    .selectAll()
    .where('environment_id', '=', ctx.environmentId)
    .where('id', '=', id)
    .executeTakeFirst();
  return row ?? notFound('message', id);
}

/** The story of a message, in order. */
export async function timelineOf(ctx: Ctx, messageId: string) {
  return ctx.db
    .selectFrom('email_timeline')
    .select(['seq', 'kind', 'at', 'at_wall_at', 'detail', 'transport_id'])
    .where('environment_id', '=', ctx.environmentId)
    .where('message_id', '=', messageId)
    .orderBy('seq')
    .execute();
}

/** The message that a mail's Message-ID names; null for a mail that is not ours. */
export async function messageByMimeId(ctx: Ctx, mimeId: string): Promise<LogRow | null> {
  const id = /^<?(message_[0-9a-z]{26})\.\d+@/.exec(mimeId)?.[1];
  if (!id) return null;
  const row = await ctx.db
    .selectFrom('email_messages')
    .select(LOG_COLUMNS)
    .where('environment_id', '=', ctx.environmentId)
    .where('id', '=', id)
    .executeTakeFirst();
  return row ?? null;
}
