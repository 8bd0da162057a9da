import { afterAll, beforeAll, expect, test } from 'vitest';
import { type Kit, startKit } from '../../test/support/kit.ts';
import { beginKeyed, dropKeyed, finishKeyed, type KeyedRequest } from './idempotency.ts';
import { shiftedClock } from './machine-clock.ts';

let hours = 0;
let kit: Kit;
beforeAll(async () => {
  kit = await startKit({ machineClock: shiftedClock(() => Temporal.Duration.from({ hours })) });
});
afterAll(() => kit?.close());

const request = (key: string, body = '{}'): KeyedRequest => ({ scope: 'api_key:1', key, method: 'POST', path: '/v1/things', body });

test('the same request answers the same for 24 hours, and is new after that', async () => {
  const ctx = await kit.ctx();
  expect(await beginKeyed(ctx, request('k1'))).toBeNull();
  await expect(beginKeyed(ctx, request('k1'))).rejects.toMatchObject({ code: 'idempotency_in_progress', status: 409 });
  await finishKeyed(ctx, { request: request('k1'), answer: { status: 201, body: { id: 'x' } } });
  expect(await beginKeyed(ctx, request('k1'))).toEqual({ status: 201, body: { id: 'x' } });
  await expect(beginKeyed(ctx, request('k1', '{"other":1}'))).rejects.toMatchObject({ code: 'idempotency_conflict' });
  hours = 25;
  expect(await beginKeyed(ctx, request('k1', '{"other":1}'))).toBeNull();
});

test('a request that ended in trouble, or died, may be tried again under its key', async () => {
  const ctx = await kit.ctx();
  expect(await beginKeyed(ctx, request('k2'))).toBeNull();
  await dropKeyed(ctx, request('k2'));
  expect(await beginKeyed(ctx, request('k2'))).toBeNull();
  hours += 1;
  expect(await beginKeyed(ctx, request('k2'))).toBeNull();
});
