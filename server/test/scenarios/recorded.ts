import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { signBody } from '../../src/providers/stripe/inbox/signature.ts';
import { liftStripeObject, missingCustomers } from '../support/lift-stripe-object.ts';
import { RECORDED_FOLDER } from '../support/recorded-events.ts';
import type { World } from '../support/world.ts';

// biome-ignore lint/suspicious/noExplicitAny: recordings are open JSON of many versions
export type Doc = Record<string, any>;

/** Unix seconds between 2001 and 2050: in a Stripe object nothing else is a number of that size under such a name. */
const [EARLIEST, LATEST] = [1_000_000_000, 2_524_608_000];
const TIME_NAMES = /(^created$|_at$|_start$|_end$|_date$|^start$|^end$|^billing_cycle_anchor$|_attempt$|_on$)/;

/** The object of a recorded event, the whole life of it moved so that `anchor` (one of its instants) falls on `at`. */
export function recordedObject(file: string, a: { anchor: string; at: Temporal.Instant; id?: string }): Doc {
  const json = JSON.parse(readFileSync(join(RECORDED_FOLDER, file), 'utf8'));
  const original: Doc = json.object === 'event' ? json.data.object : json.object && typeof json.object === 'object' ? json.object : json;
  const renamed: Doc = a.id ? JSON.parse(JSON.stringify(original).replaceAll(`"${original.id}"`, `"${a.id}"`)) : original;
  return moved(renamed, a.at.epochMilliseconds / 1000 - Number(original[a.anchor])) as Doc;
}

function moved(value: unknown, seconds: number, name = ''): unknown {
  if (Array.isArray(value)) return value.map((item) => moved(item, seconds, name));
  if (typeof value === 'object' && value !== null) {
    return Object.fromEntries(Object.entries(value).map(([key, item]) => [key, moved(item, seconds, key)]));
  }
  const isTime = typeof value === 'number' && value >= EARLIEST && value < LATEST && TIME_NAMES.test(name);
  return isTime ? (value as number) + seconds : value;
}

/** Puts objects into the Sandbox in today's shape, as if they had always been there: a re-fetch finds them. */
export async function remember(world: World, account: string, docs: Doc[]): Promise<void> {
  const lifted = docs.flatMap((doc) => liftStripeObject(doc));
  const customers = missingCustomers(lifted).map((customer) => ({ ...customer, email: customer.email ?? `${customer.id}@example.com` }));
  await world.sandbox.control.seed({ account, objects: [...customers, ...lifted] as never });
}

/** Posts a recorded payload as Stripe would send it now: under a fresh event id, with a fresh time, signed. */
export async function send(world: World, a: { type: string; object: Doc; created: Temporal.Instant; apiVersion?: string }): Promise<void> {
  const event = {
    id: world.server.app.ids.make('evt'),
    object: 'event',
    api_version: a.apiVersion ?? '2025-04-30.basil',
    created: a.created.epochMilliseconds / 1000,
    livemode: false,
    pending_webhooks: 1,
    request: { id: null, idempotency_key: null },
    type: a.type,
    data: { object: a.object },
  };
  const raw = JSON.stringify(event);
  const machineNow = Math.floor(world.server.app.machineClock.now().epochMilliseconds / 1000);
  const headers = { 'content-type': 'application/json', 'stripe-signature': signBody(raw, world.webhookSecret, machineNow) };
  const answer = await fetch(world.webhookUrl, { method: 'POST', headers, body: raw });
  if (answer.status !== 200) throw new Error(`${a.type} was answered ${answer.status}`);
}
