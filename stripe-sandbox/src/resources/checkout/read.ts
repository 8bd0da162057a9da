import type { ApiRequest, Doc, Includable, ListAnswer } from '../../kernel/types.ts';
import { embeddedList } from '../../kernel/values.ts';
import { pageOf } from '../invoices/page.ts';
import type { Line } from './line-items.ts';

export async function retrieveSession(rq: ApiRequest): Promise<Doc> {
  return rq.tx.require('checkout.session', rq.path.id!);
}

/** Sessions, newest first. */
export async function listSessions(rq: ApiRequest): Promise<ListAnswer> {
  const { customer, payment_intent, payment_link: link, subscription, status, customer_details: details } = rq.params;
  return rq.tx.list(rq, {
    object: 'checkout.session',
    where: { customer, payment_intent, subscription, status },
    filter: (session) =>
      (details?.email === undefined || session.customer_details?.email === details.email) &&
      (link === undefined || session.payment_link === link),
    scoped: [customer, subscription, payment_intent, link].some((given) => given !== undefined),
  });
}

export async function listLineItems(rq: ApiRequest): Promise<ListAnswer> {
  const session = await retrieveSession(rq);
  return pageOf(rq, itemsOf(session), lineItemsUrl(session));
}

export const includeLineItems: Includable = async (_tx, session) => embeddedList(itemsOf(session), lineItemsUrl(session));

export function itemsOf(session: Doc): Doc[] {
  return (session._lines as Line[]).map((line) => line.item);
}

function lineItemsUrl(session: Doc): string {
  return `/v1/checkout/sessions/${session.id}/line_items`;
}
