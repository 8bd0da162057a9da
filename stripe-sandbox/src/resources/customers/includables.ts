import { balancesOf } from '../../billing/invoice/balance.ts';
/** Fields of a customer that exist only when expanded. */
import { locationOf } from '../../billing/tax/index.ts';
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
  invoice_credit_balance: async (_tx, customer) => balancesOf(customer),
  cash_balance: async () => null,
  tax: async (tx, customer) => {
    const located = await locationOf(tx, customer);
    return {
      automatic_tax: located === null ? 'unrecognized_location' : 'supported',
      ip_address: customer._tax_ip ?? null,
      location: located === null ? null : { country: located.location.country, source: located.source, state: located.location.state },
      provider: 'stripe',
    };
  },
};

function path(customer: Doc): string {
  return `/v1/customers/${customer.id}`;
}

function listed(docs: Doc[], url: string) {
  return { ...embeddedList(docs.slice(0, EMBEDDED_LIMIT), url), has_more: docs.length > EMBEDDED_LIMIT, total_count: docs.length };
}
