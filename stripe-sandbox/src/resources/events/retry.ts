import { invalidRequest, resourceMissing } from '../../kernel/errors.ts';
import type { Transaction } from '../../kernel/transaction.ts';
import type { ApiRequest, Doc } from '../../kernel/types.ts';
import type { DeliveryRow, EventRow } from '../../store/port.ts';
import { deliveryFor } from '../../webhooks/fan-out.ts';
import { isListener, liveListeners } from '../../webhooks/listeners.ts';

const MAX_DELIVERIES = 100;

/** Sends an event again, to one endpoint, to those who run `stripe listen` now, or to all that had it: fresh timestamp and signature, same body. */
export async function retryEvent(rq: ApiRequest): Promise<Doc> {
  const tx = rq.tx as Transaction;
  const id = rq.path.event!;
  const event = await tx.reads.event(rq.account.id, id);
  if (event === undefined) throw resourceMissing('event', id);
  const wanted = rq.params.webhook_endpoint as string | undefined;
  const rows = wanted === undefined ? await takers(tx, event, rq.params.for_stripecli === true) : [await oneTaker(tx, event, wanted)];
  for (const row of rows) tx.deliver({ ...row, attempts: 0, status: 'pending', dueAt: tx.transportNow() });
  return event.doc;
}

async function oneTaker(tx: Transaction, event: EventRow, wanted: string): Promise<DeliveryRow> {
  const [known] = await tx.reads.deliveries({ account: tx.account.id, event: event.id, endpoint: wanted, limit: 1 });
  if (known !== undefined) return known;
  const doc = await tx.require('webhook_endpoint', wanted, { param: 'webhook_endpoint' });
  return deliveryFor(event, { account: tx.account.id, doc }, tx.transportNow());
}

/** The endpoints that had the event, and whoever listens now instead of those that did then. */
async function takers(tx: Transaction, event: EventRow, onlyListeners: boolean): Promise<DeliveryRow[]> {
  const listeners = await liveListeners(tx);
  const now = listeners.map((doc) => deliveryFor(event, { account: tx.account.id, doc }, tx.transportNow()));
  if (onlyListeners && now.length === 0) {
    throw invalidRequest('Nobody listens to this account: start `stripe listen` first.', { param: 'for_stripecli' });
  }
  const known = onlyListeners ? [] : await tx.reads.deliveries({ account: tx.account.id, event: event.id, limit: MAX_DELIVERIES });
  const rows = [...known.filter((row) => !isListener(row.endpoint)), ...now];
  if (rows.length === 0) throw invalidRequest('No webhook endpoint listens to this event.', { param: 'webhook_endpoint' });
  return rows;
}
