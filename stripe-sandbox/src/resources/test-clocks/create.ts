import { invalidRequest } from '../../kernel/errors.ts';
import type { ApiRequest, Doc, Tx } from '../../kernel/types.ts';

/** Guide and API sample differ (30 and 7 days); the guide's figure [S 3.11]. */
const DAY = 86_400;
const LIFETIME_SECONDS = 30 * DAY;

/** Creates a clock frozen at `frozen_time` (past or future); with `customer`, an existing customer moves onto it for good. */
export async function createClock(rq: ApiRequest): Promise<Doc> {
  const { tx, params } = rq;
  const lifetime = tx.limits.clockLifetimeDays * DAY;
  await refuseTooMany(tx);
  const clock = tx.make('test_helpers.test_clock', 'clock', {
    deletes_after: tx.now() + (lifetime === Number.POSITIVE_INFINITY ? LIFETIME_SECONDS : lifetime),
    frozen_time: params.frozen_time,
    name: params.name ?? null,
    status: 'ready',
    status_details: {},
  });
  tx.put(clock);
  if (lifetime !== Number.POSITIVE_INFINITY) tx.schedule({ kind: 'clock_delete', ref: clock.id, dueAt: clock.deletes_after, clock: null });
  if (params.customer) {
    const customer = await tx.require('customer', params.customer, { param: 'customer' });
    Object.assign(customer, { test_clock: clock.id, _clock: clock.id });
    tx.put(customer);
  }
  tx.emit('test_helpers.test_clock.created', clock);
  return clock;
}

async function refuseTooMany(tx: Tx): Promise<void> {
  const { clocks } = tx.limits;
  if (clocks === Number.POSITIVE_INFINITY) return;
  const present = await tx.query({ object: 'test_helpers.test_clock', filter: (clock) => clock._account_clock !== true, limit: clocks });
  if (present.length >= clocks) throw invalidRequest(`You have reached the maximum of ${clocks} test clocks: delete one first.`);
}
