/** How the portal spells plans, prices and states of a subscription. */
import { priceAmount } from '../../../billing/invoice/line-amounts.ts';
import type { Doc } from '../../../kernel/types.ts';
import { cadence, day, money } from '../../../pages/format.ts';
import { type Html, html } from '../../../pages/html.ts';

/** `Team plan, $25.00 every month`; further items are named too. */
export function planOf(subscription: Doc, names: Record<string, string>): string {
  const items: Doc[] = subscription.items.data;
  return items
    .map((item) => [names[item.price.product] ?? 'Subscription', priceOf(item.price, item.quantity ?? 1)].filter(Boolean).join(', '))
    .join(' and ');
}

/** `$25.00 every month`, or '' where the amount depends on usage. */
export function priceOf(price: Doc, quantity: number): string {
  if (price.unit_amount === null) return price.recurring === null ? '' : `every ${cadence(price.recurring)}`;
  const amount = money(priceAmount(price, quantity), price.currency);
  return price.recurring === null ? amount : `${amount} every ${cadence(price.recurring)}`;
}

/** When the present period ends: the latest of the items. */
export function periodEnd(subscription: Doc): number {
  return Math.max(...subscription.items.data.map((item: Doc) => item.current_period_end));
}

export function stateOf(subscription: Doc): Html {
  const { status } = subscription;
  const tone = status === 'active' || status === 'trialing' ? 'good' : 'warn';
  return html`<p><span class="status ${tone}">${status.replaceAll('_', ' ')}</span> ${nextOf(subscription)}</p>`;
}

function nextOf(subscription: Doc): string {
  const end = periodEnd(subscription);
  const ends: number | null = subscription.cancel_at ?? (subscription.cancel_at_period_end ? end : null);
  if (ends !== null) return `Ends on ${day(ends)}`;
  if (subscription.status === 'paused') {
    const resumes: number | undefined = subscription._portal_resume;
    return resumes === undefined ? 'Nothing is charged until it is resumed' : `Resumes on ${day(resumes)}`;
  }
  if (subscription.status === 'incomplete') return 'The first payment is still open: pay its invoice below';
  if (subscription.status === 'past_due' || subscription.status === 'unpaid') return 'The last payment failed: pay its invoice below';
  return `Renews on ${day(end)}`;
}

/** Whether the customer may still change or cancel it. */
export function isRunning(subscription: Doc): boolean {
  return ['active', 'trialing', 'past_due', 'unpaid'].includes(subscription.status);
}

export function isEnding(subscription: Doc): boolean {
  return subscription.cancel_at !== null || subscription.cancel_at_period_end === true;
}
