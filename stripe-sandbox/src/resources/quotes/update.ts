import { invalidRequest } from '../../kernel/errors.ts';
import type { ApiRequest, Doc } from '../../kernel/types.ts';
import { scheduleExpiry } from './expire.ts';
import { setFields } from './fields.ts';

/** Changes a draft. Stripe tells no event of it. */
export async function update(rq: ApiRequest): Promise<Doc> {
  const quote = await rq.tx.require('quote', rq.path.id!);
  if (quote.status !== 'draft') throw invalidRequest(`A quote that is \`${quote.status}\` cannot be updated; only drafts can.`);
  if (rq.params.customer !== undefined && quote.customer !== null && rq.params.customer !== quote.customer)
    throw invalidRequest('The customer of a quote cannot be changed.', { param: 'customer' });
  await setFields(rq.tx, quote, rq.params);
  rq.tx.put(quote);
  scheduleExpiry(rq.tx, quote);
  return quote;
}
