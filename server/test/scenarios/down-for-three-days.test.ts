import { createSandbox, postgresStore } from 'stripe-sandbox';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { type Cast, cancelAtPeriodEnd, openCompany, subscribe } from '../../src/demo/acts.ts';
import { PEOPLE } from '../../src/demo/company.ts';
import { sdkFor } from '../../src/providers/stripe/index.ts';
import { startWorld, type World } from '../support/world.ts';

/**
 * Done means 5: the server is down for three simulated days. The Sandbox lives on beside it, moved by its SDK; what it delivers
 * meanwhile reaches nobody. Then the server is started again.
 */
const TIMEOUT_MS = 180_000;

type Message = { trigger: string; to: string; status: string; stripe_object_id: string | null };

let world: World;
let cast: Cast;
/** The renewal of everybody who joined on the first day. */
let renewal: Temporal.Instant;
let account: string;

beforeAll(async () => {
  world = await startWorld();
  const { now } = await world.api('GET', `/v1/environments/${world.environmentId}/clock`);
  renewal = Temporal.Instant.from(now).toZonedDateTimeISO('UTC').add({ months: 1 }).toInstant();
  cast = await openCompany(world.stripe);
  await subscribe('ada', ['starter'])(cast);
  await subscribe('ben', ['starter'])(cast);
  await cancelAtPeriodEnd('ben')(cast);
  await world.advance(now);
  await subscribe('clara', ['team'], { trialDays: trialDays(now) })(cast);
  await world.advance(renewal.subtract({ hours: 1 }).toString());
  account = (await world.sandbox.control.accounts())[0]?.id ?? '';
}, TIMEOUT_MS);
afterAll(() => world?.close());

/** So that her trial ends four to five days after the renewal, and its mail is due while the server is down. */
function trialDays(now: string): number {
  return Math.floor(renewal.since(now).total('days')) + 5;
}

const to = async (person: keyof typeof PEOPLE) => (await allMessages()).filter((message) => message.to === PEOPLE[person].email);
const allMessages = async (): Promise<Message[]> => (await world.api('GET', '/v1/emails/messages?limit=100')).data;
const triggersSent = (messages: Message[]) =>
  messages
    .filter(({ status }) => status === 'sent' || status === 'delivered')
    .map(({ trigger }) => trigger)
    .sort();

describe('three days without a server', () => {
  test('before: everybody has had his mails, nobody’s renewal has come', async () => {
    expect(triggersSent(await to('ada'))).toEqual(['payment.received', 'subscription.created', 'subscription.renewing']);
    expect(triggersSent(await to('ben'))).toEqual(['payment.received', 'subscription.created']);
    expect(triggersSent(await to('clara'))).toEqual(['subscription.created']);
  });

  test(
    'the Sandbox lives on: a renewal, a cancellation, and a new customer an hour before the end',
    async () => {
      const { pool } = world.server.app;
      const secretKey = world.server.firstRun.stripe_sandbox?.secret_key ?? '';
      await world.stop();
      const sandbox = await createSandbox({ store: postgresStore(pool), settle: 2000 });
      const stripe = sdkFor({ url: 'http://127.0.0.1:12111', secretKey, fetch: sandbox.fetch as never });
      cast.stripe = stripe;
      const clock = (await sandbox.control.clock(account)).clock ?? '';
      const moveTo = async (instant: Temporal.Instant) => {
        await stripe.testHelpers.testClocks.advance(clock, { frozen_time: instant.epochMilliseconds / 1000 });
        await sandbox.control.idle();
        expect((await stripe.testHelpers.testClocks.retrieve(clock)).status).toBe('ready');
      };
      await moveTo(renewal.add({ hours: 72 }));
      await subscribe('dmitri', ['starter'])(cast);
      await moveTo(renewal.add({ hours: 73 }));
      await sandbox.close();
      await world.restart();
    },
    TIMEOUT_MS,
  );

  test('after: the clock has followed and the state is Stripe’s', async () => {
    const { now } = await world.api('GET', `/v1/environments/${world.environmentId}/clock`);
    await world.advance(now);
    expect(Temporal.Instant.from(now).toString()).toBe(renewal.add({ hours: 73 }).toString());
    const statuses = async (person: keyof typeof PEOPLE) =>
      (await world.api('GET', `/v1/subscriptions?customer=${cast.customers[person]}`)).data[0]?.status;
    expect([await statuses('ada'), await statuses('ben'), await statuses('clara'), await statuses('dmitri')]).toEqual([
      'active',
      'canceled',
      'in_trial',
      'active',
    ]);
    const invoices = (await world.api('GET', `/v1/invoices?customer=${cast.customers.ada}`)).data;
    expect(invoices.map((invoice: { payment_status: string }) => invoice.payment_status)).toEqual(['succeeded', 'succeeded']);
  });

  test('each mail came once, or not at all where its time had passed', async () => {
    // Her renewal was charged after Stripe’s three days of waiting for our answer, an hour ago.
    expect(triggersSent(await to('ada'))).toEqual([
      'payment.received',
      'payment.received',
      'subscription.created',
      'subscription.renewing',
    ]);
    // His subscription ended three days ago: told when our clock passed that moment, or no news any more.
    const farewells = (await to('ben')).filter(({ trigger }) => trigger === 'subscription.canceled');
    expect(farewells.map(({ status }) => ['sent', 'delivered', 'expired'].includes(status))).toEqual([true]);
    // Her trial still ends in the future, and our own clock passed the day on which she is told.
    expect(triggersSent(await to('clara'))).toEqual(['subscription.created', 'trial.ending']);
    expect(triggersSent(await to('dmitri'))).toEqual(['payment.received', 'subscription.created']);
  });

  test(
    'nothing comes twice: not by another start, and not by the deliveries that Stripe repeats',
    async () => {
      const before = await allMessages();
      const mails = await world.mailbox();
      await world.restart();
      await world.sandbox.control.flush(account);
      await world.sandbox.control.idle(account);
      const { now } = await world.api('GET', `/v1/environments/${world.environmentId}/clock`);
      await world.advance(now);
      expect(await allMessages()).toEqual(before);
      expect((await world.mailbox()).length).toBe(mails.length);
    },
    TIMEOUT_MS,
  );
});
