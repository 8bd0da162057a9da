import { afterEach, describe, expect, it } from 'vitest';
import type { Follower } from '../index.ts';
import { createSandbox, memoryStore, seededRandom } from '../index.ts';
import { manualClock, sdkFor, seconds, startSandbox, type TestSandbox } from '../testing/index.ts';

const JAN_1 = seconds('2026-01-01T00:00:00Z');
const DAY = 86_400;

let world: TestSandbox;
afterEach(() => world.close());

/** A customer on a monthly plan: something with timers. */
async function subscribe(customer: object = {}) {
  const { id } = await world.stripe.customers.create({
    payment_method: 'pm_card_visa',
    invoice_settings: { default_payment_method: 'pm_card_visa' },
    ...customer,
  });
  const product = await world.stripe.products.create({ name: 'Pro' });
  const price = await world.stripe.prices.create({
    product: product.id,
    currency: 'usd',
    unit_amount: 1000,
    recurring: { interval: 'month' },
  });
  return world.stripe.subscriptions.create({ customer: id, items: [{ price: price.id }] });
}

/** Notes every instant it is shown; has timers of its own. */
function follower(own: number[] = []) {
  const seen: { instant: number; clock: string }[] = [];
  const port: Follower = {
    next: async (_account, _clock, until) =>
      own.find((instant) => instant <= until && !seen.some((entry) => entry.instant >= instant)) ?? null,
    reached: async (_account, clock, instant) => void seen.push({ instant, clock }),
  };
  return { port, seen, instants: () => [...new Set(seen.map((entry) => entry.instant))] };
}

describe('advancing simulated time', () => {
  it('visits every due instant in order, its own and the follower’s, and ends at the target', async () => {
    const own = [JAN_1 + 3 * DAY, JAN_1 + 20 * DAY];
    const other = follower(own);
    world = await startSandbox({ follower: other.port });
    await subscribe();
    await world.advance('2026-02-01T02:00:00Z');
    const instants = other.instants();
    expect(instants).toEqual([...instants].sort((a, b) => a - b));
    expect(instants).toEqual(expect.arrayContaining([...own, seconds('2026-02-01T00:00:00Z'), seconds('2026-02-01T01:00:00Z')]));
    expect(instants.at(-1)).toBe(seconds('2026-02-01T02:00:00Z'));
    expect(await world.sandbox.control.clock(world.account)).toMatchObject({
      mode: 'virtual',
      now: seconds('2026-02-01T02:00:00Z'),
      status: 'ready',
    });
  });

  it('gives the same life in one call or day by day', async () => {
    const lives = [];
    for (const step of [0, 1]) {
      world = await startSandbox();
      await subscribe();
      if (step === 1) for (let day = 1; day < 95; day += 1) await world.advance(new Date((JAN_1 + day * DAY) * 1000));
      await world.advance('2026-04-06T00:00:00Z');
      const events = await world.sandbox.control.events({ account: world.account });
      lives.push(events.filter((event) => !event.type.startsWith('test_helpers')).map((event) => `${event.created} ${event.type}`));
      if (step === 0) await world.close();
    }
    expect(lives[1]).toEqual(lives[0]);
    expect(lives[0]).toContain(`${seconds('2026-04-01T01:00:00Z')} invoice.paid`);
  });

  it('lets the follower write through the API while the clock advances, and goes on with what that caused', async () => {
    let subscription = '';
    const port: Follower = {
      next: async () => null,
      async reached(_account, _clock, instant) {
        if (instant === seconds('2026-02-01T00:00:00Z'))
          await world.stripe.subscriptions.update(subscription, { metadata: { seen: 'february' } });
      },
    };
    world = await startSandbox({ follower: port });
    subscription = (await subscribe()).id;
    await world.advance('2026-02-02T00:00:00Z');
    expect((await world.stripe.subscriptions.retrieve(subscription)).metadata).toEqual({ seen: 'february' });
  });

  it('stops where the follower cannot get on, says why, and goes on at the next call', async () => {
    let blocked = true;
    const port: Follower = {
      next: async () => JAN_1 + 5 * DAY,
      async reached(_account, _clock, instant) {
        if (blocked && instant === JAN_1 + 5 * DAY) throw new Error('job 7 waits for its provider');
      },
    };
    world = await startSandbox({ follower: port });
    await expect(world.advance('2026-01-10T00:00:00Z')).rejects.toMatchObject({
      status: 409,
      message: expect.stringContaining('job 7 waits'),
    });
    expect((await world.sandbox.control.clock(world.account)).now).toBe(JAN_1 + 5 * DAY);
    blocked = false;
    await world.advance('2026-01-10T00:00:00Z');
    expect((await world.sandbox.control.clock(world.account)).now).toBe(JAN_1 + 9 * DAY);
  });

  it('goes on after a restart', async () => {
    const store = memoryStore();
    world = await startSandbox({ store });
    const subscription = await subscribe();
    const { clock } = await world.sandbox.control.clock(world.account);
    await world.close();
    const stopped = await createSandbox({ store, random: seededRandom(2), autostart: false });
    await sdkFor(stopped, world.secretKey).testHelpers.testClocks.advance(clock!, { frozen_time: seconds('2026-02-02T00:00:00Z') });
    await stopped.close();
    const again = await createSandbox({ store, random: seededRandom(3) });
    await again.control.idle();
    const stripe = sdkFor(again, world.secretKey);
    expect(await stripe.testHelpers.testClocks.retrieve(clock!)).toMatchObject({
      status: 'ready',
      frozen_time: seconds('2026-02-02T00:00:00Z'),
    });
    expect((await stripe.invoices.list({ subscription: subscription.id })).data.map((invoice) => invoice.status)).toEqual(['paid', 'paid']);
    await again.close();
  });
});

describe('test clocks', () => {
  it('are moved one at a time, forward only', async () => {
    world = await startSandbox();
    const clock = await world.stripe.testHelpers.testClocks.create({ frozen_time: JAN_1 });
    await expect(world.stripe.testHelpers.testClocks.advance(clock.id, { frozen_time: JAN_1 })).rejects.toMatchObject({
      statusCode: 400,
      param: 'frozen_time',
    });
    const first = world.stripe.testHelpers.testClocks.advance(clock.id, { frozen_time: JAN_1 + DAY });
    const second = world.stripe.testHelpers.testClocks.advance(clock.id, { frozen_time: JAN_1 + 2 * DAY });
    await first;
    await expect(second).rejects.toThrow(/already underway/);
  });

  it('leave the account clock alone and take their customers with them', async () => {
    world = await startSandbox();
    const clock = await world.stripe.testHelpers.testClocks.create({ frozen_time: JAN_1, name: 'a year ahead' });
    const subscription = await subscribe({ test_clock: clock.id });
    await world.stripe.testHelpers.testClocks.advance(clock.id, { frozen_time: seconds('2026-02-01T02:00:00Z') });
    await world.sandbox.control.idle();
    expect((await world.stripe.invoices.list({ subscription: subscription.id })).data).toHaveLength(2);
    expect((await world.sandbox.control.clock(world.account)).now).toBe(JAN_1);
    expect(await world.stripe.testHelpers.testClocks.del(clock.id)).toMatchObject({ id: clock.id, deleted: true });
    expect(await world.stripe.customers.retrieve(subscription.customer as string)).toMatchObject({ deleted: true });
  });

  it('lists the account’s own clock, which cannot be deleted', async () => {
    world = await startSandbox();
    const [own] = (await world.stripe.testHelpers.testClocks.list()).data;
    expect(own).toMatchObject({ frozen_time: JAN_1, status: 'ready' });
    await expect(world.stripe.testHelpers.testClocks.del(own!.id)).rejects.toMatchObject({ statusCode: 400 });
  });

  it('keep Stripe’s distance limit in the strict profile', async () => {
    world = await startSandbox({ profile: 'strict' });
    const clock = await world.stripe.testHelpers.testClocks.create({ frozen_time: JAN_1 });
    await subscribe({ test_clock: clock.id });
    await expect(
      world.stripe.testHelpers.testClocks.advance(clock.id, { frozen_time: seconds('2026-04-01T00:00:00Z') }),
    ).rejects.toMatchObject({ param: 'frozen_time' });
  });
});

describe('wall time', () => {
  it('runs timers as real time passes', async () => {
    const clock = manualClock('2026-01-31T10:00:00Z');
    world = await startSandbox({ clock });
    const access = await world.sandbox.control.createAccount({ name: 'On the wall' });
    expect(await world.sandbox.control.clock(access.account)).toMatchObject({
      mode: 'wall',
      clock: null,
      now: seconds('2026-01-31T10:00:00Z'),
    });
    const stripe = sdkFor(world.sandbox, access.secretKey);
    const customer = await stripe.customers.create({
      payment_method: 'pm_card_visa',
      invoice_settings: { default_payment_method: 'pm_card_visa' },
    });
    const product = await stripe.products.create({ name: 'Pro' });
    const price = await stripe.prices.create({ product: product.id, currency: 'usd', unit_amount: 1000, recurring: { interval: 'month' } });
    const subscription = await stripe.subscriptions.create({ customer: customer.id, items: [{ price: price.id }] });
    clock.pass(28 * DAY * 1000);
    await world.sandbox.control.idle();
    clock.pass(2 * 3_600_000);
    await world.sandbox.control.idle();
    const invoices = await stripe.invoices.list({ subscription: subscription.id });
    expect(invoices.data.map((invoice) => invoice.status)).toEqual(['paid', 'paid']);
    expect((await stripe.subscriptions.retrieve(subscription.id)).items.data[0]?.current_period_end).toBe(seconds('2026-03-31T10:00:00Z'));
  });

  it('becomes simulated time and back', async () => {
    world = await startSandbox();
    const access = await world.sandbox.control.createAccount({ name: 'On the wall' });
    const now = seconds('2026-03-01T00:00:00Z');
    const set = (to: object) => world.sandbox.control.setClock({ account: access.account, ...to } as never);
    expect(await set({ mode: 'virtual', now })).toMatchObject({ mode: 'virtual', now });
    expect(await set({ mode: 'virtual', now: now + DAY })).toMatchObject({ now: now + DAY });
    expect(await set({ mode: 'wall' })).toMatchObject({ mode: 'wall', clock: null });
  });
});
