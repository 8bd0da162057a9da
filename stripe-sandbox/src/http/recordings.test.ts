import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { startSandbox, type TestSandbox } from '../testing/index.ts';

/** Refusals recorded from the real Stripe, asked again of the Sandbox: status, type, code, param and words must agree. */
const ROOT = fileURLToPath(new URL('../../../', import.meta.url));
const FILE = join(process.env.BILLOW_SHARED ?? join(ROOT, '../shared'), 'stripe/http/pay-recordings.jsonl');
const present = existsSync(FILE);
if (!present) console.warn(`SKIPPED: no recordings at ${FILE}`);

type Recording = {
  method: string;
  path: string;
  form: string | null;
  status: number;
  response: { error?: { type: string; code?: string; param?: string; message: string } };
};

/** Needs nothing that exists in the recorded account: a missing object in the path, or a path that is none. */
const STANDS_ALONE = (recording: Recording) => recording.status === 404 && !recording.path.startsWith('/v1/plans');

let world: TestSandbox;
beforeAll(async () => {
  world = await startSandbox();
});
afterAll(() => world.close());

it('answers recorded refusals as Stripe did', async () => {
  if (!present) {
    expect(process.env.CI, 'the shared recordings must be there in CI').not.toBe('true');
    return;
  }
  const recordings = readFileSync(FILE, 'utf8')
    .split('\n')
    .filter((line) => line !== '')
    .map((line) => JSON.parse(line) as Recording);
  const refusals = recordings.filter((recording) => recording.response.error !== undefined && STANDS_ALONE(recording));
  expect(refusals.length).toBeGreaterThan(5);
  const customer = await world.stripe.customers.create({ name: 'Max' });
  for (const { method, path, status, response } of refusals) {
    const body = path.endsWith('/attach') ? `customer=${customer.id}` : '';
    const answer = await world.sandbox.fetch(`https://api.stripe.com${path}`, {
      method,
      headers: { authorization: `Bearer ${world.secretKey}`, 'content-type': 'application/x-www-form-urlencoded' },
      ...(method === 'POST' ? { body } : {}),
    });
    const { error } = (await answer.json()) as { error: Record<string, unknown> };
    const { type, code, param, message } = response.error!;
    expect({ path, status: answer.status, type: error.type, code: error.code, param: error.param, message: error.message }).toEqual({
      path,
      status,
      type,
      code,
      param,
      message,
    });
  }
});
