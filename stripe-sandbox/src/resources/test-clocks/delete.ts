import { invalidRequest } from '../../kernel/errors.ts';
import type { ApiRequest, Doc, Plain, Timer, Tx } from '../../kernel/types.ts';
import { deletedAnswer } from '../../kernel/values.ts';

/** Deletes a clock with everything on it. */
export async function deleteClock(rq: ApiRequest): Promise<Plain> {
  const { tx } = rq;
  const clock = await tx.require('test_helpers.test_clock', rq.path.test_clock!);
  if (clock._account_clock === true) throw invalidRequest("This is the account's own clock; it cannot be deleted.");
  await removeClock(tx, clock);
  return deletedAnswer(clock);
}

/** A clock whose `deletes_after` has come; one that is advancing is left to end first. */
export async function deleteOldClock(tx: Tx, timer: Timer): Promise<void> {
  const clock = await tx.get(timer.ref);
  if (clock === undefined) return;
  if (clock.status === 'advancing') tx.schedule({ kind: timer.kind, ref: clock.id, dueAt: timer.dueAt + RETRY_SECONDS, clock: null });
  else await removeClock(tx, clock);
}

const RETRY_SECONDS = 3600;

/** Timers, customers and what listens to `clock.deleted` go with it. Emits test_helpers.test_clock.deleted. */
async function removeClock(tx: Tx, clock: Doc): Promise<void> {
  for (const timer of await tx.timers(clock.id)) tx.cancelTimers(timer.ref, timer.kind);
  tx.cancelTimers(clock.id);
  for (const customer of await tx.query({ object: 'customer', clock: clock.id })) {
    await tx.announce('clock.deleted', { clock, customer });
    tx.remove(customer);
  }
  tx.emit('test_helpers.test_clock.deleted', clock);
  tx.remove(clock);
}
