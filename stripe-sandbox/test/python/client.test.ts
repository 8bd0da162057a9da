/** A second client, in another language and of an older generation, over a socket: Debian's python3-stripe. */
import { spawn } from 'node:child_process';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { findPythonStripe } from '../../../scripts/lib/machine.ts';
import { startSandbox, type TestSandbox } from '../../src/testing/index.ts';

const SCRIPT = join(import.meta.dirname, 'client.py');
const python = findPythonStripe();
const WITHOUT = "No Python with Stripe's client: apt-get install python3-stripe, or BILLOW_PYTHON=/path/to/python3.";

if (python === null && process.env.CI !== undefined && process.env.CI !== 'false') throw new Error(WITHOUT);
if (python === null) process.stderr.write(`SKIPPED: ${WITHOUT}\n`);

// biome-ignore lint/suspicious/noExplicitAny: JSON from another program
type Result = Record<string, any>;

describe.runIf(python !== null)('the Python client', () => {
  let world: TestSandbox;
  let result: Result;
  beforeAll(async () => {
    world = await startSandbox();
    const { url } = await world.sandbox.listen(0);
    result = await runPython({ url, key: world.secretKey });
  });
  afterAll(() => world.close());

  it('creates, lists, pages both ways, changes, deletes and searches', () => {
    expect(result.customers).toEqual({
      page: { names: names(11, 10, 9, 8, 7), more: true, url: '/v1/customers' },
      second_page: names(6, 5, 4, 3, 2),
      backwards: names(7, 6),
      iterated: 12,
      modified: { name: 'Max', metadata: {} },
      saved: 'max@example.com',
      deleted: { deleted: true, retrieved: true },
      searched: names(11),
    });
  });

  it('gets the error class, status, code and param that Stripe would give', () => {
    const request = true;
    const refused = (error: Result) => ({ code: null, param: null, decline_code: null, request, ...error });
    const invalid = (error: Result) => refused({ class: 'InvalidRequestError', status: 400, ...error });
    expect(result.errors).toEqual({
      missing: invalid({ status: 404, code: 'resource_missing', param: 'id' }),
      unknown: invalid({ code: 'parameter_unknown', param: 'favourite' }),
      in_body: invalid({ code: 'resource_missing', param: 'customer' }),
      too_small: invalid({ code: 'amount_too_small', param: 'amount' }),
      bad_key: refused({ class: 'AuthenticationError', status: 401 }),
      declined: refused({ class: 'CardError', status: 402, code: 'card_declined', decline_code: 'insufficient_funds' }),
      not_attachable: refused({ class: 'CardError', status: 402, code: 'card_declined', decline_code: 'generic_decline' }),
      not_emulated: invalid({ status: 404, code: 'sandbox_not_emulated' }),
    });
  });

  it('writes True, which Stripe takes for true', () => {
    const [declined] = world.sandbox.control
      .requests({ limit: 500 })
      .filter(({ status, path }) => status === 402 && path === '/v1/payment_intents');
    expect(declined?.params).toMatchObject({ confirm: 'True' });
  });

  it('replays under an idempotency key and is refused when the key is used for something else', () => {
    const refused = { class: 'IdempotencyError', status: 400, code: null, param: null, decline_code: null, request: true };
    expect(result.idempotency).toEqual({ replayed: { same: true, header: 'true' }, other_params: refused, other_endpoint: refused });
  });

  it('lives with a subscription on a test clock for a month', () => {
    expect(result.subscription).toEqual({
      created: { status: 'active', customer: true, paid: 5800, payments: ['paid'], price: true },
      advanced: { status: 'ready', frozen_time: Date.UTC(2026, 1, 1, 2) / 1000 },
      invoices: [
        { status: 'paid', total: 5800, reason: 'subscription_cycle' },
        { status: 'paid', total: 5800, reason: 'subscription_create' },
      ],
      canceled: 'canceled',
      hidden: [],
      event: [true],
    });
  });

  it('verifies signatures with a secret that only the first answer shows', () => {
    expect(result.webhook).toEqual({ endpoint: { secret: true, listed: [false] }, verified: 'customer.created' });
  });

  it('met no crash and nothing refused but what it asked to be refused', () => {
    expect(world.sandbox.control.requests({ limit: 500 }).filter(({ status }) => status >= 500)).toEqual([]);
    expect(world.sandbox.control.refusals()).toEqual([{ what: 'POST /v1/topups', count: 1 }]);
  });
});

const names = (...numbers: number[]) => numbers.map((n) => `Customer ${n}`);

function runPython(input: object): Promise<Result> {
  return new Promise((resolve, reject) => {
    // -I: neither the user's packages nor PYTHON* variables decide what runs.
    const child = spawn(python!, ['-I', SCRIPT], { stdio: ['pipe', 'pipe', 'pipe'], env: {} });
    let [output, trouble] = ['', ''];
    child.stdout.on('data', (chunk: Buffer) => {
      output += chunk.toString();
    });
    child.stderr.on('data', (chunk: Buffer) => {
      trouble += chunk.toString();
    });
    child.once('error', reject);
    child.once('close', (code) => (code === 0 ? resolve(JSON.parse(output)) : reject(new Error(`Python ended with ${code}:\n${trouble}`))));
    child.stdin.end(JSON.stringify(input));
  });
}
