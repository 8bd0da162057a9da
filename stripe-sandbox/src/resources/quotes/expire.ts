import type { Doc, Tx } from '../../kernel/types.ts';

/** A quote that nobody accepted is canceled at `expires_at` [DTS]. */
export function scheduleExpiry(tx: Tx, quote: Doc): void {
  tx.cancelTimers(quote.id, 'quote_expire');
  if (quote.status === 'draft' || quote.status === 'open')
    tx.schedule({ kind: 'quote_expire', ref: quote.id, dueAt: quote.expires_at, clock: quote._clock });
}

/** Draft or open → canceled. Emits quote.canceled. */
export function cancelQuote(tx: Tx, quote: Doc): void {
  quote.status = 'canceled';
  quote.status_transitions = { ...quote.status_transitions, canceled_at: tx.now(quote) };
  scheduleExpiry(tx, quote);
  tx.put(quote);
  tx.emit('quote.canceled', quote);
}

/** The timer. */
export async function expireQuote(tx: Tx, id: string): Promise<void> {
  const quote = await tx.get(id, { object: 'quote' });
  if (quote?.status === 'draft' || quote?.status === 'open') cancelQuote(tx, quote);
}
