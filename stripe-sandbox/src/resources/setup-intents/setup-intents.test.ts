import { afterAll, beforeAll, expect, test } from 'vitest';
import { openWorld, refusal, type World } from '../../billing/payments/test-world.ts';

const NO_REDIRECTS = { enabled: true, allow_redirects: 'never' } as const;

let world: World;
beforeAll(async () => {
  world = await openWorld();
});
afterAll(() => world.close());

test('a card is saved for later: attached, then succeeded', async () => {
  const { stripe } = world;
  const customer = await world.customer();
  await world.fresh();
  const intent = await stripe.setupIntents.create({
    customer: customer.id,
    payment_method: 'pm_card_visa',
    automatic_payment_methods: NO_REDIRECTS,
    confirm: true,
    mandate_data: { customer_acceptance: { type: 'online', online: { ip_address: '127.0.0.1', user_agent: 'test' } } },
    expand: ['latest_attempt'],
  });
  expect(intent).toMatchObject({
    status: 'succeeded',
    usage: 'off_session',
    customer: customer.id,
    last_setup_error: null,
    latest_attempt: { status: 'succeeded', setup_intent: intent.id },
  });
  expect(await world.fresh()).toEqual(['setup_intent.created', 'payment_method.attached', 'setup_intent.succeeded']);
  const [saved] = (await stripe.customers.listPaymentMethods(customer.id)).data;
  expect(saved?.id).toBe(intent.payment_method);
  const mandate = await stripe.mandates.retrieve(intent.mandate as string);
  expect(mandate).toMatchObject({ type: 'multi_use', status: 'active', payment_method: intent.payment_method });
  expect((await stripe.setupAttempts.list({ setup_intent: intent.id })).data).toHaveLength(1);
  const again = await refusal(stripe.setupIntents.confirm(intent.id));
  expect([again.statusCode, again.code]).toEqual([400, 'setup_intent_unexpected_state']);
});

test('[S 3.12] a plain decline card cannot be saved: 402, and the intent wants another card', async () => {
  const { stripe } = world;
  const customer = await world.customer();
  await world.fresh();
  const error = await refusal(
    stripe.setupIntents.create({
      customer: customer.id,
      payment_method: 'pm_card_chargeDeclined',
      automatic_payment_methods: NO_REDIRECTS,
      confirm: true,
    }),
  );
  expect([error.statusCode, error.code, error.setup_intent?.status]).toEqual([402, 'card_declined', 'requires_payment_method']);
  expect(await world.fresh()).toEqual(['setup_intent.created', 'setup_intent.setup_failed']);
  const intent = await stripe.setupIntents.retrieve(error.setup_intent!.id);
  expect(intent).toMatchObject({ payment_method: null, last_setup_error: { type: 'card_error', code: 'card_declined' } });
  const saved = await stripe.setupIntents.confirm(intent.id, { payment_method: 'pm_card_visa' });
  expect([saved.status, saved.last_setup_error]).toEqual(['succeeded', null]);
});

test('[S 3.12] cards that authenticate ask first', async () => {
  const { stripe } = world;
  const customer = await world.customer();
  await world.fresh();
  const intent = await stripe.setupIntents.create({
    customer: customer.id,
    payment_method: 'pm_card_authenticationRequiredOnSetup',
    confirm: true,
    return_url: 'https://shop.example/back',
  });
  expect(intent).toMatchObject({
    status: 'requires_action',
    next_action: { type: 'redirect_to_url', redirect_to_url: { return_url: 'https://shop.example/back' } },
  });
  expect(await world.fresh()).toEqual(['setup_intent.created', 'setup_intent.requires_action']);
  expect((await stripe.customers.listPaymentMethods(customer.id)).data).toEqual([]);
});

test('an intent is created empty, given a card, and canceled only while open', async () => {
  const { stripe } = world;
  const customer = await world.customer();
  const intent = await stripe.setupIntents.create({ customer: customer.id, usage: 'on_session', metadata: { a: '1' } });
  expect(intent).toMatchObject({
    status: 'requires_payment_method',
    usage: 'on_session',
    automatic_payment_methods: { enabled: true, allow_redirects: 'always' },
  });
  expect(intent.client_secret).toMatch(new RegExp(`^${intent.id}_secret_`));
  const missing = await refusal(stripe.setupIntents.confirm(intent.id, { return_url: 'https://shop.example/back' }));
  expect(missing.message).toContain("because it's missing a payment method");
  const noUrl = await refusal(stripe.setupIntents.confirm(intent.id, { payment_method: 'pm_card_visa' }));
  expect(noUrl.message).toContain('you must provide a `return_url`');
  const updated = await stripe.setupIntents.update(intent.id, {
    payment_method: 'pm_card_visa',
    metadata: { b: '2' },
    description: 'card on file',
  });
  expect(updated).toMatchObject({ status: 'requires_confirmation', metadata: { a: '1', b: '2' }, description: 'card on file' });
  expect((await stripe.setupIntents.list({ customer: customer.id })).data.map((one) => one.id)).toEqual([intent.id]);
  await world.fresh();
  expect(await stripe.setupIntents.cancel(intent.id, { cancellation_reason: 'abandoned' })).toMatchObject({
    status: 'canceled',
    cancellation_reason: 'abandoned',
  });
  expect(await world.fresh()).toEqual(['setup_intent.canceled']);
  expect((await refusal(stripe.setupIntents.cancel(intent.id))).code).toBe('setup_intent_unexpected_state');
  expect((await refusal(stripe.setupIntents.retrieve('seti_none'))).message).toBe("No such setupintent: 'seti_none'");
});
