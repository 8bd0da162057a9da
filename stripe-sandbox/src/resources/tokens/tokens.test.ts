import { afterAll, beforeAll, expect, test } from 'vitest';
import { openWorld, refusal, type World } from '../../billing/payments/test-world.ts';

let world: World;
beforeAll(async () => {
  world = await openWorld();
});
afterAll(() => world.close());

test('a card becomes a single-use token, and the token one payment method', async () => {
  const { stripe } = world;
  const token = await stripe.tokens.create({ card: { number: '4000000000000341', exp_month: '4', exp_year: '2030', cvc: '123' } });
  expect(token).toMatchObject({ type: 'card', used: false, card: { object: 'card', brand: 'Visa', last4: '0341', exp_year: 2030 } });
  const method = await stripe.paymentMethods.create({ type: 'card', card: { token: token.id } });
  expect(method.card).toMatchObject({ last4: '0341', exp_month: 4, exp_year: 2030 });
  expect((await stripe.tokens.retrieve(token.id)).used).toBe(true);
  const again = await refusal(stripe.paymentMethods.create({ type: 'card', card: { token: token.id } }));
  expect([again.statusCode, again.code]).toEqual([400, 'token_already_used']);
});

test('shared tokens are there to read and use, unknown ones are not', async () => {
  const { stripe } = world;
  expect(await stripe.tokens.retrieve('tok_mastercard')).toMatchObject({
    id: 'tok_mastercard',
    card: { brand: 'MasterCard', last4: '4444' },
  });
  const method = await stripe.paymentMethods.create({ type: 'card', card: { token: 'tok_visa' } });
  expect(method.card?.last4).toBe('4242');
  const unknown = await refusal(stripe.paymentMethods.create({ type: 'card', card: { token: 'tok_nothing' } }));
  expect([unknown.statusCode, unknown.code, unknown.param]).toEqual([400, 'resource_missing', 'card[token]']);
});
