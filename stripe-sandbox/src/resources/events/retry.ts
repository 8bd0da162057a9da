import { invalidRequest, resourceMissing } from '../../kernel/errors.ts';
import type { Transaction } from '../../kernel/transaction.ts';
import type { ApiRequest, Doc } from '../../kernel/types.ts';
import type { DeliveryRow, EventRow } from '../../store/port.ts';
import { deliveryFor } from '../../webhooks/fan-out.ts';
import { isListener, liveListeners } from '../../webhooks/listeners.ts';

const MAX_DELIVERIES = 100;

/** Sends an event again, to one endpoint or to all that had it: fresh timestamp and signature, same body. */
export async function retryEvent(rq: ApiRequest): Promise<Doc> {
  const tx = rq.tx as Transaction;
  const id = rq.path.event!;
  const event = await tx.reads.event(rq.account.id, id);
  if (event === undefined) throw resourceMissing('event', id);
  const wanted = rq.params.webhook_endpoint as string | undefined;
  const known = await tx.reads.deliveries({ account: rq.account.id, event: id, limit: MAX_DELIVERIES });
  const rows = (await withListeners(tx, event, known)).filter((row) => wanted === undefined || row.endpoint === wanted);
  if (rows.length === 0 && wanted !== undefined) {
    const endpoint = await tx.require('webhook_endpoint', wanted, { param: 'webhook_endpoint' });
    rows.push(deliveryFor(event, { account: rq.account.id, doc: endpoint }, tx.transportNow()));
  }
  if (rows.length === 0) throw invalidRequest('No webhook endpoint listens to this event.', { param: 'webhook_endpoint' });
  for (const row of rows) tx.deliver({ ...row, attempts: 0, status: 'pending', dueAt: tx.transportNow() });
  return event.doc;
}

/** The endpoints that had the event, and whoever runs `stripe listen` now instead of those that did then. */
async function withListeners(tx: Transaction, event: EventRow, known: DeliveryRow[]): Promise<DeliveryRow[]> {
  const listeners = await liveListeners(tx);
  const now = listeners.map((doc) => deliveryFor(event, { account: tx.account.id, doc }, tx.transportNow()));
  return [...known.filter((row) => !isListener(row.endpoint)), ...now];
}
