import { invalidRequest } from '../../kernel/errors.ts';
import type { ApiRequest, Plain } from '../../kernel/types.ts';
import { deletedAnswer } from '../../kernel/values.ts';

/** Deletes a clock with everything on it: timers, customers and what listens to `clock.deleted`. */
export async function deleteClock(rq: ApiRequest): Promise<Plain> {
  const { tx } = rq;
  const clock = await tx.require('test_helpers.test_clock', rq.path.test_clock!);
  if (clock._account_clock === true) throw invalidRequest("This is the account's own clock; it cannot be deleted.");
  for (const timer of await tx.timers(clock.id)) tx.cancelTimers(timer.ref, timer.kind);
  for (const customer of await tx.query({ object: 'customer', filter: (doc) => doc._clock === clock.id })) {
    await tx.announce('clock.deleted', { clock, customer });
    tx.remove(customer);
  }
  tx.emit('test_helpers.test_clock.deleted', clock);
  tx.remove(clock);
  return deletedAnswer(clock);
}
