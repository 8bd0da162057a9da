import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import Stripe from 'stripe';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { CLI_IS_MISSING, type CliAccount, type CliWorld, openCliWorld } from './support.ts';

type Json = Record<string, never> & { id: string; object: string; error: { code: string; param: string; message: string } };

/** How a fixture names what an earlier one made. */
const idOf = (name: string) => `\${${name}:id}`;

describe.skipIf(CLI_IS_MISSING)('commands of the Stripe CLI', () => {
  let world: CliWorld;
  let cli: CliAccount;
  const folder = mkdtempSync(join(tmpdir(), 'stripe-fixtures-'));
  beforeAll(async () => {
    world = await openCliWorld();
    cli = await world.account();
  });
  afterAll(async () => {
    await world.close();
    rmSync(folder, { recursive: true, force: true });
  });

  /** What a command prints as JSON. */
  const json = async (...args: string[]): Promise<Json> => {
    const { stdout, output } = await cli.run(...args);
    const start = stdout.indexOf('{');
    if (start < 0) throw new Error(`stripe ${args.join(' ')} printed no JSON:\n${output}`);
    return JSON.parse(stdout.slice(start)) as Json;
  };

  test('a customer is created, read, changed, listed and deleted by resource commands', async () => {
    const created = await json('customers', 'create', '--email', 'jenny@example.com', '-d', 'metadata[plan]=gold');
    expect(created).toMatchObject({ object: 'customer', email: 'jenny@example.com', metadata: { plan: 'gold' } });
    expect(await json('customers', 'retrieve', created.id)).toMatchObject({ id: created.id });
    expect(await json('customers', 'update', created.id, '--name', 'Jenny Rosen')).toMatchObject({ name: 'Jenny Rosen' });
    expect(await json('customers', 'list', '--limit', '5', '--email', 'jenny@example.com')).toMatchObject({
      object: 'list',
      data: [{ id: created.id }],
      has_more: false,
    });
    expect(await json('customers', 'delete', created.id, '--confirm')).toEqual({ id: created.id, object: 'customer', deleted: true });
    expect(await json('customers', 'retrieve', created.id)).toMatchObject({ deleted: true });
  });

  test('get, post and delete take ids and paths, pages and expansions', async () => {
    const [first, second] = [
      await json('post', '/v1/customers', '-d', 'name=First', '-d', 'source=tok_visa'),
      await json('post', '/v1/customers', '-d', 'name=Second'),
    ];
    expect(await json('get', first.id)).toMatchObject({ id: first.id, name: 'First' });
    expect(await json('get', first.id, '--expand', 'default_source')).toMatchObject({ default_source: { object: 'card', last4: '4242' } });
    const page = (await json('get', '/v1/customers', '--limit', '1')) as unknown as { data: { id: string }[]; has_more: boolean };
    expect([page.data.map((one) => one.id), page.has_more]).toEqual([[second.id], true]);
    const next = await json('get', '/v1/customers', '--limit', '1', '--starting-after', second.id);
    expect(next).toMatchObject({ data: [{ id: first.id }] });
    expect(await json('delete', `/v1/customers/${second.id}`, '--confirm')).toMatchObject({ id: second.id, deleted: true });
  });

  test('a subscription begins, changes and ends', async () => {
    const product = await json('products', 'create', '--name', 'Pro');
    const price = await json(
      'prices',
      'create',
      '--product',
      product.id,
      '--currency',
      'usd',
      '--unit-amount',
      '1500',
      '-d',
      'recurring[interval]=month',
    );
    const customer = await json(
      'customers',
      'create',
      '-d',
      'payment_method=pm_card_visa',
      '-d',
      'invoice_settings[default_payment_method]=pm_card_visa',
    );
    const subscription = await json('subscriptions', 'create', '--customer', customer.id, '-d', `items[0][price]=${price.id}`);
    expect(subscription).toMatchObject({ status: 'active', items: { data: [{ price: { id: price.id } }] } });
    const invoice = await json('get', (subscription as Record<string, string>).latest_invoice!);
    expect(invoice).toMatchObject({ status: 'paid', amount_paid: 1500 });
    expect(await json('subscriptions', 'update', subscription.id, '-d', 'cancel_at_period_end=true')).toMatchObject({
      cancel_at_period_end: true,
    });
    expect(await json('subscriptions', 'cancel', subscription.id, '--confirm')).toMatchObject({ id: subscription.id, status: 'canceled' });
  });

  test('a refusal is printed in Stripe’s words', async () => {
    expect((await json('customers', 'retrieve', 'cus_nothing')).error).toMatchObject({
      code: 'resource_missing',
      param: 'id',
      message: "No such customer: 'cus_nothing'",
    });
    expect((await json('post', '/v1/issuing/cards', '-d', 'type=virtual')).error.code).toBe('sandbox_not_emulated');
  });

  test('the same idempotency key gives the same answer, whatever the order of the fields', async () => {
    const args = ['--idempotency', 'key-1', '-d', 'name=Once', '-d', 'description=only'];
    const once = await json('post', '/v1/customers', ...args);
    expect((await json('post', '/v1/customers', '--idempotency', 'key-1', '-d', 'description=only', '-d', 'name=Once')).id).toBe(once.id);
    expect((await json('post', '/v1/customers', '--idempotency', 'key-1', '-d', 'name=Other')).error.message).toContain(
      'Keys for idempotent requests',
    );
  });

  test('older parameters are understood without a version and unknown with the pinned one', async () => {
    const intent = ['post', '/v1/payment_intents', '-d', 'amount=2000', '-d', 'currency=usd', '-d', 'payment_method_types[]=card'];
    expect(await json(...intent)).toMatchObject({ status: 'requires_payment_method', payment_method_types: ['card'] });
    expect((await json(...intent, '--stripe-version', Stripe.API_VERSION)).error).toMatchObject({
      code: 'parameter_unknown',
      param: 'payment_method_types',
    });
  });

  test('a fixtures file fills an account: references, expected errors, overrides', async () => {
    const file = join(folder, 'story.json');
    writeFileSync(
      file,
      JSON.stringify({
        _meta: { template_version: 0 },
        fixtures: [
          { name: 'plan', path: '/v1/products', method: 'post', params: { name: 'Gold' } },
          {
            name: 'price',
            path: '/v1/prices',
            method: 'post',
            params: { product: idOf('plan'), currency: 'eur', unit_amount: 900, recurring: { interval: 'month' } },
          },
          { name: 'buyer', path: '/v1/customers', method: 'post', params: { email: 'gold@example.com' } },
          {
            name: 'refused',
            expected_error_type: 'card_error',
            path: '/v1/payment_methods/pm_card_visa_chargeDeclined/attach',
            method: 'post',
            params: { customer: idOf('buyer') },
          },
          { name: 'card', path: '/v1/payment_methods/pm_card_visa/attach', method: 'post', params: { customer: idOf('buyer') } },
          {
            name: 'subscription',
            path: '/v1/subscriptions',
            method: 'post',
            params: { customer: idOf('buyer'), default_payment_method: idOf('card'), items: [{ price: idOf('price') }] },
          },
        ],
      }),
    );
    const { code, output } = await cli.run('fixtures', file, '--override', 'plan:name=Platinum');
    expect(output).not.toContain('error');
    expect(code).toBe(0);
    const [buyer] = (await cli.stripe.customers.list({ email: 'gold@example.com', expand: ['data.subscriptions'] })).data;
    expect(buyer!.subscriptions!.data).toMatchObject([{ status: 'active', currency: 'eur' }]);
    expect((await cli.stripe.products.list({ limit: 1 })).data[0]!.name).toBe('Platinum');
  });
});
