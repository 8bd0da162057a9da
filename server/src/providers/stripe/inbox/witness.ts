import type { Witness } from '../../../customers/index.ts';
import type { Connection } from '../connection/connection.ts';
import type { Envelope } from './envelope.ts';
import { listenedTo } from './events.ts';
import { envelopeOf, type InboxRow } from './queries.ts';

/** The event that is named as the cause of what changed, and what followers are told of it. */
export type Witnessed = { event: Envelope; witness: Witness };

/**
 * Of several events waiting for one object, the one that states a fact rather than accompanies it: the lowest in the table, then the newest.
 * Events from before the connection are history: they count only where nothing newer waits, and then change state without a word (M11).
 */
export function chooseWitness(connection: Pick<Connection, 'activatedAt'>, rows: readonly InboxRow[]): Witnessed {
  const isHistory = (event: Envelope) =>
    event.createdRemote !== null && Temporal.Instant.compare(event.createdRemote, connection.activatedAt) < 0;
  const ranked = rows
    .map((row) => ({ event: envelopeOf(row), sequence: row.sequence }))
    .sort(
      (a, b) =>
        Number(isHistory(a.event)) - Number(isHistory(b.event)) || rank(b.event) - rank(a.event) || (b.sequence > a.sequence ? 1 : -1),
    );
  const event = ranked[0]!.event;
  return { event, witness: { cause: event.eventId, witnessAt: event.createdRemote, silent: isHistory(event) } };
}

function rank(event: Envelope): number {
  return listenedTo(event.type)?.rank ?? -1;
}
