import { invalidRequest } from '../../kernel/errors.ts';
import type { ApiRequest, Doc } from '../../kernel/types.ts';
import { cancelQuote } from './expire.ts';

/** Takes a draft or open quote back. */
export async function cancel(rq: ApiRequest): Promise<Doc> {
  const quote = await rq.tx.require('quote', rq.path.id!);
  if (quote.status !== 'draft' && quote.status !== 'open') throw invalidRequest(`A quote that is \`${quote.status}\` cannot be canceled.`);
  cancelQuote(rq.tx, quote);
  return quote;
}
