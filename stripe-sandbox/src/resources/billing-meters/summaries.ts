import { createHash } from 'node:crypto';
import { formatDecimal } from '../../billing/invoice/decimal.ts';
import { aggregate, spanOf, windowOf } from '../../billing/meters/aggregate.ts';
import { invalidRequest, parametersExclusive } from '../../kernel/errors.ts';
import type { ApiRequest, Doc, ListAnswer, Params } from '../../kernel/types.ts';
import type { UsageBucket } from '../../store/port.ts';

const DEFAULT_LIMIT = 10;
const MINUTE = 60;
const HASH_LENGTH = 16;

/**
 * What one customer used in [start_time, end_time): one summary for the whole range, or with `value_grouping_window` one for each hour or UTC day
 * that has usage, latest first. The times must be aligned with minutes, hours or days [DTS MeterListEventSummariesParams].
 */
export async function listSummaries(rq: ApiRequest): Promise<ListAnswer> {
  const { tx, params } = rq;
  const meter = await tx.require('billing.meter', rq.path.id!);
  const customer = await tx.require('customer', params.customer, { param: 'customer', deleted: true });
  const span = params.value_grouping_window === undefined ? null : spanOf(params.value_grouping_window);
  checkRange(params, span);
  const url = `/v1/billing/meters/${meter.id}/event_summaries`;
  const range = { meter: meter.id, customer: customer.id, window: windowOf(meter) };
  if (span === null) {
    const [bucket] = await tx.usage({ ...range, from: params.start_time, to: params.end_time, grouping: null, limit: 1 });
    const whole = { start: params.start_time, end: params.end_time };
    return { object: 'list', data: [summary(meter, customer.id, { bucket, ...whole })], has_more: false, url };
  }
  const limit = params.limit || DEFAULT_LIMIT;
  const { from, to, backwards } = page(params, span);
  const room = backwards ? Number.MAX_SAFE_INTEGER : limit + 1;
  const buckets = to <= from ? [] : await tx.usage({ ...range, from, to, grouping: span, limit: room });
  const shown = backwards ? buckets.slice(-limit) : buckets.slice(0, limit);
  const data = shown.map((bucket) => summary(meter, customer.id, { bucket, start: bucket.start, end: bucket.start + span }));
  return { object: 'list', data, has_more: buckets.length > shown.length, url };
}

/** Pages go back in time: after a summary comes what is older. */
function page(params: Params, span: number): { from: number; to: number; backwards: boolean } {
  const { starting_after: after, ending_before: before, start_time: from, end_time: to } = params;
  if (after && before) throw parametersExclusive('starting_after', 'ending_before');
  if (after) return { from, to: Math.min(to, startIn(after, 'starting_after')), backwards: false };
  if (before) return { from: Math.max(from, startIn(before, 'ending_before') + span), to, backwards: true };
  return { from, to, backwards: false };
}

function summary(meter: Doc, customer: string, of: { bucket: UsageBucket | undefined; start: number; end: number }): Doc {
  const value = aggregate(meter.default_aggregation.formula, of.bucket);
  const key = createHash('sha256').update(`${meter.id} ${customer} ${of.end}`).digest('hex').slice(0, HASH_LENGTH);
  return {
    id: `mtrusg_test_${key}${of.start.toString(36)}`,
    object: 'billing.meter_event_summary',
    aggregated_value: Number(formatDecimal(value)),
    end_time: of.end,
    livemode: false,
    meter: meter.id,
    start_time: of.start,
  } as unknown as Doc;
}

/** A summary is not stored; its id says where it begins. */
function startIn(id: string, param: string): number {
  const start = Number.parseInt(id.slice(`mtrusg_test_${''.padEnd(HASH_LENGTH)}`.length), 36);
  if (!id.startsWith('mtrusg_test_') || !Number.isSafeInteger(start))
    throw invalidRequest(`No such billing.meter_event_summary: '${id}'`, { code: 'resource_missing', param });
  return start;
}

function checkRange(params: Params, span: number | null): void {
  const unit = span ?? MINUTE;
  const name = params.value_grouping_window ?? 'minute';
  for (const param of ['start_time', 'end_time'] as const) {
    if (params[param] % unit !== 0) throw invalidRequest(`\`${param}\` must be aligned with ${name} boundaries.`, { param });
  }
  if (params.end_time <= params.start_time) throw invalidRequest('`end_time` must be after `start_time`.', { param: 'end_time' });
}
