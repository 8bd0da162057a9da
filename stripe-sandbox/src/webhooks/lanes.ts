/** Deliveries of one batch: a lane per endpoint keeps its order, lanes run side by side, results are written a few at a time. */
import type { DeliveryEffect } from '../faults/rules.ts';
import type { Services } from '../kernel/services.ts';
import type { Doc } from '../kernel/types.ts';
import type { Deliver } from '../ports.ts';
import { type DeliveryRow, type EventRow, emptyBatch, type ObjectRow, type StoreReads } from '../store/port.ts';
import { type Attempt, attemptDelivery } from './attempt.ts';
import { noteHealth } from './health.ts';

/** Endpoints served at the same time. */
const PARALLEL_ENDPOINTS = 8;
/** Attempts written together, and how long one may wait for the others. */
const RECORD_EVERY = 20;
const RECORD_AFTER_MS = 100;

/** One lane per endpoint keeps its order; lanes run side by side. */
export async function sendInLanes(sending: Sending, rows: DeliveryRow[]): Promise<void> {
  const lanes = new Map<string, DeliveryRow[]>();
  for (const row of rows) lanes.set(row.endpoint, [...(lanes.get(row.endpoint) ?? []), row]);
  const waiting = [...lanes.values()];
  const worker = async (): Promise<void> => {
    for (let lane = waiting.shift(); lane !== undefined; lane = waiting.shift()) await sendLane(sending, lane);
  };
  await Promise.all(Array.from({ length: Math.min(PARALLEL_ENDPOINTS, waiting.length) }, worker));
}

export type Sending = { services: Services; deliver: Deliver };

/** Results are written a few at a time: a crash in between repeats deliveries, which receivers must bear anyway [S 3.8]. */
async function sendLane(sending: Sending, lane: DeliveryRow[]): Promise<void> {
  const { services } = sending;
  const results: DeliveryRow[] = [];
  let recorded = services.clock.now();
  const record = async (): Promise<void> => {
    const rows = results.splice(0);
    await recordAll(services, rows);
    await noteHealth(services, rows);
    recorded = services.clock.now();
  };
  const [first] = lane;
  if (first === undefined) return;
  const endpoint = await services.store.read((reads) => reads.object(first.endpointAccount, first.endpoint));
  const events = await loadEvents(services, lane);
  for (const row of lane) {
    results.push(await attemptOne(sending, row, { endpoint, event: events.get(row.event) }));
    if (results.length >= RECORD_EVERY || services.clock.now() - recorded > RECORD_AFTER_MS) await record();
  }
  await record();
}

/** The row as it is after one attempt. */
async function attemptOne(
  sending: Sending,
  row: DeliveryRow,
  of: { endpoint: ObjectRow | undefined; event: EventRow | undefined },
): Promise<DeliveryRow> {
  const { services } = sending;
  const { endpoint, event } = of;
  if (event === undefined || endpoint === undefined || endpoint.deleted || endpoint.doc.status !== 'enabled') {
    return after(services, row, { ok: false, status: null, body: 'The endpoint is gone or disabled.', durationMs: 0, final: true });
  }
  const facts = { account: row.account, event: row.eventType, endpoint: row.endpoint, object: row.objectId };
  const effects = [...services.faults.forDelivery(facts), ...knob(services, endpoint.doc)];
  const later = effects.find((effect): effect is Later => effect.kind === 'delay' || effect.kind === 'reorder');
  if (later !== undefined && row.attempts === 0) return postpone(services, row, later);
  return after(services, row, await attemptDelivery(sending, { row, event: event.doc, endpoint: endpoint.doc, effects }));
}

/** The endpoint's own order knob (control API): probabilities on top of the rules. */
function knob(services: Services, endpoint: Doc): DeliveryEffect[] {
  const settings = endpoint._delivery as
    | { drop?: number; duplicate?: number; delay?: { min: number; max: number }; shuffle?: number }
    | undefined;
  if (settings === undefined) return [];
  const effects: DeliveryEffect[] = [];
  if (settings.drop !== undefined && services.random.fraction() < settings.drop) effects.push({ kind: 'drop' });
  if (settings.duplicate !== undefined && services.random.fraction() < settings.duplicate) effects.push({ kind: 'duplicate', n: 1 });
  if (settings.delay !== undefined) effects.push({ kind: 'delay', ...settings.delay });
  if (settings.shuffle !== undefined) effects.push({ kind: 'reorder', window: settings.shuffle });
  return effects;
}

type Later = Extract<DeliveryEffect, { kind: 'delay' | 'reorder' }>;

/** Counts as tried, so that nobody waits for it: a delayed webhook is late on purpose. */
function postpone(services: Services, row: DeliveryRow, effect: Later): DeliveryRow {
  const range = effect.kind === 'delay' ? effect : { min: 0, max: effect.window };
  const wait = range.min + services.random.fraction() * (range.max - range.min);
  services.clock.after(wait + 1, () => services.committed({ account: row.account, events: 0, deliveries: 1, timers: 0, advancing: [] }));
  return { ...row, attempts: 1, dueAt: services.clock.now() + wait };
}

function after(services: Services, row: DeliveryRow, attempt: Attempt): DeliveryRow {
  const attempts = row.attempts + 1;
  const pause = services.retryAfterMs[attempts - 1];
  const failed = attempt.final === true || pause === undefined;
  const status = attempt.ok ? 'succeeded' : failed ? 'failed' : 'pending';
  const dueAt = status === 'pending' ? services.clock.now() + (pause ?? 0) : row.dueAt;
  return { ...row, attempts, dueAt, status, responseStatus: attempt.status, responseBody: attempt.body, durationMs: attempt.durationMs };
}

async function recordAll(services: Services, rows: DeliveryRow[]): Promise<void> {
  for (const account of new Set(rows.map((row) => row.account))) {
    await services.store.write(account, async (writes) => {
      const own = rows.filter((row) => row.account === account);
      const events = await eventsOf(writes, own);
      // An account that was reset in the meantime has no such event: its row must not come back.
      const deliveries = own.filter((row) => events.has(row.event));
      const changed = new Set<EventRow>();
      for (const row of deliveries) {
        const event = events.get(row.event)!;
        if (row.status !== 'succeeded') continue;
        event.doc.pending_webhooks = Math.max(0, event.doc.pending_webhooks - 1);
        changed.add(event);
      }
      await writes.commit({ ...emptyBatch(), deliveries, events: [...changed] });
    });
  }
}

/** A lane may carry events of several accounts (Connect endpoints). */
async function loadEvents(services: Services, lane: DeliveryRow[]): Promise<Map<string, EventRow>> {
  const found = new Map<string, EventRow>();
  for (const account of new Set(lane.map((row) => row.account))) {
    const own = await services.store.read((reads) =>
      eventsOf(
        reads,
        lane.filter((row) => row.account === account),
      ),
    );
    for (const [id, event] of own) found.set(id, event);
  }
  return found;
}

/** The events of deliveries of one account, by id. */
async function eventsOf(reads: StoreReads, rows: DeliveryRow[]): Promise<Map<string, EventRow>> {
  const ids = [...new Set(rows.map((row) => row.event))];
  const account = rows[0]?.account;
  if (account === undefined) return new Map();
  const events = await reads.events({ account, ids, order: 'oldest', limit: ids.length });
  return new Map(events.map((event) => [event.id, event]));
}
