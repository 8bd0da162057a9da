import type { ApiRequest, Doc } from '../../kernel/types.ts';

/** Guide and API sample differ (30 and 7 days); the guide's figure [S 3.11]. */
const LIFETIME_SECONDS = 30 * 86_400;

/** Creates a clock frozen at `frozen_time` (past or future); with `customer`, an existing customer moves onto it for good. */
export async function createClock(rq: ApiRequest): Promise<Doc> {
  const { tx, params } = rq;
  const clock = tx.make('test_helpers.test_clock', 'clock', {
    deletes_after: tx.now() + LIFETIME_SECONDS,
    frozen_time: params.frozen_time,
    name: params.name ?? null,
    status: 'ready',
    status_details: {},
  });
  tx.put(clock);
  if (params.customer) {
    const customer = await tx.require('customer', params.customer, { param: 'customer' });
    Object.assign(customer, { test_clock: clock.id, _clock: clock.id });
    tx.put(customer);
  }
  tx.emit('test_helpers.test_clock.created', clock);
  return clock;
}
