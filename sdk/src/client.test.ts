import { describe, expect, it } from 'vitest';
import { createBillow } from './client.ts';
import { BillowError } from './error.ts';
import { waitForMail } from './wait.ts';

type Seen = { method: string; url: string; headers: Headers; body: unknown };

/** A server in a function: what is asked is kept, what is answered is given. */
function answering(answers: ((seen: Seen) => Response)[]) {
  const seen: Seen[] = [];
  const fetch = async (input: string | URL | Request, init?: RequestInit): Promise<Response> => {
    const request = new Request(input, init);
    const text = await request.text();
    const one = { method: request.method, url: request.url, headers: request.headers, body: text === '' ? null : JSON.parse(text) };
    seen.push(one);
    const answer = answers[Math.min(seen.length, answers.length) - 1];
    if (!answer) throw new Error('Nothing to answer');
    return answer(one);
  };
  return { seen, billow: createBillow({ url: 'http://billow.test', apiKey: 'bk_sandbox_k_s', fetch }) };
}

const json =
  (body: unknown, status = 200) =>
  () =>
    Response.json(body, { status });
const page = (ids: string[], next: string | null) =>
  json({ object: 'list', data: ids.map((id) => ({ id })), has_more: next !== null, next_cursor: next });

describe('the client', () => {
  it('names the operation, fills the path and signs with the key', async () => {
    const { billow, seen } = answering([json({ id: 'customer_1' })]);
    const customer = await billow.call('GET /v1/customers/{id}', { params: { id: 'cus/1' } });
    expect(customer.id).toBe('customer_1');
    expect(seen[0]).toMatchObject({ method: 'GET', url: 'http://billow.test/v1/customers/cus%2F1' });
    expect(seen[0]?.headers.get('authorization')).toBe('Bearer bk_sandbox_k_s');
  });

  it('sends a body as JSON and an idempotency key when it is given one', async () => {
    const { billow, seen } = answering([json({ id: 'environment_1' }, 201)]);
    await billow.call('POST /v1/environments', { body: { name: 'Second' }, idempotencyKey: 'once' });
    expect(seen[0]?.body).toEqual({ name: 'Second' });
    expect(seen[0]?.headers.get('idempotency-key')).toBe('once');
  });

  it('leaves out filters that say nothing', async () => {
    const { billow, seen } = answering([page([], null)]);
    await billow.call('GET /v1/emails/messages', { query: { status: 'sent', trigger: undefined } });
    expect(seen[0]?.url).toBe('http://billow.test/v1/emails/messages?status=sent');
  });

  it('walks through all pages, and stops asking when the reader stops', async () => {
    const { billow, seen } = answering([page(['a', 'b'], 'b'), page(['c'], null)]);
    const ids: string[] = [];
    for await (const { id } of billow.each('GET /v1/customers')) ids.push(id);
    expect(ids).toEqual(['a', 'b', 'c']);
    expect(seen[1]?.url).toContain('cursor=b');
    for await (const _ of billow.each('GET /v1/customers')) break;
    expect(seen).toHaveLength(3);
  });
});

describe('what goes wrong', () => {
  it('is a BillowError with code, message, field and fix', async () => {
    const error = {
      code: 'mode_mismatch',
      message: 'A live key in a test environment.',
      param: 'api_key',
      fix: 'Take a test key.',
      request_id: 'req_1',
    };
    const { billow } = answering([json({ error, lint: [{ row: 3 }] }, 422)]);
    const thrown = await billow.request('POST', '/v1/connections', { body: {} }).catch((caught: unknown) => caught);
    expect(thrown).toBeInstanceOf(BillowError);
    expect(thrown).toMatchObject({
      status: 422,
      code: 'mode_mismatch',
      param: 'api_key',
      fix: 'Take a test key.',
      requestId: 'req_1',
      detail: { lint: [{ row: 3 }] },
    });
  });

  it('says so when the answer is not ours, and when there is none', async () => {
    const { billow } = answering([() => new Response('<h1>Bad gateway</h1>', { status: 502 })]);
    await expect(billow.request('GET', '/v1/me')).rejects.toMatchObject({ status: 502, code: 'unreadable' });
    const down = createBillow({ url: 'http://billow.test', fetch: () => Promise.reject(new TypeError('fetch failed')) });
    await expect(down.request('GET', '/v1/me')).rejects.toMatchObject({ status: 0, code: 'network' });
  });
});

describe('waiting for a mail', () => {
  it('lets the server hold the question and answers the mail', async () => {
    const { billow, seen } = answering([page(['mail_1'], null)]);
    await expect(waitForMail(billow, { to: 'ada@example.com', seconds: 5 })).resolves.toMatchObject({ id: 'mail_1' });
    expect(seen[0]?.url).toContain('wait=5');
  });

  it('gives up by name when the time is over', async () => {
    const { billow } = answering([page([], null)]);
    await expect(waitForMail(billow, { seconds: 0.01 })).rejects.toMatchObject({ code: 'timeout' });
  });
});
