import { invalidRequest, parameterMissing } from '../../kernel/errors.ts';
import type { Doc, Params, Tx } from '../../kernel/types.ts';
import { mergeMetadata } from '../../kernel/values.ts';
import { createDiscounts } from '../discounts/load.ts';
import { ownMethod } from '../subscription/draft.ts';
import { taxRates } from '../subscription/items.ts';
import { buildDraft, saveDraft, scheduleFinalization } from './draft.ts';
import { attachItems, pendingItems } from './items.ts';
import { recalculate } from './recalculate.ts';

/** A draft made by hand, from Stripe's own parameters. Nothing happens to it by itself unless `auto_advance` says so [S 3.5]. Emits invoice.created. */
export async function createInvoice(tx: Tx, params: Params): Promise<Doc> {
  if (params.customer === undefined) throw parameterMissing('customer');
  const customer = await tx.require('customer', params.customer, { param: 'customer' });
  const subscription =
    params.subscription === undefined ? null : await tx.require('subscription', params.subscription, { param: 'subscription' });
  const currency = (params.currency ?? subscription?.currency ?? customer.currency ?? tx.account.settings.currency).toLowerCase();
  const now = tx.now(customer);
  checkDue(params);
  const invoice = await buildDraft(tx, {
    customer,
    subscription,
    currency,
    billingReason: 'manual',
    lines: [],
    period: { start: now, end: now },
    autoAdvance: params.auto_advance ?? false,
    collectionMethod: params.collection_method ?? subscription?.collection_method ?? 'charge_automatically',
    daysUntilDue: params.days_until_due ?? null,
    discounts: [],
    fields: {
      ...(await chosenFields(tx, params, customer)),
      default_tax_rates:
        params.default_tax_rates === undefined
          ? (subscription?.default_tax_rates ?? [])
          : await taxRates(tx, params.default_tax_rates, 'default_tax_rates'),
    },
  });
  if (params.discounts !== undefined) invoice.discounts = await createDiscounts(tx, { given: params.discounts, target: { customer } });
  const wanted = params.pending_invoice_items_behavior ?? (subscription === null ? 'exclude' : 'include');
  if (wanted === 'include') {
    const of = { customer: customer.id, subscription: subscription?.id ?? null, currency, onlySubscription: subscription !== null };
    attachItems(tx, invoice, await pendingItems(tx, of));
    await recalculate(tx, invoice, customer);
  }
  if (params.automatically_finalizes_at !== undefined) await scheduleWish(tx, invoice, params.automatically_finalizes_at);
  else await saveDraft(tx, invoice, { immediate: false });
  return invoice;
}

/** `automatically_finalizes_at` set by hand: not delayed by endpoints that do not answer [S 3.5]. */
async function scheduleWish(tx: Tx, invoice: Doc, at: number): Promise<void> {
  if (!invoice.auto_advance)
    throw invalidRequest('`automatically_finalizes_at` can only be set when `auto_advance` is true.', {
      param: 'automatically_finalizes_at',
    });
  if (at <= tx.now(invoice))
    throw invalidRequest('`automatically_finalizes_at` must be in the future.', { param: 'automatically_finalizes_at' });
  invoice._finalizes_at_wish = true;
  scheduleFinalization(tx, invoice, at);
  await saveDraft(tx, invoice, { immediate: true });
}

async function chosenFields(tx: Tx, params: Params, customer: Doc): Promise<Params> {
  return {
    metadata: mergeMetadata({}, params.metadata),
    description: params.description ?? null,
    footer: params.footer ?? null,
    custom_fields: params.custom_fields || null,
    statement_descriptor: params.statement_descriptor ?? null,
    effective_at: params.effective_at ?? null,
    number: params.number ?? null,
    due_date: params.due_date ?? null,
    default_payment_method: await ownMethod(tx, params.default_payment_method, customer),
    ...(params.issuer === undefined ? {} : { issuer: params.issuer }),
  };
}

function checkDue(params: Params): void {
  const sent = params.collection_method === 'send_invoice';
  if (!sent && (params.days_until_due !== undefined || params.due_date !== undefined)) {
    throw invalidRequest('You can only specify `due_date` or `days_until_due` if `collection_method` is `send_invoice`.', {
      param: params.due_date === undefined ? 'days_until_due' : 'due_date',
    });
  }
  if (sent && params.days_until_due === undefined && params.due_date === undefined) {
    throw invalidRequest('If `collection_method` is set to `send_invoice`, you must specify either `days_until_due` or `due_date`.', {
      param: 'days_until_due',
    });
  }
}
