/** The end of a transaction: every view's gatherings become one batch, and who works on rows is woken. */

import { sameJson } from '../store/clone.ts';
import { type Batch, emptyBatch, type IdempotencyRow, type StoreReads, type StoreWrites } from '../store/port.ts';
import { fanOut } from '../webhooks/fan-out.ts';
import { recordEvent } from './record-event.ts';
import type { Services } from './services.ts';
import type { Transaction } from './transaction.ts';
import { nextSeq } from './view.ts';

export type CommitExtra = { idempotency?: IdempotencyRow | undefined; deleteTimer?: { account: string; id: string } | undefined };

/** Writes what the views gathered. A transaction that may only read throws when something changed. */
export async function commitViews(
  services: Services,
  store: StoreReads | StoreWrites,
  views: { parts: Transaction[]; extra: CommitExtra },
): Promise<void> {
  const batch = emptyBatch();
  for (const part of views.parts) await collect(services, store, part, batch);
  const { idempotency, deleteTimer } = views.extra;
  if (idempotency !== undefined) batch.idempotency.push(idempotency);
  if (deleteTimer !== undefined) batch.deleteTimers.push(deleteTimer);
  if (isEmpty(batch)) return;
  if (!('commit' in store)) throw new Error(`A read-only request changed ${batch.objects.map((row) => row.id).join(', ')}.`);
  await store.commit(batch);
  // Who is woken reads at once, on a connection of its own: before the commit it would find nothing to do and never look again.
  store.afterCommit(() => announceCommit(services, batch));
}

/** Everything a view gathered, as rows; late events and fan-out happen here, so that they see the final objects. */
async function collect(services: Services, store: StoreReads, part: Transaction, batch: Batch): Promise<void> {
  const { view } = part;
  checkForgotten(services, part);
  for (const late of view.lateEvents.splice(0)) {
    recordEvent(services, part, { ...late, previous: undefined, request: { requestId: null, idempotencyKey: null } });
  }
  const account = view.account.id;
  batch.deliveries.push(...(await fanOut(services, store, part)), ...view.deliveries);
  const changed = [...view.entries.values()].filter((entry) => entry.dirty).map((entry) => entry.row);
  // Whoever remembers objects sees by the account's seq that one of them changed.
  if (changed.length > 0 && !view.accountDirty) nextSeq(view);
  batch.objects.push(...changed);
  batch.events.push(...view.events, ...view.silentEvents);
  batch.cancelTimers.push(...view.cancels.map((cancel) => ({ account, ...cancel })));
  batch.timers.push(...view.timers);
  batch.meterEvents.push(...view.meterEvents);
  batch.keys.push(...view.keys);
  batch.revokeKeys.push(...view.revoked);
  batch.accounts.push(...view.newAccounts);
  batch.objects.push(...view.newObjects);
  if (view.accountDirty) batch.accounts.push(view.account);
}

/** Wakes the sender and the clocks of every account the batch touched. */
function announceCommit(services: Services, batch: Batch): void {
  const accounts = new Set([...batch.events, ...batch.deliveries, ...batch.timers].map((row) => row.account));
  for (const account of accounts) {
    const own = (rows: { account: string }[]) => rows.filter((row) => row.account === account).length;
    const advancing = batch.events
      .filter((row) => row.account === account && row.type === 'test_helpers.test_clock.advancing')
      .map((row) => row.objectId!);
    services.committed({ account, events: own(batch.events), deliveries: own(batch.deliveries), timers: own(batch.timers), advancing });
  }
}

/** Test switch: a working copy that was changed and never put is a handler's mistake. */
function checkForgotten(services: Services, part: Transaction): void {
  if (services.violations === null) return;
  const forgotten = [...part.view.entries.values()].filter(
    (entry) => !entry.dirty && entry.baseline !== null && !sameJson(entry.row.doc, entry.baseline),
  );
  if (forgotten.length > 0) services.violations(forgotten.map((entry) => `${entry.row.id} was changed but not put`));
}

function isEmpty(batch: Batch): boolean {
  return Object.values(batch).every((rows) => rows.length === 0);
}
