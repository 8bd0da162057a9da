/** Events of a transaction: recorded with a snapshot at the moment they are emitted. */
import { clone, sameJson } from '../store/clone.ts';
import { buildEvent, carriesPrevious, difference, snapshotOf } from './event.ts';
import type { Services } from './services.ts';
import type { Doc, Params, Tx } from './types.ts';
import { clockColumn, type Entry, nextSeq, type View } from './view.ts';

const ID_LENGTH = 24;

export type Requester = { requestId: string | null; idempotencyKey: string | null };
export type NewEvent = { type: string; doc: Doc; previous: Params | undefined; request: Requester };

/** Stores the event; an `.updated` that changed nothing is not told, as at Stripe. */
export function recordEvent(services: Services, tx: Tx & { view: View }, event: NewEvent): void {
  const { view } = tx;
  if (!services.contract.isEventType(event.type)) throw new Error(`'${event.type}' is not an event type Stripe has.`);
  const entry = view.entries.get(event.doc.id);
  const snapshot = snapshotOf(event.doc);
  checkSnapshot(services, event.type, snapshot);
  const changes = event.previous ?? (carriesPrevious(event.type) ? changesOf(entry, snapshot) : undefined);
  // Stripe tells of no change that changed nothing.
  if (event.type.endsWith('.updated') && changes !== undefined && Object.keys(changes).length === 0) return;
  if (services.violations !== null && entry !== undefined && !entry.dirty && !sameJson(entry.baseline, entry.row.doc)) {
    services.violations([`event ${event.type}: ${event.doc.id} was changed but not put`]);
  }
  if (entry !== undefined) {
    entry.shown = snapshot;
    // Only the tests' check for forgotten puts looks at it again.
    if (services.violations !== null) entry.baseline = clone(event.doc);
  }
  const clock = clockColumn(view, event.doc._clock);
  const doc = buildEvent({
    id: `evt_${services.random.alphanumeric(ID_LENGTH)}`,
    created: tx.now({ _clock: clock }),
    apiVersion: view.account.apiVersion,
    ...event,
    snapshot,
    changes,
  });
  view.events.push({
    account: view.account.id,
    id: doc.id,
    seq: nextSeq(view),
    type: event.type,
    created: doc.created,
    recordedAt: services.clock.now(),
    objectId: typeof event.doc.id === 'string' ? event.doc.id : null,
    clock,
    doc,
  });
}

/** What differs from the object as last shown, or as loaded. */
function changesOf(entry: Entry | undefined, snapshot: Doc): Params | undefined {
  if (entry === undefined || entry.baseline === null) return entry?.shown ? difference(entry.shown, snapshot) : undefined;
  return difference(entry.shown ?? snapshotOf(entry.baseline), snapshot);
}

/** Test switch: the event must carry the object its type promises. `invoice.upcoming` has no id, which the types do not say. */
function checkSnapshot(services: Services, type: string, snapshot: Doc): void {
  if (services.violations === null || type === 'invoice.upcoming') return;
  const expected = services.contract.eventObject(type);
  const found = services.contract.check(snapshot, snapshot.object);
  if (expected !== null && expected !== snapshot.object) found.push(`carries a ${snapshot.object} instead of a ${expected}`);
  if (found.length > 0) services.violations(found.map((line) => `event ${type}: ${line}`));
}

/** Events exactly as given; without `deliver` nobody is told. */
export function loadEvents(services: Services, view: View, load: { events: Doc[]; deliver: boolean }): void {
  for (const doc of load.events) {
    const objectId = typeof doc.data?.object?.id === 'string' ? doc.data.object.id : null;
    const row = {
      account: view.account.id,
      id: doc.id,
      seq: nextSeq(view),
      type: doc.type,
      created: doc.created,
      recordedAt: services.clock.now(),
      objectId,
      clock: null,
      doc: clone(doc),
    };
    (load.deliver ? view.events : view.silentEvents).push(row);
  }
}
