import { afterAll, beforeAll, expect, test } from 'vitest';
import { room as customers, recordCustomer } from '../../src/customers/index.ts';
import { room as invoices, recordInvoice } from '../../src/invoices/index.ts';
import { room as payments, recordInvoicePayment, recordRefund } from '../../src/payments/index.ts';
import { recordSubscription, room as subscriptions } from '../../src/subscriptions/index.ts';
import { type Kit, startKit } from '../support/kit.ts';
import { callRoute } from './call-route.ts';
import {
  customerReport,
  declined,
  invoicePaymentReport,
  invoiceReport,
  issued,
  itemReport,
  paid,
  refundReport,
  subscriptionReport,
} from './reports.ts';

/** Three customers with a subscription each, an invoice each, and for one of them a refund. */
const ROUTES = [customers, subscriptions, invoices, payments].flatMap(({ routes }) => routes ?? []);
const NAMES = ['ada', 'bob', 'cyd'];

let kit: Kit;
const ids: Record<string, { customer: string; subscription: string; invoice: string; payment: string }> = {};
beforeAll(async () => {
  kit = await startKit({ now: '2026-02-01T01:00:00Z' });
  for (const name of NAMES) ids[name] = await live(name);
});
afterAll(() => kit?.close());

async function live(name: string) {
  const ctx = await kit.ctx();
  const customer = (await recordCustomer(ctx, customerReport({ stripeId: `cus_${name}`, name, email: `${name}@example.com` }))).row.id;
  const items = [
    itemReport({ itemKey: `si_${name}`, stripePriceId: `price_${name}`, stripeProductId: name === 'cyd' ? 'prod_team' : 'prod_pro' }),
  ];
  const subscription = (await recordSubscription(ctx, subscriptionReport(customer, { stripeId: `sub_${name}`, items }))).row.id;
  const state = name === 'bob' ? issued({ attemptCount: 1 }) : paid();
  const invoice = (await recordInvoice(ctx, invoiceReport(customer, { ...state, stripeId: `in_${name}`, subscriptionId: subscription })))
    .row.id;
  const report = { stripePaymentIntentId: `pi_${name}`, ...(name === 'bob' ? declined('ch_bob', 1) : { status: 'succeeded' as const }) };
  const payment = (await recordInvoicePayment(ctx, invoicePaymentReport(invoice, report)))?.row.id ?? '';
  if (name === 'ada') await recordRefund(ctx, refundReport({ stripePaymentIntentId: 'pi_ada', status: 'succeeded' }));
  return { customer, subscription, invoice, payment };
}

const get = async (path: string) => callRoute(await kit.ctx(), ROUTES, path);
const stripeIds = async (path: string) => (await get(path)).body.data.map(({ billing_id }) => billing_id);

test('lists are newest first, a page at a time, and a page costs the same however long it is', async () => {
  const first = await get('/v1/customers?limit=2');
  expect(first.body.data.map(({ name }) => name)).toEqual(['cyd', 'bob']);
  expect(first.body).toMatchObject({ object: 'list', has_more: true, next_cursor: ids.bob?.customer });
  const second = await get(`/v1/customers?limit=2&cursor=${first.body.next_cursor}`);
  expect(second.body.data.map(({ name }) => name)).toEqual(['ada']);
  expect(second.body).toMatchObject({ has_more: false, next_cursor: null });
  for (const path of ['/v1/customers', '/v1/subscriptions', '/v1/invoices', '/v1/payments', '/v1/refunds']) {
    expect([path, (await get(`${path}?limit=1`)).queries]).toEqual([path, (await get(`${path}?limit=100`)).queries]);
  }
});

test('filters take our id or Stripe’s, and a name that nobody has finds nothing', async () => {
  for (const reference of ['cus_bob', ids.bob?.customer]) {
    expect(await stripeIds(`/v1/subscriptions?customer=${reference}`)).toEqual(['sub_bob']);
    expect(await stripeIds(`/v1/invoices?customer=${reference}`)).toEqual(['in_bob']);
    expect(await stripeIds(`/v1/payments?customer=${reference}`)).toEqual(['pi_bob']);
  }
  for (const reference of ['sub_ada', ids.ada?.subscription])
    expect(await stripeIds(`/v1/invoices?subscription=${reference}`)).toEqual(['in_ada']);
  for (const reference of ['in_ada', ids.ada?.invoice]) {
    expect(await stripeIds(`/v1/payments?invoice=${reference}`)).toEqual(['pi_ada']);
    expect(await stripeIds(`/v1/refunds?invoice=${reference}`)).toEqual(['re_1']);
  }
  for (const reference of ['pi_ada', ids.ada?.payment]) expect(await stripeIds(`/v1/refunds?payment=${reference}`)).toEqual(['re_1']);
  expect(await stripeIds('/v1/invoices?customer=cus_nobody')).toEqual([]);
  expect(await stripeIds('/v1/refunds?customer=cus_bob')).toEqual([]);
});

test('filters by what is sold, by status and by address', async () => {
  expect(await stripeIds('/v1/subscriptions?stripe_product=prod_pro')).toEqual(['sub_bob', 'sub_ada']);
  expect(await stripeIds('/v1/subscriptions?stripe_product=prod_pro&stripe_price=price_ada')).toEqual(['sub_ada']);
  expect(await stripeIds('/v1/subscriptions?status=canceled')).toEqual([]);
  expect(await stripeIds('/v1/invoices?payment_status=failed')).toEqual(['in_bob']);
  expect(await stripeIds('/v1/invoices?status=finalized&payment_status=succeeded')).toEqual(['in_cyd', 'in_ada']);
  expect(await stripeIds('/v1/payments?status=failed')).toEqual(['pi_bob']);
  expect(await stripeIds('/v1/customers?email=ADA@example.com')).toEqual(['cus_ada']);
});

test('one object is read by either id, with what belongs to it', async () => {
  expect((await get('/v1/customers/cus_ada')).body).toEqual((await get(`/v1/customers/${ids.ada?.customer}`)).body);
  expect((await get('/v1/subscriptions/sub_ada')).body).toMatchObject({
    status: 'active',
    access: 'granted',
    items: [{ stripe_price_id: 'price_ada', quantity: '1' }],
  });
  expect((await get('/v1/invoices/in_ada')).body).toMatchObject({
    total_amount: 3000,
    paid_amount: 3000,
    returned_amount: 1000,
    payment_status: 'succeeded',
    lines: [{ description: '1 × Pro', amount: 3000 }],
  });
  expect((await get('/v1/payments/pi_bob')).body).toMatchObject({ status: 'failed', error: { decline_code: 'insufficient_funds' } });
  expect((await get('/v1/refunds/re_1')).body).toMatchObject({ amount: 1000, payment_amount: 3000, invoice_id: ids.ada?.invoice });
});

test.each(['customers/cus_x', 'subscriptions/sub_x', 'invoices/in_x', 'payments/pi_x', 'refunds/re_x'])(
  'an unknown %s is 404',
  async (path) => {
    await expect(get(`/v1/${path}`)).rejects.toMatchObject({ status: 404, code: 'not_found' });
  },
);

test('no answer shows more of a card than brand, last four and expiry', async () => {
  const { body } = await get('/v1/customers/cus_ada');
  expect(Object.keys(body.payment_method as object).sort()).toEqual([
    'brand',
    'exp_month',
    'exp_year',
    'funding',
    'last4',
    'stripe_id',
    'type',
  ]);
});
