/** Fields of a customer that exist only when expanded. */
import type { Doc, Includable } from '../../kernel/types.ts';
import { embeddedList } from '../../kernel/values.ts';
import { cardView, sourcesOf } from '../sources/card.ts';

/** Stripe embeds at most ten; the rest is behind the list's own url. */
const EMBEDDED_LIMIT = 10;

export const customerIncludables: Record<string, Includable> = {
  tax_ids: async (tx, customer) =>
    listed(await tx.query({ object: 'tax_id', where: { customer: customer.id } }), `${path(customer)}/tax_ids`),
  subscriptions: async (tx, customer) => {
    const all = await tx.query({ object: 'subscription', where: { customer: customer.id } });
    const live = all.filter((subscription) => subscription.status !== 'canceled' && subscription.status !== 'incomplete_expired');
    return listed(live, `${path(customer)}/subscriptions`);
  },
  sources: async (tx, customer) => listed((await sourcesOf(tx, customer)).map(cardView), `${path(customer)}/sources`),
  invoice_credit_balance: async (_tx, customer) =>
    customer.balance === 0 || !customer.currency ? {} : { [customer.currency]: customer.balance },
  cash_balance: async () => null,
  tax: async (_tx, customer) => ({
    automatic_tax: customer.address?.country ? 'supported' : 'unrecognized_location',
    ip_address: customer._tax_ip ?? null,
    location: customer.address?.country
      ? { country: customer.address.country, source: 'billing_address', state: customer.address.state }
      : null,
    provider: 'stripe',
  }),
};

function path(customer: Doc): string {
  return `/v1/customers/${customer.id}`;
}

function listed(docs: Doc[], url: string) {
  return { ...embeddedList(docs.slice(0, EMBEDDED_LIMIT), url), has_more: docs.length > EMBEDDED_LIMIT, total_count: docs.length };
}
