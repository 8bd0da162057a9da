import { invalidRequest } from '../../kernel/errors.ts';
import type { ApiRequest, Doc, Tx } from '../../kernel/types.ts';
import { cancelQuote, scheduleExpiry } from './expire.ts';
import { expiry } from './fields.ts';

const DIGITS = 4;
const PREFIX_LENGTH = 8;

/** Draft → open, with its number; a revision takes the place of the quote it revises. Emits quote.finalized. */
export async function finalize(rq: ApiRequest): Promise<Doc> {
  const { tx, params } = rq;
  const quote = await tx.require('quote', rq.path.id!);
  if (quote.status !== 'draft') throw invalidRequest(`A quote that is \`${quote.status}\` cannot be finalized.`);
  if (quote.customer === null) throw invalidRequest('A quote needs a customer before it is finalized.', { param: 'customer' });
  if (quote._lines.length === 0) throw invalidRequest('A quote needs line items before it is finalized.', { param: 'line_items' });
  if (params.expires_at !== undefined) quote.expires_at = expiry(tx, quote, params.expires_at);
  const revised = quote.from_quote?.is_revision === true ? await tx.get(quote.from_quote.quote, { object: 'quote' }) : undefined;
  quote.number = await nextNumber(tx, quote, revised);
  quote.status = 'open';
  quote.status_transitions = { ...quote.status_transitions, finalized_at: tx.now(quote) };
  scheduleExpiry(tx, quote);
  tx.put(quote);
  tx.emit('quote.finalized', quote);
  if (revised?.status === 'open') cancelQuote(tx, revised);
  return quote;
}

/** `QT-F5FD0419-0001-1`: the customer's prefix, the quote, its revision [OBS 2020-08-27]. */
async function nextNumber(tx: Tx, quote: Doc, revised: Doc | undefined): Promise<string> {
  const [base, revision] = /^(.*)-(\d+)$/.exec(revised?.number ?? '')?.slice(1) ?? [];
  if (base !== undefined) return `${base}-${Number(revision) + 1}`;
  const customer = await tx.require('customer', quote.customer);
  customer.invoice_prefix = customer.invoice_prefix ?? tx.secret(PREFIX_LENGTH).toUpperCase();
  tx.put(customer);
  const sequence = await tx.counter(`quote_number:${customer.id}`);
  return `QT-${customer.invoice_prefix}-${String(sequence).padStart(DIGITS, '0')}-1`;
}
