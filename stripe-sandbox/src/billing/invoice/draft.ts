import { spend } from '../../kernel/limits.ts';
import type { Doc, Params, Tx } from '../../kernel/types.ts';
import { inheritedDiscounts, useCustomerDiscount } from '../discounts/of-customer.ts';
import { HOUR } from '../subscription/period.ts';
import { automaticTaxShape } from '../tax/index.ts';
import { addLines, type LineDraft } from './lines.ts';
import { recalculate } from './recalculate.ts';
import { customerRendering } from './rendering.ts';

const DAY = 86_400;

export type DraftInput = {
  customer: Doc;
  subscription: Doc | null;
  currency: string;
  billingReason: string;
  lines: LineDraft[];
  /** The time the invoice bills in arrears for [S 3.5]; both ends are the creation time where nothing was before. */
  period: { start: number; end: number };
  autoAdvance: boolean;
  collectionMethod: string;
  daysUntilDue: number | null;
  /** None: those of the customer. */
  discounts: string[];
  /** Any further Invoice fields. */
  fields?: Params;
};

/** A new draft with its lines and sums; not stored, nothing announced. */
export async function buildDraft(tx: Tx, input: DraftInput): Promise<Doc> {
  const invoice = tx.make('invoice', 'in', draftFields(tx, input), input.customer);
  if (invoice.from_invoice === null) invoice.rendering = await customerRendering(tx, invoice.rendering, input.customer);
  invoice.lines = { object: 'list', data: [], has_more: false, total_count: 0, url: `/v1/invoices/${invoice.id}/lines` };
  await copyCustomer(tx, invoice, input.customer);
  invoice.due_date = invoice.due_date ?? (input.daysUntilDue === null ? null : invoice.created + input.daysUntilDue * DAY);
  invoice.discounts = await inheritedDiscounts(tx, { own: invoice.discounts, customer: input.customer });
  addLines(tx, invoice, input.lines);
  await recalculate(tx, invoice, input.customer);
  return invoice;
}

/**
 * Stores a draft, announces it and, when it advances by itself, sets the hour after which it is finalized [S 3.5]. `immediate` is for
 * invoices that the same call goes on to finalize.
 */
export async function saveDraft(tx: Tx, invoice: Doc, options: { immediate: boolean }): Promise<void> {
  await countAgainstLimits(tx, invoice);
  if (options.immediate || !(await anyoneListens(tx))) invoice.webhooks_delivered_at = invoice.created;
  if (!options.immediate && invoice.auto_advance)
    scheduleFinalization(tx, invoice, invoice.created + tx.account.settings.draft_hours * HOUR);
  tx.put(invoice);
  tx.emit('invoice.created', invoice);
  await useCustomerDiscount(tx, invoice);
}

/** Ten new invoices a minute and twenty a day on one subscription, where limits are in force [S 3.9]. */
async function countAgainstLimits(tx: Tx, invoice: Doc): Promise<void> {
  const id = invoice.parent?.subscription_details?.subscription;
  const subscription = typeof id === 'string' ? await tx.get(id) : undefined;
  if (subscription === undefined) return;
  spend(tx, subscription, { name: 'invoices_per_minute', limit: tx.limits.invoicesPerMinute, seconds: 60 });
  spend(tx, subscription, { name: 'invoices_per_day', limit: tx.limits.invoicesPerDay, seconds: DAY });
}

/** Sets the instant at which a draft is finalized by itself. */
export function scheduleFinalization(tx: Tx, invoice: Doc, at: number): void {
  tx.cancelTimers(invoice.id, 'invoice_finalize');
  invoice.automatically_finalizes_at = at;
  if (invoice.collection_method === 'charge_automatically') invoice.next_payment_attempt = at;
  tx.schedule({ kind: 'invoice_finalize', ref: invoice.id, dueAt: at, clock: invoice._clock });
}

/** What an invoice freezes of its customer at finalization [S 3.5]. */
export async function copyCustomer(tx: Tx, invoice: Doc, customer: Doc): Promise<void> {
  invoice.customer_address = customer.address ?? null;
  invoice.customer_email = customer.email ?? null;
  invoice.customer_name = customer.business_name ?? customer.name ?? null;
  invoice.customer_phone = customer.phone ?? null;
  invoice.customer_shipping = customer.shipping ?? null;
  invoice.customer_tax_exempt = customer.tax_exempt ?? 'none';
  const taxIds = await tx.query({ object: 'tax_id', where: { customer: customer.id }, order: 'oldest' });
  invoice.customer_tax_ids = taxIds.map((taxId) => ({ type: taxId.type, value: taxId.value }));
}

function draftFields(tx: Tx, input: DraftInput): Params {
  const { subscription, customer } = input;
  const settings = tx.account.settings;
  return {
    account_country: settings.country,
    account_name: settings.name,
    amount_due: 0,
    amount_overpaid: 0,
    amount_paid: 0,
    amount_remaining: 0,
    amount_shipping: 0,
    attempt_count: 0,
    attempted: false,
    account_tax_ids: subscription?.invoice_settings?.account_tax_ids ?? null,
    auto_advance: input.autoAdvance,
    automatic_tax: automaticTaxShape(subscription?.automatic_tax?.enabled === true),
    billing_reason: input.billingReason,
    collection_method: input.collectionMethod,
    currency: input.currency,
    // What the subscription says goes before what the customer's invoices always say.
    custom_fields: subscription?.invoice_settings?.custom_fields ?? customer.invoice_settings?.custom_fields ?? null,
    customer: customer.id,
    default_payment_method: null,
    default_tax_rates: subscription?.default_tax_rates ?? [],
    description: subscription?.invoice_settings?.description ?? subscription?.description ?? null,
    discounts: input.discounts,
    footer: subscription?.invoice_settings?.footer ?? customer.invoice_settings?.footer ?? null,
    from_invoice: null,
    hosted_invoice_url: null,
    invoice_pdf: null,
    issuer: { type: 'self' },
    parent: subscription === null ? null : subscriptionParent(subscription),
    payment_settings: { default_mandate: null, payment_method_options: null, payment_method_types: null },
    period_end: input.period.end,
    period_start: input.period.start,
    post_payment_credit_notes_amount: 0,
    pre_payment_credit_notes_amount: 0,
    rendering:
      subscription === null ? { amount_tax_display: null, pdf: { page_size: 'auto' }, template: null, template_version: null } : null,
    starting_balance: 0,
    status: 'draft',
    status_transitions: { finalized_at: null, marked_uncollectible_at: null, paid_at: null, voided_at: null },
    subtotal: 0,
    subtotal_excluding_tax: 0,
    test_clock: customer.test_clock ?? null,
    total: 0,
    total_discount_amounts: [],
    total_excluding_tax: 0,
    total_pretax_credit_amounts: [],
    total_taxes: [],
    _days_until_due: input.daysUntilDue,
    ...(input.fields ?? {}),
  };
}

/** The `parent` of a subscription's invoice; its metadata is a copy of that moment. */
export function subscriptionParent(subscription: Doc): Params {
  return {
    quote_details: null,
    subscription_details: { metadata: { ...subscription.metadata }, subscription: subscription.id },
    type: 'subscription_details',
  };
}

/** `webhooks_delivered_at` is set at once when no endpoint is there to be asked [DTS]. */
async function anyoneListens(tx: Tx): Promise<boolean> {
  const endpoints = await tx.query({ object: 'webhook_endpoint', where: { status: 'enabled' } });
  return endpoints.some((endpoint) => endpoint.enabled_events.includes('*') || endpoint.enabled_events.includes('invoice.created'));
}
