import type { ApiRequest, Doc, Includable, ListAnswer } from '../../kernel/types.ts';
import { embeddedList } from '../../kernel/values.ts';
import type { Line } from '../checkout/line-items.ts';
import { pageOf } from '../invoices/page.ts';

export function retrievePaymentLink(rq: ApiRequest): Promise<Doc> {
  return rq.tx.require('payment_link', rq.path.id!);
}

/** Links, newest first. */
export function listPaymentLinks(rq: ApiRequest): Promise<ListAnswer> {
  return rq.tx.list(rq, { object: 'payment_link', where: { active: rq.params.active }, scoped: true });
}

export async function listLinkItems(rq: ApiRequest): Promise<ListAnswer> {
  const link = await retrievePaymentLink(rq);
  return pageOf(rq, itemsOf(link), urlOf(link));
}

export const includeLinkItems: Includable = async (_tx, link) => embeddedList(itemsOf(link), urlOf(link));

function itemsOf(link: Doc): Doc[] {
  return (link._lines as Line[]).map((line) => line.item);
}

function urlOf(link: Doc): string {
  return `/v1/payment_links/${link.id}/line_items`;
}
