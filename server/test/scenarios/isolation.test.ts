import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { openCompany, refund, subscribe } from '../../src/demo/acts.ts';
import { type Sdk, sdkFor } from '../../src/providers/stripe/index.ts';
import { startWorld, type World } from '../support/world.ts';
import { fingerprint, idsOf, type Operation, operationsOf } from './isolation.ts';

/** Done means 7: two environments of one organization, both full of rows; every route of openapi.json with the other one's ids. */
const TIMEOUT_MS = 240_000;

/** Filters that take a part of one's own list, and name no object. */
const RANGES = new Set(['after', 'before', 'created_from', 'created_to']);

type Side = { name: string; environmentId: string; key: string };

let world: World;
let here: Side;
let there: Side;
let operations: Operation[];
/** Ids of rows and of Stripe objects that only one side has. */
let foreign: Set<string>;
/** One of each kind of row that `here` has. */
let samples: string[];

beforeAll(async () => {
  world = await startWorld();
  here = { name: 'here', environmentId: world.environmentId, key: world.apiKey };
  const made = await world.api('POST', '/v1/environments', { name: 'There', mode: 'sandbox' });
  there = { name: 'there', environmentId: made.id, key: made.api_key };
  await live(here, world.stripe);
  await live(there, await connectToSandbox(there));
  operations = operationsOf((await world.call('GET', '/openapi.json', undefined, { key: null })).body);
  const [mine, theirs] = [await idsOf(world.server.app, here.environmentId), await idsOf(world.server.app, there.environmentId)];
  samples = [...mine.values()].flatMap((ids) => ids.slice(0, 1));
  foreign = new Set([...mine.values()].flat().filter((id) => ![...theirs.values()].flat().includes(id)));
}, TIMEOUT_MS);
afterAll(() => world?.close());

/** A customer subscribes and gets something back, in an environment of his own. */
async function live(side: Side, stripe: Sdk): Promise<void> {
  const rest = () => call(side, 'POST', `/v1/environments/${side.environmentId}/clock/advance`, { to: clock.now });
  const clock = (await call(side, 'GET', `/v1/environments/${side.environmentId}/clock`)).body;
  const cast = await openCompany(stripe);
  await subscribe('ada', ['starter'])(cast);
  await rest();
  await refund('ada', 500)(cast);
  await rest();
}

async function connectToSandbox(side: Side): Promise<Sdk> {
  const clock = (await call(side, 'GET', `/v1/environments/${side.environmentId}/clock`)).body;
  const now = Temporal.Instant.from(clock.now).epochMilliseconds / 1000;
  const account = await world.sandbox.control.createAccount({ name: 'There', clock: { mode: 'virtual', now } });
  const answer = await call(side, 'POST', '/v1/connections', { api_key: account.secretKey });
  expect([answer.status, answer.body]).toMatchObject([201, {}]);
  return sdkFor({ url: world.server.firstRun.stripe_sandbox?.url ?? '', secretKey: account.secretKey });
}

function call(side: Side, method: string, path: string, body?: unknown) {
  return world.call(method, path, body, { key: side.key });
}

/** Foreign ids in an answer, but for those that the question named itself. */
function leaks(body: unknown, asked: string): string[] {
  const words = new Set(JSON.stringify(body).match(/[A-Za-z]+_[A-Za-z0-9_]+/g) ?? []);
  return [...words].filter((word) => foreign.has(word) && !asked.includes(word));
}

describe('[I19] two environments never see each other’s rows', () => {
  test('both sides have what there is to see', async () => {
    for (const side of [here, there]) {
      for (const path of [
        'customers',
        'subscriptions',
        'invoices',
        'payments',
        'refunds',
        'emails/messages',
        'mailbox/messages',
        'stripe_events',
      ]) {
        expect([side.name, path, (await call(side, 'GET', `/v1/${path}`)).body.data.length > 0]).toEqual([side.name, path, true]);
      }
    }
    expect(foreign.size).toBeGreaterThan(50);
    expect(operations.length).toBeGreaterThan(20);
  });

  test('no list and no single read without an id shows a foreign one', async () => {
    const faults: string[] = [];
    for (const { path } of lists()) {
      const { body } = await call(there, 'GET', path);
      faults.push(...leaks(body, path).map((id) => `${path} shows ${id}`));
    }
    expect(faults).toEqual([]);
  });

  test(
    'no filter finds a foreign object',
    async () => {
      const faults: string[] = [];
      for (const { path, filters } of lists()) {
        for (const filter of filters) {
          for (const id of samples) {
            const { status, body } = await call(there, 'GET', `${path}?${filter}=${encodeURIComponent(id)}`);
            const isFound = status < 300 && body?.data?.length > 0 && !RANGES.has(filter);
            if (status >= 500 || isFound || leaks(body, id).length > 0) faults.push(`${path}?${filter}=${id}: ${status}`);
          }
        }
      }
      expect(faults).toEqual([]);
    },
    TIMEOUT_MS,
  );

  test(
    'no route takes a foreign id: it is as unknown as one that never was, and nothing of the other side changes',
    async () => {
      const faults: string[] = [];
      const before = await fingerprint(world.server.app, here.environmentId);
      for (const { method, path, params } of operations.filter((one) => one.params.length > 0)) {
        for (const id of [...samples, here.environmentId]) {
          const asked = params.reduce((filled, name) => filled.replace(`{${name}}`, encodeURIComponent(id)), path);
          const { status, body } = await call(there, method, asked, method === 'GET' ? undefined : {});
          const isUnknown = method === 'GET' ? status === 404 || body?.data?.length === 0 : status >= 400 && status < 500;
          if (!isUnknown) faults.push(`${method} ${asked}: ${status}`);
          faults.push(...leaks(body, asked).map((shown) => `${method} ${asked} shows ${shown}`));
        }
      }
      expect(faults).toEqual([]);
      expect(await fingerprint(world.server.app, here.environmentId)).toEqual(before);
    },
    TIMEOUT_MS,
  );
});

function lists(): Operation[] {
  return operations.filter(({ method, params }) => method === 'GET' && params.length === 0);
}
