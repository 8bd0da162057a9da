import { sql } from 'kysely';
import type { App } from '../../../kit/context.ts';
import { newId } from '../../../kit/ids.ts';
import { nextTurn } from '../../../kit/machine-clock.ts';
import { INSERT_BATCH_ROWS } from '../limits.ts';

/** A row for the inbox as a receiver or a poll hands it in. */
export type InboxInsert = {
  environmentId: string;
  connectionId: string;
  eventId: string;
  type: string;
  objectType: string | null;
  objectId: string | null;
  rootKey: string | null;
  account: string | null;
  livemode: boolean | null;
  apiVersion: string | null;
  createdRemote: Temporal.Instant | null;
  requestKey: string | null;
  raw: string;
  via: 'webhook' | 'poll';
  status: 'received' | 'ignored' | 'quarantined';
  outcome: string | null;
  error: unknown;
};

export type InboxWriter = {
  /** Resolves when the row is committed, or was already there. Rows handed in while a write is on its way share the next one. */
  write(row: InboxInsert): Promise<void>;
};

type Waiting = { row: InboxInsert; resolve: () => void; reject: (error: unknown) => void };

/** Group commit: at rest a row is written at once; under load many rows share one statement (performance.md, consequence 3). */
export function inboxWriter(app: App): InboxWriter {
  let waiting: Waiting[] = [];
  let isWriting = false;

  const flush = async (): Promise<void> => {
    isWriting = true;
    while (waiting.length > 0) {
      // The embedded database works within this very turn: without a pause no other delivery would be read before the row is written.
      await nextTurn();
      const batch = waiting.slice(0, INSERT_BATCH_ROWS);
      waiting = waiting.slice(INSERT_BATCH_ROWS);
      try {
        await insertRows(
          app,
          batch.map((one) => one.row),
        );
        for (const one of batch) one.resolve();
      } catch (error) {
        for (const one of batch) one.reject(error);
      }
    }
    isWriting = false;
  };
  return {
    write: (row) =>
      new Promise<void>((resolve, reject) => {
        waiting.push({ row, resolve, reject });
        if (!isWriting) void flush();
      }),
  };
}

/** Writes rows in one statement; a row whose event the connection already has changes nothing. Wakes the reader. Answers how many were new. */
export async function insertRows(app: App, rows: readonly InboxInsert[]): Promise<number> {
  if (rows.length === 0) return 0;
  const receivedAt = app.machineClock.now();
  const values = rows.map((row) => ({
    environment_id: row.environmentId,
    id: newId(app, 'inbox'),
    connection_id: row.connectionId,
    event_id: row.eventId,
    type: row.type,
    object_type: row.objectType,
    object_id: row.objectId,
    root_key: row.rootKey,
    account: row.account,
    livemode: row.livemode,
    api_version: row.apiVersion,
    created_remote: row.createdRemote,
    request_key: row.requestKey,
    raw: row.raw,
    via: row.via,
    status: row.status,
    outcome: row.outcome,
    error: row.error,
    done: row.status !== 'received',
  }));
  // One parameter for any number of rows: the statement is prepared once, whatever the size of the batch.
  const { rows: inserted } = await sql<{ environment_id: string; status: string }>`
    insert into inbox (environment_id, id, connection_id, event_id, type, object_type, object_id, root_key, account, livemode, api_version,
      created_remote, request_key, raw, via, status, outcome, error, received_wall_at, done_wall_at)
    select environment_id, id, connection_id, event_id, type, object_type, object_id, root_key, account, livemode, api_version,
      created_remote, request_key, raw, via, status, outcome, error, ${receivedAt}::timestamptz, case when done then ${receivedAt}::timestamptz end
    from json_to_recordset(${JSON.stringify(values)}::json) as row(environment_id text, id text, connection_id text, event_id text, type text,
      object_type text, object_id text, root_key text, account text, livemode boolean, api_version text, created_remote timestamptz,
      request_key text, raw text, via text, status text, outcome text, error jsonb, done boolean)
    on conflict (environment_id, connection_id, event_id) do nothing
    returning environment_id, status`.execute(app.db);
  for (const environmentId of new Set(inserted.filter((row) => row.status === 'received').map((row) => row.environment_id))) {
    app.wake(INBOX_QUEUE, environmentId);
  }
  return inserted.length;
}

/** Name under which the reader is woken. */
export const INBOX_QUEUE = 'stripe_inbox';
