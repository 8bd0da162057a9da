import { readdirSync, readFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { describe, expect, it } from 'vitest';
import { generateContract } from '../../scripts/generate-contract.ts';
import { coerceParams } from './coerce.ts';
import { loadContract } from './contract.ts';
import type { Schema } from './schema.ts';

const HERE = dirname(fileURLToPath(import.meta.url));
const contract = loadContract();

describe('the generated contract', () => {
  it('is what the installed SDK gives', () => {
    const fresh = generateContract();
    const committed = readdirSync(HERE).filter((name) => name.endsWith('.json'));
    expect(committed.sort()).toEqual([...fresh.keys()].sort());
    for (const [name, text] of fresh)
      expect(readFileSync(join(HERE, name), 'utf8') === text, `${name} is stale: npm run generate`).toBe(true);
  });

  it('has the required fields the reference counts', () => {
    const required = (name: string) => (contract.object(name) as { r: string[] }).r.length;
    expect(['invoice', 'checkout.session', 'subscription', 'payment_intent', 'price', 'coupon'].map(required)).toEqual([
      70, 59, 46, 42, 19, 15,
    ]);
  });

  it('knows the 275 event types and what each carries', () => {
    expect(contract.eventTypes()).toHaveLength(275);
    expect(contract.eventObject('invoice.paid')).toBe('invoice');
    expect(contract.eventObject('customer.subscription.trial_will_end')).toBe('subscription');
    expect(contract.isEventType('invoice.exploded')).toBe(false);
  });

  it('finds routes whatever their variables are called, fixed names first', () => {
    expect(contract.find('GET', '/v1/customers/cus_1')).toMatchObject({ key: 'GET /v1/customers/{}', ids: ['cus_1'] });
    expect(contract.find('GET', '/v1/customers/search')?.key).toBe('GET /v1/customers/search');
    expect(contract.find('POST', '/v1/foo')).toBeUndefined();
    expect(contract.isRoute(contract.keyOf('POST', '/v1/invoices/{anything}/pay'))).toBe(true);
  });

  it('names exactly what is wrong with an object', () => {
    const product = {
      ...contract.blank('product'),
      id: 'prod_1',
      object: 'product',
      created: 1,
      updated: 1,
      name: 'Pro',
      active: true,
      images: [],
      marketing_features: [],
      type: 'service',
    };
    expect(contract.check(product)).toEqual([]);
    expect(contract.check({ ...product, name: null })).toEqual(['product.name: null does not fit a string']);
    expect(contract.check({ ...product, active: undefined })).toEqual(['product.active: missing']);
    expect(contract.check({ ...product, colour: 'red' })).toEqual(['product.colour: not a field of this object']);
    expect(contract.check({ ...product, default_price: { object: 'price' } })[0]).toMatch(/^product\.default_price\..*: missing$/);
  });
});

describe('parameters', () => {
  const schemaOf = (method: string, path: string): Schema => contract.params(contract.find(method, path)!.entry);
  const coerce = (path: string, raw: object) => coerceParams(schemaOf('POST', path), raw as never);
  const refusal = (path: string, raw: object) => {
    try {
      coerce(path, raw);
    } catch (error) {
      return (error as { body: object }).body;
    }
    return null;
  };

  it('become what the SDK promised: numbers, booleans, arrays, and empty strings that unset', () => {
    expect(
      coerce('/v1/subscriptions', {
        customer: 'cus_1',
        items: { 0: { price: 'price_1', quantity: '2' } },
        cancel_at_period_end: 'true',
        trial_end: 'now',
        default_payment_method: 'pm_1',
        metadata: { a: '1' },
        expand: { 0: 'latest_invoice' },
      }),
    ).toEqual({
      customer: 'cus_1',
      items: [{ price: 'price_1', quantity: 2 }],
      cancel_at_period_end: true,
      trial_end: 'now',
      default_payment_method: 'pm_1',
      metadata: { a: '1' },
      expand: ['latest_invoice'],
    });
    expect(coerce('/v1/subscriptions/sub_1', { trial_end: '1767225600', discounts: '', metadata: '' })).toEqual({
      trial_end: 1767225600,
      discounts: '',
      metadata: '',
    });
    expect(coerce('/v1/coupons', { percent_off: '12.5', duration: 'once' })).toEqual({ percent_off: 12.5, duration: 'once' });
  });

  it('keep decimal strings exact', () => {
    expect(coerce('/v1/prices', { currency: 'usd', unit_amount_decimal: '0.000000000001', product: 'p' })).toMatchObject({
      unit_amount_decimal: '0.000000000001',
    });
  });

  it('are refused with Stripe’s codes and nested names', () => {
    expect(refusal('/v1/subscriptions', { items: { 0: { pric: 'x' } } })).toMatchObject({
      code: 'parameter_unknown',
      param: 'items[0][pric]',
    });
    expect(refusal('/v1/subscriptions', { items: { 0: { quantity: 'two' } } })).toMatchObject({
      code: 'parameter_invalid_integer',
      param: 'items[0][quantity]',
    });
    expect(refusal('/v1/subscriptions', { payment_behavior: 'later' })).toMatchObject({
      param: 'payment_behavior',
      message: expect.stringContaining('must be one of'),
    });
    expect(refusal('/v1/payment_intents', { amount: '100' })).toMatchObject({
      code: 'parameter_missing',
      param: 'currency',
      message: 'Missing required param: currency.',
    });
    expect(refusal('/v1/payment_intents', { amount: '100', currency: 'usd', payment_method_types: { 0: 'card' } })).toMatchObject({
      code: 'parameter_unknown',
      param: 'payment_method_types',
    });
    expect(refusal('/v1/customers', { a: '1', b: '2' })).toMatchObject({
      code: 'parameter_unknown',
      message: 'Received unknown parameters: a, b',
    });
  });
});
