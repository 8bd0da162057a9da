/**
 * The full sweep (sync.md 11, reliability.md W5): everything the account holds is listed and compared, and what no list shows any more is asked
 * for by its id. What Stripe answers 404 or `deleted` to is marked gone. Everything is history: nobody is mailed.
 */
import { openOperatorTask } from '../../../accounts/index.ts';
import type { Ctx } from '../../../kit/context.ts';
import { transaction } from '../../../kit/database.ts';
import { isFailure } from '../failure.ts';
import { nextFetchSeq } from './fetch.ts';
import { load } from './load.ts';
import { record } from './record.ts';
import { noteUnchanged, unseenSince } from './remote-objects.ts';
import { SCANNED, type ScanCounts, scanAccount } from './scan.ts';
import { type Fetched, keyOf, type RemoteType, type Source } from './source.ts';
import { Unreadable } from './unreadable.ts';

/** Objects asked for between two commits. */
const BATCH = 100;
/** Requests on their way at once; the limiter of the connection spaces them. */
const AT_ONCE = 4;

/** Where a sweep stands; stored between its steps, so that a run that was cut goes on. */
export type SweepCursor = {
  /** Taken before the first list: what is met later has a higher number. */
  seq?: string | undefined;
  isListed?: boolean | undefined;
  refused?: RemoteType[] | undefined;
  /** The kind whose unseen objects are being asked for, and the last of them that was. */
  type?: RemoteType | undefined;
  after?: string | undefined;
};
export type SweepCounts = { checked: number; repaired: number; gone: number; errors: number };
export type SweepState = { cursor: SweepCursor; counts: SweepCounts };

/** Sweeps from where the state stands; `save` is told after each step. Throws StripeFailure where Stripe cannot be asked. */
export async function sweepAccount(source: Source, a: { state: SweepState; save(state: SweepState): Promise<void> }): Promise<SweepState> {
  const state = structuredClone(a.state);
  state.cursor.seq ??= (await nextFetchSeq(source)).toString();
  if (!state.cursor.isListed) {
    await listAll(source, state, a.save);
    await a.save(state);
  }
  const from = state.cursor.type === undefined ? 0 : SCANNED.indexOf(state.cursor.type);
  for (const type of SCANNED.slice(Math.max(0, from))) {
    if (state.cursor.refused?.includes(type)) continue;
    if (state.cursor.type !== type) Object.assign(state.cursor, { type, after: '' });
    await askForUnseen(source, { type, state, save: a.save });
  }
  return state;
}

async function listAll(source: Source, state: SweepState, save: (state: SweepState) => Promise<void>): Promise<void> {
  const { connection, ctx } = source;
  const refused = new Set<RemoteType>();
  let same = 0;
  const note = async (counts: ScanCounts) => {
    const { unreadable = 0, ...seen } = counts;
    const checked = Object.values(seen).reduce((sum, count) => sum + count, 0);
    Object.assign(state.counts, { checked, repaired: checked - same - unreadable, errors: unreadable });
    await save(state);
  };
  const counts = await scanAccount(source, {
    onPage: note,
    onRefused: (type) => refused.add(type),
    unchanged: async (page) => {
      const ids = await noteUnchanged(ctx, { connection, ...page });
      same += ids.size;
      return ids;
    },
  });
  await note(counts);
  Object.assign(state.cursor, { isListed: true, refused: [...refused] });
}

type Asking = { type: RemoteType; state: SweepState; save(state: SweepState): Promise<void> };

async function askForUnseen(source: Source, { type, state, save }: Asking): Promise<void> {
  const { ctx, connection } = source;
  const seq = BigInt(state.cursor.seq ?? 0);
  for (;;) {
    const ids = await unseenSince(ctx, { connection, type, seq, after: state.cursor.after ?? '', limit: BATCH });
    if (ids.length === 0) return;
    const answers = await askAll(source, { type, ids, state });
    await transaction(ctx, async (tx) => {
      for (const loaded of answers) {
        await record(tx, { connection, loaded, witness: HISTORY });
        await askPerson(tx, { connectionId: connection.id, fetched: loaded.at(-1) });
      }
    });
    state.counts.gone += answers.filter((loaded) => loaded.at(-1)?.deleted).length;
    state.cursor.after = ids.at(-1);
    await save(state);
  }
}

const HISTORY = { cause: null, witnessAt: null, silent: true } as const;

async function askAll(source: Source, a: { type: RemoteType; ids: string[]; state: SweepState }): Promise<Fetched[][]> {
  const waiting = [...a.ids];
  const answers = new Map<string, Fetched[]>();
  const worker = async () => {
    for (let id = waiting.shift(); id !== undefined; id = waiting.shift()) {
      const loaded = await loadOne(source, a, id);
      if (loaded !== null) answers.set(id, loaded);
    }
  };
  await Promise.all(Array.from({ length: AT_ONCE }, worker));
  return a.ids.flatMap((id) => (answers.has(id) ? [answers.get(id) as Fetched[]] : []));
}

/** Null where the object cannot be read, or not by us: then nothing is known about it, and nothing is written. */
async function loadOne(source: Source, a: { type: RemoteType; state: SweepState }, id: string): Promise<Fetched[] | null> {
  try {
    return await load(source, { type: a.type, id });
  } catch (error) {
    if (!(error instanceof Unreadable) && !isFailure(error, 'forbidden', 'invalid')) throw error;
    a.state.counts.errors += 1;
    source.ctx.log.warn('sweep_unreadable', {
      connection_id: source.connection.id,
      object_type: a.type,
      object_id: id,
      reason: error.message,
    });
    return null;
  }
}

/** Stripe deletes customers, products and drafts; that anything else is gone has a cause that a person has to find (`remote_missing`). */
const DELETED_AT_STRIPE: ReadonlySet<RemoteType> = new Set(['customer', 'product', 'price', 'invoice']);

async function askPerson(tx: Ctx, a: { connectionId: string; fetched: Fetched | undefined }): Promise<void> {
  if (!a.fetched?.deleted || DELETED_AT_STRIPE.has(a.fetched.type)) return;
  await openOperatorTask(tx, {
    kind: 'stripe_object_missing',
    severity: 'critical',
    objectType: a.fetched.type,
    objectId: a.fetched.id,
    dedupeKey: `stripe_object_missing:${a.connectionId}:${keyOf(a.fetched)}`,
    title: `Stripe does not know ${a.fetched.id} any more; here it stays as it was`,
    detail: { connection_id: a.connectionId },
  });
}
