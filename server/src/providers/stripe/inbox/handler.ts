import type { Ctx } from '../../../kit/context.ts';
import type { Fetched, RemoteType, Source, Target } from '../pull/source.ts';
import type { Envelope, EventObject } from './envelope.ts';

/** What became of a stored event (`inbox.outcome`). */
export type Outcome =
  | 'adopted'
  | 'no_change'
  | 'tombstone'
  | 'notify_only'
  | 'foreign'
  | 'wrong_mode'
  | 'unknown_type'
  | 'thin_event'
  | 'echo'
  | 'own_schedule'
  | 'conflict';

/** One event being worked on. */
export type Run = { source: Source; event: Envelope };

/** How one family of events is answered. Payloads are hints: what counts is read from Stripe. */
export type Handler = {
  /** What must be read again. Waiting events with the same target are settled by one read; null: the event stands for itself. */
  target(object: EventObject, previous: EventObject | null): Target | null;
  /** Reads from Stripe, parents before what depends on them. Runs outside any transaction. */
  load(run: Run & { target: Target | null }): Promise<Fetched[]>;
  /** For events that say something no object holds. Runs in the transaction that marks the event done. */
  record?(tx: Ctx, run: Run): Promise<Outcome>;
};

/** The object itself. */
export function itself(type: RemoteType) {
  return (object: EventObject): Target | null => named(type, object.id);
}

/** The object that a field of it names, by id or expanded. */
export function field(type: RemoteType, name: string) {
  return (object: EventObject): Target | null => named(type, object[name]);
}

/** A target by an id found in a payload; null where there is none. */
export function named(type: RemoteType, value: unknown): Target | null {
  const id = typeof value === 'object' && value !== null ? (value as { id?: unknown }).id : value;
  return typeof id === 'string' && id !== '' ? { type, id } : null;
}
