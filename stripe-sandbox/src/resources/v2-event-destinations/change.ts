import { resourceMissing } from '../../kernel/errors.ts';
import { thinView } from '../../kernel/thin.ts';
import type { Transaction } from '../../kernel/transaction.ts';
import type { ApiRequest, Doc, Plain } from '../../kernel/types.ts';
import { mergeMetadata } from '../../kernel/values.ts';
import { PING } from '../../webhooks/fan-out.ts';
import { checkUrl } from '../webhook-endpoints/url.ts';
import { checkEvents } from './create.ts';
import { viewOf } from './view.ts';

const OBJECT = 'v2.core.event_destination';

export async function find(rq: ApiRequest): Promise<Doc> {
  const destination = await rq.tx.get(rq.path.id!, { object: OBJECT });
  if (destination === undefined) throw resourceMissing('event destination', rq.path.id!);
  return destination;
}

/** Changes name, description, events, metadata and address; type and payload stay. */
export async function updateDestination(rq: ApiRequest): Promise<Doc> {
  const { params } = rq;
  const destination = await find(rq);
  if (params.enabled_events !== undefined) {
    checkEvents(rq, destination.event_payload, params.enabled_events);
    destination.enabled_events = params.enabled_events;
  }
  if (params.webhook_endpoint !== undefined) {
    checkUrl(params.webhook_endpoint.url);
    destination.webhook_endpoint = { url: params.webhook_endpoint.url };
  }
  destination.name = params.name ?? destination.name;
  destination.description = params.description ?? destination.description;
  destination.metadata = mergeMetadata(destination.metadata, params.metadata);
  return changed(rq, destination);
}

/** Nothing is sent any more; deliveries that wait fail. */
export async function disableDestination(rq: ApiRequest): Promise<Doc> {
  const destination = await find(rq);
  destination.status = 'disabled';
  destination.status_details = { disabled: { reason: 'user' } };
  return changed(rq, destination);
}

export async function enableDestination(rq: ApiRequest): Promise<Doc> {
  const destination = await find(rq);
  destination.status = 'enabled';
  delete destination.status_details;
  return changed(rq, destination);
}

export async function deleteDestination(rq: ApiRequest): Promise<Plain> {
  const destination = await find(rq);
  rq.tx.remove(destination);
  return { id: destination.id, object: OBJECT };
}

/** Sends this destination, and no other, an event of its own. */
export async function pingDestination(rq: ApiRequest): Promise<Doc> {
  const tx = rq.tx as Transaction;
  const { id } = await find(rq);
  const event = tx.emitThin({ type: PING, related: { id, type: OBJECT, url: `/v2/core/event_destinations/${id}` } });
  return thinView(tx.contract, { id: event.id, type: PING, created: tx.now(), objectId: id, doc: event });
}

function changed(rq: ApiRequest, destination: Doc): Doc {
  destination.updated = rq.tx.now();
  rq.tx.put(destination);
  return viewOf(destination, rq.params.include);
}
