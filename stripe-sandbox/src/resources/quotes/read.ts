import type { ApiRequest, Doc, Includable, ListAnswer } from '../../kernel/types.ts';
import { pageOf } from '../invoices/page.ts';
import type { QuoteLine } from './lines.ts';

/** One quote. */
export async function retrieve(rq: ApiRequest): Promise<Doc> {
  return rq.tx.require('quote', rq.path.id!);
}

/** Quotes, newest first. */
export async function list(rq: ApiRequest): Promise<ListAnswer> {
  const { params } = rq;
  return rq.tx.list(rq, {
    object: 'quote',
    where: { customer: params.customer, status: params.status },
    filter: (quote) => params.test_clock === undefined || quote.test_clock === params.test_clock,
    scoped: params.customer !== undefined || params.test_clock !== undefined,
  });
}

/** Everything the quote offers. */
export async function lineItems(rq: ApiRequest): Promise<ListAnswer> {
  const quote = await rq.tx.require('quote', rq.path.id!);
  return pageOf(rq, itemsOf(quote), `/v1/quotes/${quote.id}/line_items`);
}

/** What is due when it is accepted: all lines, the recurring ones too. */
export async function upfrontLineItems(rq: ApiRequest): Promise<ListAnswer> {
  const quote = await rq.tx.require('quote', rq.path.id!);
  return pageOf(rq, itemsOf(quote), `/v1/quotes/${quote.id}/computed_upfront_line_items`);
}

export const quoteIncludables: Record<string, Includable> = {
  line_items: async (_tx, quote) => {
    const data = itemsOf(quote);
    return { object: 'list', data: data.slice(0, 10), has_more: data.length > 10, url: `/v1/quotes/${quote.id}/line_items` };
  },
};

function itemsOf(quote: Doc): Doc[] {
  return (quote._lines as QuoteLine[]).map((line) => line.item);
}
