/** Changes that wait for their payment: `payment_behavior: pending_if_incomplete` [S 3.2 Pending updates]. */
import { invalidRequest } from '../../kernel/errors.ts';
import type { Doc, Params, Tx } from '../../kernel/types.ts';
import { clone } from '../../store/clone.ts';
import { collectInvoice } from '../invoice/collect.ts';
import { saveDraft } from '../invoice/draft.ts';
import { finalizeInvoice } from '../invoice/finalize.ts';
import { voidInvoice } from '../invoice/void.ts';
import { subscriptionUpdated } from './announce.ts';
import { changeSubscription } from './changes.ts';
import { setFields } from './fields.ts';
import { HOUR } from './period.ts';
import { scheduleSubscription } from './schedule.ts';
import { emptyInvoice, fillInvoice, recordProrations } from './update.ts';

const LIFETIME = 23 * HOUR;
/** Anything else in such a call is refused. */
const ALLOWED = new Set([
  'add_invoice_items',
  'billing_cycle_anchor',
  'discounts',
  'expand',
  'items',
  'metadata',
  'off_session',
  'payment_behavior',
  'proration_behavior',
  'proration_date',
  'trial_end',
]);
/** What a change may have changed, put aside until it is paid. */
const KEPT = [
  'items',
  'billing_cycle_anchor',
  'billing_cycle_anchor_config',
  'trial_end',
  'trial_start',
  'discounts',
  'metadata',
  'status',
  '_debits',
  '_usage',
];

/** Only what can wait may be in the call, and only where Stripe collects by itself. */
export function checkPending(subscription: Doc, params: Params): void {
  if (subscription.collection_method === 'send_invoice')
    throw invalidRequest('Pending updates need `collection_method=charge_automatically`.', { param: 'payment_behavior' });
  const refused = Object.keys(params).find((name) => !ALLOWED.has(name));
  if (refused === undefined) return;
  throw invalidRequest(`\`${refused}\` cannot be updated together with \`payment_behavior=pending_if_incomplete\`.`, { param: refused });
}

/**
 * The payment of a change failed: the subscription stays as it was and shows `pending_update`; the invoice of the change stays open. Paying it
 * applies the change; after 23 hours, or at the next period or trial end, it expires.
 */
export async function keepPending(tx: Tx, input: { id: string; params: Params }): Promise<Doc> {
  const { params } = input;
  const subscription = await tx.require('subscription', input.id);
  const customer = await tx.require('customer', subscription.customer);
  await dropPending(tx, subscription, params);
  const changed = clone(subscription);
  await setFields(tx, { subscription: changed, customer, params });
  const change = await changeSubscription(tx, { subscription: changed, customer, params });
  const invoice = await emptyInvoice(tx, { subscription: changed, customer });
  subscription.latest_invoice = invoice.id;
  subscription.pending_update = shapeOf(tx, { subscription, changed, params });
  subscription._pending = { invoice: invoice.id };
  scheduleSubscription(tx, subscription);
  await subscriptionUpdated(tx, subscription);
  recordProrations(tx, { subscription: changed, change });
  await fillInvoice(tx, { subscription: changed, customer, invoice, change });
  subscription._pending = { invoice: invoice.id, ...Object.fromEntries(KEPT.map((name) => [name, changed[name]])) };
  tx.put(subscription);
  await saveDraft(tx, invoice, { immediate: true });
  invoice.auto_advance = false;
  await finalizeInvoice(tx, { invoice });
  if (invoice.status === 'open') await collectInvoice(tx, { invoice, attempt: 'automatic', offSession: params.off_session === true });
  return tx.require('subscription', subscription.id);
}

/** The invoice of a pending change is paid: the change happens. Emits customer.subscription.updated and .pending_update_applied. */
export async function applyPending(tx: Tx, subscription: Doc): Promise<void> {
  const { invoice: _invoice, ...kept } = subscription._pending;
  Object.assign(subscription, kept);
  forget(subscription);
  scheduleSubscription(tx, subscription);
  await subscriptionUpdated(tx, subscription);
  tx.emit('customer.subscription.pending_update_applied', subscription);
}

/** Time is over, or the invoice was voided: the change is forgotten. Emits customer.subscription.updated and .pending_update_expired. */
export async function expirePending(tx: Tx, subscription: Doc): Promise<void> {
  const invoice = await tx.get(subscription._pending?.invoice ?? '', { object: 'invoice' });
  forget(subscription);
  if (invoice?.status === 'open') await voidInvoice(tx, { invoice, followSubscription: false });
  scheduleSubscription(tx, subscription);
  await subscriptionUpdated(tx, subscription);
  tx.emit('customer.subscription.pending_update_expired', subscription);
}

/** A new change of what is pending replaces it; its invoice is voided. */
export async function dropPending(tx: Tx, subscription: Doc, params: Params): Promise<void> {
  if (
    subscription.pending_update === null ||
    !['items', 'trial_end', 'billing_cycle_anchor', 'discounts'].some((name) => params[name] !== undefined)
  )
    return;
  const invoice = await tx.get(subscription._pending?.invoice ?? '', { object: 'invoice' });
  forget(subscription);
  if (invoice?.status === 'open') await voidInvoice(tx, { invoice, followSubscription: false });
}

function forget(subscription: Doc): void {
  subscription.pending_update = null;
  delete subscription._pending;
}

/** What Stripe shows of the change; `expires_at` is the earliest of 23 hours, the trial's end and the items' period ends. */
function shapeOf(tx: Tx, input: { subscription: Doc; changed: Doc; params: Params }): Params {
  const { subscription, changed, params } = input;
  const ends = subscription.items.data.map((item: Doc) => item.current_period_end);
  return {
    billing_cycle_anchor: params.billing_cycle_anchor === undefined ? null : changed.billing_cycle_anchor,
    cancel_at_period_end: null,
    discount: null,
    discounts: params.discounts === undefined ? null : changed.discounts,
    expires_at: Math.min(tx.now(subscription) + LIFETIME, ...ends),
    metadata: params.metadata === undefined ? null : changed.metadata,
    subscription_items: params.items === undefined ? null : clone(changed.items.data),
    trial_end: params.trial_end === undefined ? null : changed.trial_end,
    trial_from_plan: null,
  };
}
