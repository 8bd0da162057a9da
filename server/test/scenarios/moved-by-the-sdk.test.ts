import { createSandbox, type Sandbox } from 'stripe-sandbox';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { openCompany, subscribe } from '../../src/demo/acts.ts';
import { type Sdk, sdkFor } from '../../src/providers/stripe/index.ts';
import { startWorld, type World } from '../support/world.ts';

/** Time is moved by Stripe's own SDK, as in somebody's existing tests: Billow is not asked, and comes along all the same. */
const TIMEOUT_MS = 120_000;
const FOLLOW_WITHIN_MS = 60_000;
const LOOK_EVERY_MS = 100;

type Message = { trigger: string; status: string; created_at: string };

let world: World;
beforeAll(async () => {
  world = await startWorld();
}, TIMEOUT_MS);
afterAll(() => world?.close());

const clock = () => world.api('GET', `/v1/environments/${world.environmentId}/clock`);
const wait = (ms: number) => world.server.app.machineClock.sleep(ms);
const plus = (days: number) => (instant: string) => Temporal.Instant.from(instant).add({ hours: 24 * days });

/** Asks Stripe's way, and waits as Stripe's users do. */
async function advance(stripe: Sdk, a: { clock: string; to: Temporal.Instant }): Promise<void> {
  await stripe.testHelpers.testClocks.advance(a.clock, { frozen_time: a.to.epochMilliseconds / 1000 });
  await until(async () => (await stripe.testHelpers.testClocks.retrieve(a.clock)).status === 'ready');
}

async function until(look: () => Promise<boolean>): Promise<void> {
  for (let waited = 0; waited < FOLLOW_WITHIN_MS; waited += LOOK_EVERY_MS) {
    if (await look()) return;
    await wait(LOOK_EVERY_MS);
  }
  throw new Error('It did not happen in a minute');
}

/** Mails about the customer in the order they were made. */
async function messages(customer: string): Promise<Message[]> {
  const { data } = await world.api('GET', `/v1/emails/messages?limit=100&customer=${customer}`);
  return (data as Message[]).sort((a, b) => a.created_at.localeCompare(b.created_at) || a.trigger.localeCompare(b.trigger));
}
const told = async (customer: string) => (await messages(customer)).map(({ trigger, status }) => `${trigger} ${status}`);

const A_MONTH_AND_A_RENEWAL = ['payment.received sent', 'subscription.created sent', 'subscription.renewing sent', 'payment.received sent'];

describe('the Sandbox beside the server', () => {
  test(
    'an advance asked for right after a subscription was made loses no mail',
    async () => {
      const cast = await openCompany(world.stripe);
      const { now } = await clock();
      const [account] = await world.sandbox.control.accounts();
      const own = (await world.sandbox.control.clock(account?.id ?? '')).clock ?? '';
      await subscribe('ada', ['starter'])(cast);
      await advance(world.stripe, { clock: own, to: plus(33)(now) });
      expect(await told(cast.customers.ada ?? '')).toEqual(A_MONTH_AND_A_RENEWAL);
      expect((await clock()).now).toBe(plus(33)(now).toString());
    },
    TIMEOUT_MS,
  );
});

describe('a Sandbox in another process, on no leash of ours', () => {
  let elsewhere: Sandbox;
  let stripe: Sdk;
  let account: string;

  beforeAll(async () => {
    await world.api('DELETE', `/v1/connections/${world.connectionId}`);
    elsewhere = await createSandbox({ settle: 1_000 });
    const { url } = await elsewhere.listen();
    const { now } = await clock();
    const made = await elsewhere.control.createAccount({
      name: 'Elsewhere',
      clock: { mode: 'virtual', now: Temporal.Instant.from(now).epochMilliseconds / 1000 },
    });
    account = made.account;
    stripe = sdkFor({ url, secretKey: made.secretKey });
    await world.api('POST', '/v1/connections', { provider: 'stripe_sandbox', api_key: made.secretKey, api_base: url });
  }, TIMEOUT_MS);
  afterAll(() => elsewhere?.close());

  test(
    'our clock follows by itself, instant by instant: what happened is told once and at its instant, what has passed is not announced',
    async () => {
      const cast = await openCompany(stripe);
      const { now } = await clock();
      await subscribe('ben', ['starter'])(cast);
      // Who lets time pass sees first that the present has arrived: nothing over there waits for us.
      await until(async () => (await told(cast.customers.ben ?? '')).join() === 'payment.received sent,subscription.created sent');
      const own = (await elsewhere.control.clock(account)).clock ?? '';
      const target = plus(33)(now);
      await advance(stripe, { clock: own, to: target });
      await followedTo(target);
      const mails = await messages(cast.customers.ben ?? '');
      // The renewal lay behind when we learned that time had passed: nobody is told that it is coming.
      expect(mails.map(({ trigger, status }) => `${trigger} ${status}`)).toEqual(
        A_MONTH_AND_A_RENEWAL.filter((line) => !line.startsWith('subscription.renewing')),
      );
      const renewal = Temporal.Instant.from(now).toZonedDateTimeISO('UTC').add({ months: 1 });
      // Not when we learned of it: at the renewal, whose first event already shows the invoice as paid.
      expect(mails[2]?.created_at.slice(0, 13)).toBe(renewal.toInstant().toString().slice(0, 13));
    },
    TIMEOUT_MS,
  );

  /** Nobody asks Billow to advance. */
  const followedTo = (target: Temporal.Instant) =>
    until(async () => {
      const { now, status } = await clock();
      return Temporal.Instant.from(now).equals(target) && status === 'ready';
    });
});
