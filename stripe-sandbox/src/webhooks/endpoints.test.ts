/** What becomes of an endpoint over days: secrets that roll, failures that add up, retries for as long as Stripe tries. */
import Stripe from 'stripe';
import { afterEach, describe, expect, it } from 'vitest';
import type { OutgoingRequest, SandboxOptions } from '../index.ts';
import { type ManualClock, manualClock, startSandbox, type TestSandbox } from '../testing/index.ts';

const HOUR = 3_600_000;
const DAY = 24 * HOUR;

let clock: ManualClock;
let world: TestSandbox;
let received: OutgoingRequest[];
let status = 200;
afterEach(() => world.close());

async function start(options: SandboxOptions = {}) {
  [clock, received, status] = [manualClock('2026-01-01T12:00:00Z'), [], 200];
  const deliver = async (request: OutgoingRequest) => {
    received.push(request);
    return { status, body: 'ok' };
  };
  world = await startSandbox({ clock, deliver, ...options });
  return world.stripe.webhookEndpoints.create({ url: 'http://127.0.0.1:1/hook', enabled_events: ['*'] });
}
const settle = () => world.sandbox.control.idle(world.account);
const happen = async () => {
  await world.stripe.customers.create({ name: 'Max' });
  await settle();
};
const verifies = ({ body, headers }: OutgoingRequest, secret: string) => {
  try {
    Stripe.webhooks.constructEvent(body, headers['stripe-signature']!, secret, 300, undefined, clock.now());
    return true;
  } catch {
    return false;
  }
};

describe('[S 3.8] a signing secret that rolls', () => {
  it('signs with both secrets while they overlap, then with the new one alone', async () => {
    const endpoint = await start();
    const old = endpoint.secret!;
    const roll = { account: world.account, endpoint: endpoint.id };
    const { secret } = await world.sandbox.control.rollWebhookSecret({ ...roll, overlapMs: 2 * HOUR });
    await happen();
    expect(received[0]!.headers['stripe-signature']).toMatch(/^t=\d+,v1=[0-9a-f]{64},v1=[0-9a-f]{64}$/);
    expect([verifies(received[0]!, old), verifies(received[0]!, secret)]).toEqual([true, true]);
    clock.pass(2 * HOUR);
    await happen();
    expect(received[1]!.headers['stripe-signature']).toMatch(/^t=\d+,v1=[0-9a-f]{64}$/);
    expect([verifies(received[1]!, old), verifies(received[1]!, secret)]).toEqual([false, true]);
  });

  it('may roll again at once: three secrets sign, the newest first', async () => {
    const endpoint = await start();
    const roll = { account: world.account, endpoint: endpoint.id, overlapMs: DAY };
    const second = (await world.sandbox.control.rollWebhookSecret(roll)).secret;
    const third = (await world.sandbox.control.rollWebhookSecret(roll)).secret;
    await happen();
    expect(received[0]!.headers['stripe-signature']!.match(/v1=/g)).toHaveLength(3);
    expect([endpoint.secret!, second, third].map((secret) => verifies(received[0]!, secret))).toEqual([true, true, true]);
  });

  it('without overlap the old one ends at once; more than a day is refused; nobody can read it afterwards', async () => {
    const endpoint = await start();
    const { secret } = await world.sandbox.control.rollWebhookSecret({ account: world.account, endpoint: endpoint.id });
    await happen();
    expect([verifies(received[0]!, endpoint.secret!), verifies(received[0]!, secret)]).toEqual([false, true]);
    const tooLong = { account: world.account, endpoint: endpoint.id, overlapMs: DAY + 1 };
    await expect(world.sandbox.control.rollWebhookSecret(tooLong)).rejects.toThrow(/at most 86400000/);
    expect(JSON.stringify(await world.stripe.webhookEndpoints.retrieve(endpoint.id))).not.toContain('whsec_');
  });
});

describe('[S 3.8] an endpoint that fails for days', () => {
  /** One event a day from 1 January; answers how many days the endpoint stayed enabled. */
  const days = async (id: string, most: number) => {
    for (let day = 0; day < most; day += 1) {
      await happen();
      if ((await world.stripe.webhookEndpoints.retrieve(id)).status === 'disabled') return day;
      clock.pass(DAY);
      await settle();
    }
    return most;
  };

  it('is disabled after nine days, and what happens then is never sent', async () => {
    const { id } = await start({ limits: { failingDaysOfEndpoint: 9 } });
    status = 500;
    expect(await days(id, 12)).toBe(9);
    const before = received.length;
    status = 200;
    await happen();
    await world.stripe.webhookEndpoints.update(id, { disabled: false });
    await settle();
    expect(received).toHaveLength(before);
    await happen();
    expect(received).toHaveLength(before + 1);
    // The count begins anew.
    status = 500;
    expect(await days(id, 5)).toBe(5);
  });

  it('one success in between starts the count again', async () => {
    const { id } = await start({ profile: 'strict' });
    status = 503;
    expect(await days(id, 8)).toBe(8);
    status = 200;
    await happen();
    status = 503;
    expect(await days(id, 8)).toBe(8);
  });

  it('stays enabled in the relaxed profile', async () => {
    const { id } = await start();
    status = 500;
    expect(await days(id, 12)).toBe(12);
  });
});

describe('[S 3.8] retries as in live mode', () => {
  it('go on for three days with growing pauses, then end', async () => {
    await start({ webhookRetries: 'live' });
    status = 500;
    await happen();
    const at: number[] = [clock.now()];
    let seen = received.length;
    for (let quarter = 0; quarter < 5 * 96; quarter += 1) {
      clock.pass(HOUR / 4);
      await settle();
      if (received.length > seen) at.push(clock.now());
      seen = received.length;
    }
    const pauses = at.slice(1).map((moment, index) => moment - at[index]!);
    expect(pauses).toEqual([...pauses].sort((a, b) => a - b));
    const span = at.at(-1)! - at[0]!;
    expect(span).toBeGreaterThan(2.5 * DAY);
    expect(span).toBeLessThanOrEqual(3 * DAY);
    expect((await world.sandbox.control.deliveries())[0]).toMatchObject({ status: 'failed', attempts: at.length });
  });
});
