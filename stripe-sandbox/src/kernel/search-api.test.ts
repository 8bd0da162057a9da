/** Stripe's query language through the API [docs.stripe.com/search], against an oracle that filters the list. */
import type Stripe from 'stripe';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { openWorld, refusal, type World } from '../billing/payments/test-world.ts';

let world: World;
let intents: Stripe.PaymentIntent[];
beforeAll(async () => {
  world = await openWorld('2026-01-05T09:00:00Z');
  const rows: [number, string, Record<string, string>][] = [
    [900, 'usd', { order_id: '6735', 'Order No. 7': 'a' }],
    [1000, 'usd', { order_id: '6736' }],
    [1500, 'eur', { order_id: 'X-6737' }],
    [2000, 'usd', {}],
    [2500, 'eur', { note: 'say "hi" AND go' }],
  ];
  for (const [amount, currency, metadata] of rows) {
    await world.stripe.paymentIntents.create({
      amount,
      currency,
      metadata,
      payment_method: amount === 2000 ? 'pm_card_mastercard' : 'pm_card_visa',
      automatic_payment_methods: { enabled: true, allow_redirects: 'never' },
      confirm: amount !== 2500,
    });
    await world.advance(60);
  }
  intents = (await world.stripe.paymentIntents.list({ limit: 100 })).data;
});
afterAll(() => world.close());

const START = Date.parse('2026-01-05T09:00:00Z') / 1000;

it.each<[string, (intent: Stripe.PaymentIntent) => boolean]>([
  ['amount>1000', (intent) => intent.amount > 1000],
  ['amount>=1000 AND amount<2000', (intent) => intent.amount >= 1000 && intent.amount < 2000],
  ['amount:1500', (intent) => intent.amount === 1500],
  [`currency:"EUR"`, (intent) => intent.currency === 'eur'],
  [`metadata["order_id"]:"6735"`, (intent) => intent.metadata.order_id === '6735'],
  [`metadata['order_id']~'673'`, (intent) => intent.metadata.order_id?.includes('673') ?? false],
  [`metadata["Order No. 7"]:'a'`, (intent) => intent.metadata['Order No. 7'] === 'a'],
  [`-metadata["order_id"]:null`, (intent) => intent.metadata.order_id !== undefined],
  [`metadata["order_id"]:null`, (intent) => intent.metadata.order_id === undefined],
  [`metadata["note"]:"say \\"hi\\" AND go"`, (intent) => intent.metadata.note !== undefined],
  [`status:'succeeded' AND -currency:'usd'`, (intent) => intent.status === 'succeeded' && intent.currency !== 'usd'],
  [`amount<1000 OR amount>2000`, (intent) => intent.amount < 1000 || intent.amount > 2000],
  [`created>${START + 60} created<=${START + 180}`, (intent) => intent.created > START + 60 && intent.created <= START + 180],
])('%s', async (query, holds) => {
  const found = await world.stripe.paymentIntents.search({ query, limit: 100 });
  const wanted = intents.filter(holds).map((intent) => intent.amount);
  expect(wanted.length).toBeGreaterThan(0);
  expect(found.data.map((intent) => intent.amount)).toEqual(wanted);
});

it('charges are found by what their card shows', async () => {
  const { stripe } = world;
  const amounts = async (query: string) => (await stripe.charges.search({ query })).data.map((charge) => charge.amount);
  expect(await amounts(`payment_method_details.card.last4:"4444"`)).toEqual([2000]);
  expect(await amounts(`payment_method_details.card.brand:"visa" AND amount>=1000`)).toEqual([1500, 1000]);
  expect(await amounts('payment_method_details.card.exp_year>2026')).toHaveLength(4);
  expect(await amounts(`disputed:"true"`)).toEqual([]);
});

it('pages by token, and refuses what cannot be read with 400 on `query`', async () => {
  const { stripe } = world;
  const first = await stripe.paymentIntents.search({ query: 'amount>0', limit: 2 });
  expect([first.data.length, first.has_more]).toEqual([2, true]);
  const second = await stripe.paymentIntents.search({ query: 'amount>0', limit: 3, page: first.next_page! });
  expect([...first.data, ...second.data].map((intent) => intent.id)).toEqual(intents.map((intent) => intent.id));
  expect([second.has_more, second.next_page]).toEqual([false, null]);
  for (const query of [`amount>"many"`, `colour:'red'`, `amount>1 AND`, `metadata:'x'`, `amount>1 AND amount<2 OR amount:3`]) {
    const error = await refusal(stripe.paymentIntents.search({ query }));
    expect([error.statusCode, error.param]).toEqual([400, 'query']);
  }
});
