/** R6: which template, which text and why, for a customer, a subscription or an invoice. Writes nothing. */
import type { Ctx } from '../../kit/context.ts';
import { notFound, refuse } from '../../kit/errors.ts';
import { triggerSpec } from '../facts/triggers.ts';
import { guard } from '../messages/guards.ts';
import { readBrand } from '../messages/material.ts';
import { loadRecords, type Records, type Subject } from '../queries/records.ts';
import { addressHash, blockedBy, suppressedAddresses } from '../suppressions/suppressed.ts';
import { approvedVersions, chooseVersion, localeChain, type VersionRow } from '../templates/versions.ts';
import { chooseRoute, type Level } from './choose-route.ts';
import { type RouteRow, readRoutingTable } from './routes-table.ts';

export type Resolution = {
  trigger: string;
  variant: string;
  levels: Level[];
  route: RouteRow | null;
  locales: string[];
  version: VersionRow | null;
  class: string;
  suppressed: string | null;
  guard: string;
  subject: Subject;
};
export type ResolveInput = {
  trigger: string;
  variant?: string | undefined;
  customer?: string | undefined;
  subscription?: string | undefined;
  invoice?: string | undefined;
};

export async function resolveRoute(ctx: Ctx, a: ResolveInput): Promise<Resolution> {
  const spec = triggerSpec(a.trigger);
  if (!spec) refuse({ code: 'unknown_trigger', message: `There is no trigger "${a.trigger}".`, param: 'trigger' });
  const subject = await subjectOf(ctx, a);
  const records = (await loadRecords(ctx, [subject]))(subject);
  const table = await readRoutingTable(ctx);
  const choice = chooseRoute(table.routes, { trigger: a.trigger, records });
  const brand = await readBrand(ctx);
  const locales = localeChain(records.customer?.locale ?? null, brand.locale);
  const variant = a.variant ?? 'default';
  const templateId = choice.route && !choice.route.off ? choice.route.template_id : null;
  const version = templateId ? chooseVersion(await approvedVersions(ctx, [templateId]), { templateId, variant, locales }) : null;
  return {
    trigger: a.trigger,
    variant,
    levels: choice.tried,
    route: choice.route,
    locales,
    version,
    class: version?.class ?? spec.class,
    suppressed: await suppressedBy(ctx, records, spec.class),
    guard: guardOf(ctx, a.trigger, variant, records),
    subject,
  };
}

async function suppressedBy(ctx: Ctx, records: Records, messageClass: string): Promise<string | null> {
  const email = records.customer?.email;
  if (!email) return 'no_address';
  const hash = addressHash(ctx.app, ctx.environmentId, email);
  return blockedBy((await suppressedAddresses(ctx, [hash])).get(hash), messageClass);
}

function guardOf(ctx: Ctx, trigger: string, variant: string, records: Records): string {
  const date = trigger === 'trial.ending' ? records.subscription?.trial_end : records.subscription?.period_end;
  const occurrence = (date ?? ctx.clock.now()).toString({ smallestUnit: 'second' });
  const verdict = guard(
    { trigger, variant, occurrence, to_address: records.customer?.email ?? null, expires_at: null },
    records,
    ctx.clock.now(),
  );
  return verdict.kind === 'go' ? 'go' : verdict.reason;
}

async function subjectOf(ctx: Ctx, a: ResolveInput): Promise<Subject> {
  if (a.subscription !== undefined) return { type: 'subscription', ...(await find(ctx, 'subscriptions', a.subscription)) };
  if (a.invoice !== undefined) return { type: 'invoice', ...(await find(ctx, 'invoices', a.invoice)) };
  if (a.customer === undefined)
    refuse({ code: 'subject_missing', message: 'Name a customer, a subscription or an invoice.', param: 'customer' });
  const { customer } = a;
  const row = await ctx.db
    .selectFrom('customers')
    .select('id')
    .where('environment_id', '=', ctx.environmentId)
    .where((eb) => eb.or([eb('id', '=', customer), eb('stripe_id', '=', customer)]))
    .executeTakeFirst();
  if (!row) notFound('customer', customer);
  const latest = await ctx.db
    .selectFrom('subscriptions')
    .select('id')
    .where('environment_id', '=', ctx.environmentId)
    .where('customer_id', '=', row.id)
    .orderBy('created_at', 'desc')
    .orderBy('id', 'desc')
    .limit(1)
    .executeTakeFirst();
  return latest ? { type: 'subscription', id: latest.id, customerId: row.id } : { type: 'customer', id: row.id, customerId: row.id };
}

async function find(ctx: Ctx, table: 'subscriptions' | 'invoices', id: string): Promise<{ id: string; customerId: string }> {
  const row = await ctx.db
    .selectFrom(table)
    .select(['id', 'customer_id'])
    .where('environment_id', '=', ctx.environmentId)
    .where((eb) => eb.or([eb('id', '=', id), eb('stripe_id', '=', id)]))
    .executeTakeFirst();
  if (!row) notFound(table.slice(0, -1), id);
  return { id: row.id, customerId: row.customer_id };
}
