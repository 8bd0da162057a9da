import type { Doc, Tx } from '../../kernel/types.ts';
import { buildDraft, saveDraft } from '../invoice/draft.ts';
import { attachItems, pendingItems } from '../invoice/items.ts';
import type { LineDraft } from '../invoice/lines.ts';
import { recalculate } from '../invoice/recalculate.ts';
import { billingOf } from './cycle.ts';
import { usageLines } from './metered.ts';

/**
 * What is still pending when a subscription ends goes on one last draft with its usage [S 3.6 (6)]; null when nothing is. An end that was planned
 * makes the draft for usage of nothing too, because late usage may still arrive in its hour.
 */
export async function finalInvoice(tx: Tx, subscription: Doc, options: { immediate: boolean }): Promise<Doc | null> {
  const customer = await tx.require('customer', subscription.customer);
  const pending = await pendingItems(tx, {
    customer: customer.id,
    subscription: subscription.id,
    currency: subscription.currency,
    onlySubscription: true,
  });
  const now = tx.now(subscription);
  const lines: LineDraft[] = [];
  for (const item of subscription.items.data) {
    const free = subscription.status === 'trialing';
    lines.push(...(await usageLines(tx, { subscription, item, to: now, free, skipEmpty: options.immediate || free })));
  }
  if (pending.length === 0 && lines.length === 0) return null;
  const start = Math.min(...subscription.items.data.map((item: Doc) => item.current_period_start));
  const invoice = await buildDraft(tx, {
    ...billingOf(subscription),
    customer,
    subscription,
    billingReason: options.immediate ? 'subscription_update' : 'subscription_cycle',
    lines,
    period: { start: Math.min(start, now), end: now },
  });
  invoice._final = true;
  attachItems(tx, invoice, pending);
  await recalculate(tx, invoice, customer);
  subscription.latest_invoice = invoice.id;
  await saveDraft(tx, invoice, { immediate: options.immediate });
  return invoice;
}
