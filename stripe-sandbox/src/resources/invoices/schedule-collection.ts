import type { Doc, Tx } from '../../kernel/types.ts';

const HOUR = 3600;

/** An open invoice that advances by itself is tried an hour after it was finalized [S 3.5]. */
export function scheduleCollection(tx: Tx, invoice: Doc): void {
  if (invoice.collection_method !== 'charge_automatically') return;
  const at = tx.now(invoice) + HOUR;
  invoice.next_payment_attempt = at;
  tx.put(invoice);
  tx.cancelTimers(invoice.id, 'payment_retry');
  tx.schedule({ kind: 'payment_retry', ref: invoice.id, dueAt: at, clock: invoice._clock });
}
