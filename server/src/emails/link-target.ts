/** What a link in a mail leads to, proven and read at click time (C5, M12). */
import { type App, type Ctx, contextFor } from '../kit/context.ts';
import { transaction } from '../kit/database.ts';
import { formatMoney } from '../kit/money.ts';
import { type LinkKind, provesLink, readToken } from './links.ts';
import { appendTimeline } from './messages/timeline.ts';
import { StripeMirrorPort } from './stripe-mirror.ts';

export type LinkPage = {
  kind: LinkKind;
  businessName: string;
  invoiceNumber: string;
  amount: string;
  isOpen: boolean;
  locale: string;
  follow(): Promise<string | null>;
};

/** The page of a token, or null for one that we did not make. Reading changes nothing; `follow` answers where the button leads, read from Stripe now. */
export async function findLink(app: App, token: string): Promise<LinkPage | null> {
  const claim = readToken(token);
  if (!claim) return null;
  const ctx = await contextFor(app, { environmentId: claim.environmentId, actor: 'system' }).catch(() => null);
  if (!ctx) return null;
  const message = await ctx.db
    .selectFrom('email_messages')
    .select(['id', 'customer_id', 'subject_type', 'subject_id', 'locale'])
    .where('environment_id', '=', ctx.environmentId)
    .where('id', '=', claim.messageId)
    .executeTakeFirst();
  if (message?.subject_type !== 'invoice') return null;
  const target = {
    organizationId: ctx.organizationId,
    environmentId: ctx.environmentId,
    kind: claim.kind,
    invoiceId: message.subject_id,
    customerId: message.customer_id,
    messageId: message.id,
  };
  if (!provesLink(app, target, claim.mac)) return null;
  const invoice = await ctx.db
    .selectFrom('invoices')
    .selectAll()
    .where('environment_id', '=', ctx.environmentId)
    .where('id', '=', message.subject_id)
    .where('customer_id', '=', message.customer_id)
    .executeTakeFirst();
  if (!invoice) return null;
  const brand = await ctx.db
    .selectFrom('brand_facts')
    .select('value')
    .where('environment_id', '=', ctx.environmentId)
    .where('key', '=', 'brand.name')
    .executeTakeFirst();
  const isOpen = invoice.status === 'finalized' && invoice.payment_status !== 'succeeded' && invoice.remaining_amount > 0n;
  const amount = claim.kind === 'pay' && isOpen ? invoice.remaining_amount : invoice.paid_amount;
  const locale = message.locale ?? 'en';
  return {
    kind: claim.kind,
    businessName: brand?.value ?? '',
    invoiceNumber: invoice.number ?? '',
    amount: formatMoney({ amount, currency: invoice.currency }, locale),
    isOpen,
    locale,
    follow: () => follow(ctx, { messageId: message.id, kind: claim.kind, stripeInvoiceId: invoice.stripe_id }),
  };
}

async function follow(ctx: Ctx, a: { messageId: string; kind: LinkKind; stripeInvoiceId: string | null }): Promise<string | null> {
  const mirror = ctx.app.ports.find(StripeMirrorPort);
  const url = mirror && a.stripeInvoiceId ? await mirror.invoiceUrl(ctx, a.stripeInvoiceId) : null;
  if (url !== null)
    await transaction(ctx, (tx) => appendTimeline(tx, [{ messageId: a.messageId, kind: 'link_visited', detail: { link: a.kind } }]));
  return url;
}
