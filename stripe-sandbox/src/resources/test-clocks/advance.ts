import { invalidRequest } from '../../kernel/errors.ts';
import type { ApiRequest, Doc, Tx } from '../../kernel/types.ts';

const DAY = 86_400;
const INTERVAL_SECONDS: Record<string, number> = { day: DAY, week: 7 * DAY, month: 31 * DAY, year: 366 * DAY };
const NO_SUBSCRIPTION_LIMIT = 2 * 366 * DAY;

/** Starts moving a clock to `frozen_time`; answers at once with `advancing`. The loop starts when the transaction has committed. */
export async function advanceClock(rq: ApiRequest): Promise<Doc> {
  const { tx, params } = rq;
  const clock = await tx.require('test_helpers.test_clock', rq.path.test_clock!);
  if (clock.status === 'advancing') throw invalidRequest('Test clock advancement is already underway.', { status: 429 });
  const target: number = params.frozen_time;
  if (target <= clock.frozen_time) {
    throw invalidRequest('The `frozen_time` you provided must be after the current `frozen_time` of the test clock.', {
      param: 'frozen_time',
    });
  }
  if (clock._account_clock !== true) await checkDistance(tx, clock, target);
  Object.assign(clock, { status: 'advancing', status_details: { advancing: { target_frozen_time: target } }, _stopped: null });
  tx.put(clock);
  tx.emit('test_helpers.test_clock.advancing', clock);
  return clock;
}

/** At most two intervals of the clock's shortest subscription, or two years without one [S 3.11]. */
async function checkDistance(tx: Tx, clock: Doc, target: number): Promise<void> {
  const { clockIntervals } = tx.limits;
  if (clockIntervals === Number.POSITIVE_INFINITY) return;
  const subscriptions = await tx.query({ object: 'subscription', clock: clock.id, filter: (doc) => doc.status !== 'canceled' });
  const spans = subscriptions.flatMap((subscription) =>
    (subscription.items?.data ?? []).map(
      (item: Doc) =>
        clockIntervals * (INTERVAL_SECONDS[item.price?.recurring?.interval] ?? 0) * (item.price?.recurring?.interval_count ?? 1),
    ),
  );
  const limit = spans.length > 0 ? Math.min(...spans) : NO_SUBSCRIPTION_LIMIT;
  if (target - clock.frozen_time <= limit) return;
  throw invalidRequest(
    'You cannot advance a test clock more than two intervals past its current time, based on the shortest subscription interval on it.',
    { param: 'frozen_time' },
  );
}
