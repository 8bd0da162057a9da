/** Which endpoints get which event: delivery rows that commit with the change they report. */
import type { Contract } from '../contract/contract.ts';
import type { Services } from '../kernel/services.ts';
import { isThin, thinTypeOf } from '../kernel/thin.ts';
import type { Transaction } from '../kernel/transaction.ts';
import type { Doc } from '../kernel/types.ts';
import type { DeliveryRow, EventRow, ObjectRow, StoreReads } from '../store/port.ts';
import { hasListeners, LISTENER, liveListeners } from './listeners.ts';

const MAX_ENDPOINTS = 1000;
/** The one event a platform still gets after it was removed. */
const DEAUTHORIZED = 'account.application.deauthorized';
/** Told to the destination that was pinged, whatever it listens to. */
export const PING = 'v2.core.event_destination.ping';

/** Fills `pending_webhooks` and answers the delivery rows of the transaction's events. */
export async function fanOut(services: Services, store: StoreReads, tx: Transaction): Promise<DeliveryRow[]> {
  const { events } = tx.view;
  if (events.length === 0) return [];
  const endpoints = [...(await ownEndpoints(tx)), ...(await connectEndpoints(store, tx))];
  const destinations = await ownDestinations(tx);
  return events.flatMap((event) => {
    const takers = [
      ...endpoints.filter((endpoint) => takes(endpoint, event.type)),
      ...destinations.filter((destination) => reaches(services.contract, destination.doc, event)),
    ];
    event.doc.pending_webhooks = takers.length;
    return takers.map((endpoint) => deliveryFor(event, endpoint, services.clock.now()));
  });
}

type Endpoint = { account: string; doc: Doc; revoked?: boolean };

async function ownEndpoints(tx: Transaction): Promise<Endpoint[]> {
  const docs = await tx.query({ object: 'webhook_endpoint', where: { status: 'enabled' }, order: 'oldest' });
  const own = [...docs.filter((doc) => doc._connect !== true), ...(await liveListeners(tx))];
  return own.map((doc) => ({ account: tx.account.id, doc }));
}

/** Webhook endpoints get snapshots; one whose platform was removed gets the last goodbye. */
function takes(endpoint: Endpoint, type: string): boolean {
  return !isThin(type) && wants(endpoint.doc, type) && (endpoint.revoked !== true || type === DEAUTHORIZED);
}

async function ownDestinations(tx: Transaction): Promise<Endpoint[]> {
  const docs = await tx.query({ object: 'v2.core.event_destination', where: { status: 'enabled' }, order: 'oldest' });
  return docs.map((doc) => ({ account: tx.account.id, doc }));
}

/** A destination gets snapshots or thin events, as it chose; a ping only its own. */
function reaches(contract: Contract, destination: Doc, event: EventRow): boolean {
  if (event.type === PING) return event.objectId === destination.id;
  if (destination.event_payload === 'snapshot') return !isThin(event.type) && wants(destination, event.type);
  const type = thinTypeOf(contract, event.type);
  return type !== null && wants(destination, type);
}

/** Endpoints of platforms that this account is connected to, made with `connect: true`. */
async function connectEndpoints(store: StoreReads, tx: Transaction): Promise<Endpoint[]> {
  const installs = await tx.query({ object: 'sandbox.oauth_install' });
  const found: Endpoint[] = [];
  for (const install of installs) {
    const rows = await store.objects({
      account: install.platform,
      object: 'webhook_endpoint',
      where: { status: 'enabled' },
      order: 'oldest',
      limit: MAX_ENDPOINTS,
    });
    const listeners = await listenersOf(store, install.platform);
    found.push(
      ...[...rows.filter((row) => row.doc._connect === true), ...listeners].map((row) => ({
        account: row.account,
        doc: row.doc,
        revoked: install.revoked === true,
      })),
    );
  }
  return found;
}

/** A platform's `stripe listen` hears its connected accounts too. */
async function listenersOf(store: StoreReads, platform: string): Promise<ObjectRow[]> {
  const account = await store.account(platform);
  if (account === undefined || !hasListeners(account.counters)) return [];
  const where = { status: 'enabled' };
  return store.objects({ account: platform, object: LISTENER, where, order: 'oldest', limit: MAX_ENDPOINTS });
}

export function wants(endpoint: Doc, type: string): boolean {
  return endpoint.enabled_events.includes('*') || endpoint.enabled_events.includes(type);
}

export function deliveryFor(event: EventRow, to: Endpoint, dueAt: number): DeliveryRow {
  return {
    id: `${event.id}:${to.doc.id}`,
    account: event.account,
    event: event.id,
    eventSeq: event.seq,
    eventType: event.type,
    objectId: event.objectId,
    clock: event.clock,
    endpointAccount: to.account,
    endpoint: to.doc.id,
    attempts: 0,
    dueAt,
    status: 'pending',
    responseStatus: null,
    responseBody: null,
    durationMs: null,
  };
}
