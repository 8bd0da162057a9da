/** Real Stripe's shapes and refusals, read in place from the shared folder: what it says, we say. */
import { existsSync, readFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import type Stripe from 'stripe';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import type { Params } from '../../kernel/types.ts';
import { openWorld, type World } from './test-world.ts';

const ROOT = join(dirname(fileURLToPath(import.meta.url)), '../../../..');
const SHARED = process.env.BILLOW_SHARED ?? join(ROOT, '../shared');
const FIXTURES = join(SHARED, 'stripe/fixtures3.json');
const RECORDINGS = join(SHARED, 'stripe/http/pay-recordings.jsonl');
const present = existsSync(FIXTURES) && existsSync(RECORDINGS);

if (!present && process.env.CI === 'true') throw new Error(`No Stripe recordings under ${SHARED}: set BILLOW_SHARED.`);
if (!present) process.stderr.write(`SKIPPED: no Stripe recordings under ${SHARED} (set BILLOW_SHARED).\n`);

/** Fields of fixtures that are not required, are shown only when expanded, or belong to what is not emulated. */
const NOT_OURS = new Set([
  'charge.refunds',
  'charge.shipping',
  'charge.source',
  'charge.transfer_data',
  'payment_method.metadata.order_id',
  'payment_intent.transfer_data.destination',
]);

describe.runIf(present)('[sandbox 9.2] objects have every field of the official fixtures', () => {
  let world: World;
  let ours: Record<string, object>;
  beforeAll(async () => {
    world = await openWorld();
    ours = await oneOfEach(world);
  });
  afterAll(() => world.close());

  test.each([
    'balance_transaction',
    'charge',
    'coupon',
    'customer',
    'customer_balance_transaction',
    'payment_intent',
    'payment_method',
    'price',
    'product',
    'promotion_code',
    'refund',
    'setup_intent',
    'tax_id',
    'token',
  ])('%s', (name) => {
    const fixtures = JSON.parse(readFileSync(FIXTURES, 'utf8')) as { resources: Record<string, Params> };
    const mine = JSON.parse(JSON.stringify(ours[name])) as Params;
    expect(missingFields(fixtures.resources[name]!, mine, name).filter((path) => !NOT_OURS.has(path))).toEqual([]);
  });
});

type Recording = { method: string; path: string; form: [string, string][] | null; status: number; response: Params | string };

describe.runIf(present)('[sandbox 9.3] recorded refusals are answered with the same status and error', () => {
  let world: World;
  let secretKey: string;
  beforeAll(async () => {
    world = await openWorld();
    secretKey = (await world.sandbox.control.createAccount()).secretKey;
  });
  afterAll(() => world.close());

  test('attaching, paying nothing, missing customers', async () => {
    const recordings = refusals();
    expect(recordings.length).toBeGreaterThan(8);
    for (const recording of recordings) {
      const answer = await replay(recording);
      const mine = (await answer.json()) as { error: Params };
      expect([recording.path, answer.status, tuple(mine.error)]).toEqual([recording.path, recording.status, tuple(errorOf(recording))]);
    }
  });

  function refusals(): Recording[] {
    const all = readFileSync(RECORDINGS, 'utf8')
      .trim()
      .split('\n')
      .map((line) => JSON.parse(line) as Recording);
    const wanted = (one: Recording) =>
      /\/attach$/.test(one.path) ||
      (one.path === '/v1/payment_intents' && one.method === 'POST') ||
      /^\/v1\/customers\/\w+$/.test(one.path);
    return all.filter((one) => one.status >= 400 && wanted(one));
  }

  async function replay(recording: Recording): Promise<Response> {
    const headers = { authorization: `Bearer ${secretKey}` };
    const call = (path: string, method: string, body?: string) =>
      world.sandbox.fetch(`https://api.stripe.com${path}`, { method, headers, ...(body === undefined ? {} : { body }) });
    const customer = (await (await call('/v1/customers', 'POST', '')).json()) as { id: string };
    const form = new URLSearchParams((recording.form ?? []).filter(([name]) => !name.startsWith('expand')));
    if (form.has('customer')) form.set('customer', customer.id);
    return call(recording.path, recording.method, recording.method === 'GET' ? undefined : form.toString());
  }
});

function errorOf(recording: Recording): Params {
  const { response } = recording;
  return (typeof response === 'string' ? (JSON.parse(response) as Params) : response).error;
}

function tuple(error: Params): Params {
  const { type, code, param, decline_code, message } = error;
  return { type, code, param, decline_code, message };
}

/** Paths that the reference has and ours lacks; a null of ours stands for a whole branch. */
function missingFields(reference: Params, mine: Params, at: string): string[] {
  return Object.entries(reference).flatMap(([key, value]) => {
    const path = `${at}.${key}`;
    if (!(key in mine)) return [path];
    const both = isPlain(value) && isPlain(mine[key]);
    return both ? missingFields(value, mine[key], path) : [];
  });
}

function isPlain(value: unknown): value is Params {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

async function oneOfEach({ stripe, customer: newCustomer }: World): Promise<Record<string, object>> {
  const customer = await newCustomer('pm_card_visa');
  const method = customer.invoice_settings.default_payment_method as string;
  const terms = { amount: 2900, currency: 'usd', customer: customer.id, payment_method: method, off_session: true, confirm: true };
  const intent: Stripe.PaymentIntent = await stripe.paymentIntents.create(terms);
  const charge = await stripe.charges.retrieve(intent.latest_charge as string);
  const product = await stripe.products.create({ name: 'Team' });
  const coupon = await stripe.coupons.create({ percent_off: 5 });
  return {
    balance_transaction: await stripe.balanceTransactions.retrieve(charge.balance_transaction as string),
    charge,
    coupon,
    customer,
    customer_balance_transaction: await stripe.customers.createBalanceTransaction(customer.id, { amount: -5, currency: 'usd' }),
    payment_intent: intent,
    payment_method: await stripe.paymentMethods.retrieve(method),
    price: await stripe.prices.create({ product: product.id, currency: 'usd', unit_amount: 5, recurring: { interval: 'month' } }),
    product,
    promotion_code: await stripe.promotionCodes.create({ promotion: { type: 'coupon', coupon: coupon.id } }),
    refund: await stripe.refunds.create({ charge: charge.id, amount: 5 }),
    setup_intent: await stripe.setupIntents.create({}),
    tax_id: await stripe.customers.createTaxId(customer.id, { type: 'eu_vat', value: 'DE123456789' }),
    token: await stripe.tokens.create({ card: { number: '4242424242424242', exp_month: '1', exp_year: '2030' } }),
  };
}
