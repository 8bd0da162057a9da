import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { openCompany, subscribe } from '../../src/demo/acts.ts';
import { haveRecordings } from '../support/recorded-events.ts';
import { startWorld, type World } from '../support/world.ts';
import { type Doc, recordedObject, remember, send } from './recorded.ts';

/**
 * Done means 3: each of the seven mails from a payload that Stripe really sent, moved to the present. What a recording leaves out
 * (the customer's address, which invoice a PaymentIntent pays) is added beside it, never changed in it.
 */
const TIMEOUT_MS = 120_000;
const here = haveRecordings();

describe.skipIf(!here)('the seven mails from recorded payloads', () => {
  let world: World;
  let account: string;
  let now: Temporal.Instant;
  beforeAll(async () => {
    world = await startWorld();
    account = (await world.sandbox.control.accounts())[0]?.id ?? '';
    now = Temporal.Instant.from((await world.api('GET', `/v1/environments/${world.environmentId}/clock`)).now);
    const products = ['prod_00000000000000', 'prod_1234'].map((id) => ({
      id,
      object: 'product',
      name: 'Pro plan',
      active: true,
      metadata: {},
    }));
    await remember(world, account, products);
  }, TIMEOUT_MS);
  afterAll(() => world?.close());

  /** The mails of a trigger so far, by the Stripe id of what they are about. */
  async function mailsOf(trigger: string): Promise<{ stripe_object_id: string; to: string; status: string }[]> {
    await world.advance(now.toString());
    const { data } = await world.api('GET', `/v1/emails/messages?trigger=${trigger}&limit=100`);
    return data.map(({ stripe_object_id, to, status }: Record<string, string>) => ({ stripe_object_id, to, status }));
  }

  async function moveTo(instant: Temporal.Instant): Promise<void> {
    await world.advance(instant.toString());
    now = instant;
  }

  /** How a PaymentIntent and its invoice belong together: Stripe tells it in an object of its own, which nobody recorded. */
  function invoicePayment(invoice: Doc, intent: Doc, status: 'open' | 'paid'): Doc {
    const payment = { type: 'payment_intent', payment_intent: intent.id };
    const { id, created, currency } = invoice;
    return {
      id: `inpay_${intent.id}`,
      object: 'invoice_payment',
      created,
      currency,
      invoice: id,
      is_default: true,
      livemode: false,
      payment,
      status,
    };
  }

  const sent = (id: unknown) => [{ stripe_object_id: id, to: expect.stringContaining('@'), status: 'sent' }];

  test(
    'E4 invoice.upcoming: the mail comes by our own timer, seven days ahead, and the recorded notice adds none',
    async () => {
      const cast = await openCompany(world.stripe);
      await subscribe('ada', ['starter'])(cast);
      await moveTo(now);
      const [living] = (await world.api('GET', '/v1/subscriptions')).data;
      await moveTo(Temporal.Instant.from(living.period_end).subtract({ hours: 24 * 7 }));
      const upcoming = recordedObject('invoice.upcoming__unstated__707af0d0.data.json', { anchor: 'created', at: now });
      // Stripe names no invoice here, only customer and subscription: those of somebody who is there.
      const parent = { ...upcoming.parent, subscription_details: { metadata: {}, subscription: living.billing_id } };
      await send(world, { type: 'invoice.upcoming', object: { ...upcoming, customer: cast.customers.ada, parent }, created: now });
      expect(await mailsOf('subscription.renewing')).toEqual(sent(living.billing_id));
    },
    TIMEOUT_MS,
  );

  test('E1 customer.subscription.created', async () => {
    const object = recordedObject('customer.subscription.created__2020-08-27__2e7148a0.json', { anchor: 'created', at: now });
    await remember(world, account, [object]);
    await send(world, { type: 'customer.subscription.created', object, created: now, apiVersion: '2020-08-27' });
    expect(await mailsOf('subscription.created')).toEqual([...sent(object.id), ...sent(expect.stringMatching(/^sub_/))]);
  });

  test('E2 customer.subscription.deleted', async () => {
    const object = recordedObject('customer.subscription.deleted__2020-08-27__d3fe055f.json', { anchor: 'canceled_at', at: now });
    await remember(world, account, [object]);
    await send(world, { type: 'customer.subscription.deleted', object, created: now, apiVersion: '2020-08-27' });
    expect(await mailsOf('subscription.canceled')).toEqual(sent(object.id));
  });

  test('E5 customer.subscription.trial_will_end', async () => {
    const at = now.add({ hours: 73 });
    const file = 'customer.subscription.trial_will_end__unstated__368dc98c.data.json';
    const object = recordedObject(file, { anchor: 'trial_end', at, id: 'sub_trial' });
    // The recording was made of a subscription that had ended since; when Stripe sent it, it was in its trial.
    const then = {
      ...object,
      status: 'trialing',
      canceled_at: null,
      current_period_start: object.trial_start,
      current_period_end: object.trial_end,
    };
    await remember(world, account, [then]);
    await send(world, { type: 'customer.subscription.trial_will_end', object, created: now });
    expect(await mailsOf('trial.ending')).toEqual([]);
    await moveTo(now.add({ hours: 1 }));
    expect(await mailsOf('trial.ending')).toEqual(sent('sub_trial'));
  });

  test('E3 invoice.payment_failed', async () => {
    const invoice = recordedObject('invoice.payment_failed__unstated__0e614305.data.json', { anchor: 'created', at: now });
    const intent = recordedObject('payment_intent.payment_failed__2020-03-02__74d180eb.json', { anchor: 'created', at: now });
    // The recorded PaymentIntent had its reason removed.
    const declined = {
      type: 'card_error',
      code: 'card_declined',
      decline_code: 'insufficient_funds',
      message: 'Your card has insufficient funds.',
    };
    const renewed = recordedObject('customer.subscription.created__unstated__b6d47d8a.data.json', {
      anchor: 'current_period_start',
      at: now,
      id: 'sub_1234',
    });
    const subscription = { ...renewed, customer: invoice.customer, status: 'past_due', trial_start: null, trial_end: null };
    await remember(world, account, [
      subscription,
      invoice,
      { ...intent, customer: invoice.customer, last_payment_error: declined },
      invoicePayment(invoice, intent, 'open'),
    ]);
    await send(world, { type: 'invoice.payment_failed', object: invoice, created: now });
    expect(await mailsOf('payment.failed')).toEqual(sent(invoice.id));
  });

  test('E6 invoice.paid', async () => {
    const invoice = recordedObject('invoice.paid__2025-11-17.clover__1d802589.json', { anchor: 'created', at: now, id: 'in_recorded' });
    const intent = recordedObject('payment_intent.succeeded__2025-11-17.clover__74ae488e.json', {
      anchor: 'created',
      at: now,
      id: 'pi_recorded',
    });
    await remember(world, account, [invoice, { ...intent, customer: invoice.customer }, invoicePayment(invoice, intent, 'paid')]);
    await send(world, { type: 'invoice.paid', object: invoice, created: now, apiVersion: '2025-11-17.clover' });
    expect(await mailsOf('payment.received')).toEqual([...sent('in_recorded'), ...sent(expect.stringMatching(/^in_/))]);
  });

  test('E7 refund.updated', async () => {
    const refund = recordedObject('refund.updated__2020-03-02__cdfb20d4.json', { anchor: 'created', at: now });
    const paid = recordedObject('payment_intent.succeeded__2025-11-17.clover__ab2bb4f1.json', {
      anchor: 'created',
      at: now,
      id: refund.payment_intent,
    });
    await remember(world, account, [{ ...paid, customer: 'cus_refunded' }, refund]);
    await send(world, { type: 'refund.updated', object: refund, created: now, apiVersion: '2020-03-02' });
    expect(await mailsOf('refund.completed')).toEqual(sent(refund.id));
  });

  test('none of them was told twice, and every mail went to the Mailbox', async () => {
    await world.advance(now.toString());
    const { data } = await world.api('GET', '/v1/emails/messages?limit=100');
    const keys = data.map((message: Doc) => `${message.trigger} ${message.stripe_object_id}`);
    expect(new Set(keys).size).toBe(keys.length);
    expect((await world.mailbox()).length).toBe(data.filter((message: Doc) => message.status === 'sent').length);
  });
});
