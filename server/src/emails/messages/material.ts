/** Gathers what facts are made of: brand constants, names and previews from Stripe, links. */
import type { Ctx } from '../../kit/context.ts';
import { type BrandFact, buildFacts } from '../facts/build.ts';
import { displayFacts } from '../facts/display.ts';
import type { Fact, TriggerSpec } from '../facts/fact.ts';
import { presentable } from '../facts/require.ts';
import { toRenderInput } from '../facts/to-render.ts';
import { type LinkKind, linkUrl } from '../links.ts';
import type { Records } from '../queries/records.ts';
import type { RenderInput } from '../render/marked.ts';
import { StripeMirrorPort } from '../stripe-mirror.ts';

export type Brand = { facts: BrandFact[]; locale: string; timeZone: string };
export type FactSubject = { id: string; trigger: string; variant: string; customer_id: string; witness_event_id: string | null };

/** The environment's brand constants, default language and time zone. */
export async function readBrand(ctx: Ctx): Promise<Brand> {
  const environment = await ctx.db
    .selectFrom('environments')
    .select(['time_zone', 'settings'])
    .where('id', '=', ctx.environmentId)
    .executeTakeFirst();
  const rows = await ctx.db
    .selectFrom('brand_facts')
    .select(['id', 'key', 'value'])
    .where('environment_id', '=', ctx.environmentId)
    .execute();
  const readAt = ctx.machineClock.now();
  const locale = (environment?.settings as { locale?: unknown } | undefined)?.locale;
  return {
    facts: rows.map((row) => ({ ...row, readAt })),
    locale: typeof locale === 'string' ? locale : 'en',
    timeZone: environment?.time_zone ?? 'UTC',
  };
}

export type FactRequest = {
  message: FactSubject;
  records: Records;
  spec: TriggerSpec;
  locale: string;
  brand: Brand;
  balance: bigint | null;
};

/** The facts of one message in a language, and their form for the renderer. Reads Stripe's names through the mirror; no transaction may be open. */
export async function factsFor(ctx: Ctx, a: FactRequest): Promise<{ facts: Fact[]; input: RenderInput }> {
  const { message, records, spec } = a;
  const mirror = ctx.app.ports.find(StripeMirrorPort);
  const productId =
    records.items.find((item) => item.kind === 'base')?.stripe_product_id ??
    records.items[0]?.stripe_product_id ??
    records.lines[0]?.stripe_product_id ??
    null;
  const product = mirror && productId && 'product.name' in spec.facts ? await mirror.product(ctx, productId) : null;
  const stripeSubscription = records.subscription?.stripe_id ?? null;
  const nextInvoice =
    mirror && stripeSubscription && 'next_invoice.amount' in spec.facts ? await mirror.nextInvoice(ctx, stripeSubscription) : null;
  const raw = buildFacts(spec, {
    records,
    variant: message.variant,
    witnessEventId: message.witness_event_id,
    brand: a.brand.facts,
    product,
    nextInvoice,
    openBalance: a.balance,
    links: { pay: linkOf(ctx, a, 'pay'), receipt: linkOf(ctx, a, 'receipt') },
    messageId: message.id,
    timeZone: records.customer?.time_zone ?? a.brand.timeZone,
    now: ctx.clock.now(),
  });
  const facts = displayFacts(raw, { schema: spec.facts, locale: a.locale });
  // What is required and unfit must be seen by the check; what is optional and unfit is left out of the text.
  const shown = presentable(facts, spec.facts, ctx.clock.now());
  return { facts, input: toRenderInput(shown, spec.facts) };
}

/** A link page exists for invoices that have a hosted page at Stripe. */
function linkOf(ctx: Ctx, a: FactRequest, kind: LinkKind): string | null {
  const invoice = a.records.invoice;
  if (!invoice?.stripe_id || !(`links.${kind}` in a.spec.facts)) return null;
  return linkUrl(ctx.app, {
    organizationId: ctx.organizationId,
    environmentId: ctx.environmentId,
    kind,
    invoiceId: invoice.id,
    customerId: a.message.customer_id,
    messageId: a.message.id,
  });
}
