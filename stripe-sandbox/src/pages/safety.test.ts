/** What holds for every hosted page: a strict policy, nothing inline, tokens in forms, foreign forms and hosts refused, text escaped. */
import { request } from 'node:http';
import type Stripe from 'stripe';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { startSandbox, type TestSandbox } from '../testing/index.ts';
import { post, visit } from './test-forms.ts';

const EVIL = '<script>alert(1)</script>';

let world: TestSandbox;
let stripe: Stripe;
beforeEach(async () => {
  world = await startSandbox({ now: '2026-03-01T09:00:00Z' });
  ({ stripe } = world);
});
afterEach(() => world.close());

/** One address of every kind of page, everything in them named by somebody who means harm. */
async function addresses(): Promise<Record<string, string>> {
  const { clientId } = await world.sandbox.control.createPlatform({ name: EVIL, redirectUris: ['http://shop.test/callback'] });
  const customer = await stripe.customers.create({
    email: 'jane@example.com',
    name: EVIL,
    phone: EVIL,
    address: { line1: EVIL, country: 'DE' },
  });
  const card = await stripe.paymentMethods.attach('pm_card_visa', { customer: customer.id });
  await stripe.customers.update(customer.id, { invoice_settings: { default_payment_method: card.id } });
  const product = await stripe.products.create({ name: EVIL });
  const price = await stripe.prices.create({ product: product.id, currency: 'usd', unit_amount: 1000, recurring: { interval: 'month' } });
  const subscription = await stripe.subscriptions.create({
    customer: customer.id,
    items: [{ price: price.id }],
    expand: ['latest_invoice'],
  });
  const features = {
    subscription_cancel: { enabled: true, cancellation_reason: { enabled: true, options: ['other' as const] } },
    subscription_pause: { enabled: true },
    subscription_update: {
      enabled: true,
      default_allowed_updates: ['price' as const],
      products: [{ product: product.id, prices: [price.id] }],
    },
    customer_update: { enabled: true, allowed_updates: ['name' as const, 'address' as const] },
    payment_method_update: { enabled: true },
    invoice_history: { enabled: true },
  };
  const configuration = await stripe.billingPortal.configurations.create({
    features,
    login_page: { enabled: true },
    business_profile: { headline: EVIL },
  });
  const portal = await stripe.billingPortal.sessions.create({ customer: customer.id, configuration: configuration.id });
  const session = await stripe.checkout.sessions.create({
    mode: 'subscription',
    customer: customer.id,
    line_items: [{ price: price.id, quantity: 1, adjustable_quantity: { enabled: true } }],
    custom_fields: [{ key: 'a', type: 'text', label: { type: 'custom', custom: EVIL } }],
    custom_text: { submit: { message: EVIL } },
    success_url: 'http://shop.test/',
  });
  const asked = await stripe.paymentIntents.create({
    amount: 1000,
    currency: 'usd',
    payment_method: 'pm_card_authenticationRequired',
    confirm: true,
    return_url: 'http://shop.test/back',
  });
  const invoice = subscription.latest_invoice as Stripe.Invoice;
  const [charge] = (await stripe.charges.list({ customer: customer.id })).data;
  const task = (name: string) => `/p/${portal.id}/${name}/${subscription.id}`;
  return {
    checkout: session.url!,
    portal: portal.url,
    cancel: task('cancel'),
    pause: task('pause'),
    update: task('update'),
    confirm: `${task('confirm')}?price=${price.id}&quantity=1`,
    login: configuration.login_page.url!,
    invoice: invoice.hosted_invoice_url!,
    receipt: charge!.receipt_url!,
    bank: asked.next_action!.redirect_to_url!.url!,
    consent: `/oauth/authorize?${new URLSearchParams({ response_type: 'code', client_id: clientId, scope: 'read_write', redirect_uri: 'http://shop.test/callback' })}`,
    viewer: '/',
    requests: '/?view=requests',
    faults: '/?view=faults',
    object: `/viewer/object/${customer.id}`,
    missing: '/c/cs_test_none',
  };
}

test('no page carries script, inline style or anything from elsewhere; all text is escaped; every form that posts has a token', async () => {
  for (const [name, address] of Object.entries(await addresses())) {
    const { html, headers, status } = await visit(world.sandbox, address);
    expect([name, status]).toEqual([name, name === 'missing' ? 404 : 200]);
    const policy = headers.get('content-security-policy') ?? '';
    for (const rule of ["default-src 'none'", "style-src 'self'", "base-uri 'none'", "frame-ancestors 'none'", "form-action 'self'"])
      expect(policy, name).toContain(rule);
    expect(policy, name).not.toMatch(/unsafe|\*/);
    expect([headers.get('referrer-policy'), headers.get('x-content-type-options'), headers.get('cache-control')]).toEqual([
      'no-referrer',
      'nosniff',
      'no-store',
    ]);
    expect(html, name).not.toMatch(/<script|<style| style=| on\w+=|javascript:/i);
    for (const [, source] of html.matchAll(/<(?:link|img|iframe)[^>]*(?:href|src)="([^"]*)"/g))
      expect(source, name).toMatch(/^(\/pages\.css|data:,)$/);
    for (const [form] of html.matchAll(/<form method="post"[\s\S]*?<\/form>/g)) expect(form, name).toContain('name="form_token"');
    expect(html, name).toContain('Stripe Sandbox');
    expect(html, name).toContain('no real money');
  }
});

test('a form sent from elsewhere, or without its token, changes nothing anywhere', async () => {
  const all = await addresses();
  const made = (await world.sandbox.control.state()).hash;
  for (const [name, address] of Object.entries(all)) {
    if (['receipt', 'viewer', 'requests', 'faults', 'object'].includes(name)) continue;
    const fields = { action: 'pay', decision: 'allow', email: 'x@example.com', form_token: 'guessed' };
    await post(world.sandbox, address, fields);
    await post(world.sandbox, address, fields, { origin: 'http://evil.test', 'sec-fetch-site': 'cross-site' });
    expect((await world.sandbox.control.state()).hash, name).toBe(made);
  }
  await post(world.sandbox, '/viewer/act', { action: 'add_fault', effect: 'drop', form_token: 'guessed' });
  expect(world.sandbox.control.faults.list()).toEqual([]);
});

test('only the Sandbox’s own names are answered to: a rebound name sees nothing', async () => {
  const { url } = await world.sandbox.listen(0);
  const { port } = new URL(url);
  const ask = (host: string) =>
    new Promise<number>((resolve, reject) => {
      const asked = request({ host: '127.0.0.1', port, path: '/', headers: { host } }, (answer) => {
        answer.resume();
        resolve(answer.statusCode!);
      });
      asked.on('error', reject);
      asked.end();
    });
  expect(await ask(`127.0.0.1:${port}`)).toBe(200);
  expect(await ask(`localhost:${port}`)).toBe(200);
  expect(await ask('evil.test')).toBeGreaterThanOrEqual(400);
});

test('addresses to lead back to are http or https, or refused where they are given', async () => {
  const line_items = [{ price_data: { currency: 'usd', unit_amount: 900, product_data: { name: 'Pen' } }, quantity: 1 }];
  const customer = await stripe.customers.create({});
  for (const bad of ['javascript:alert(1)', 'data:text/html,x', 'ftp://shop.test/', '//shop.test']) {
    await expect(stripe.checkout.sessions.create({ mode: 'payment', line_items, success_url: bad })).rejects.toMatchObject({
      code: 'url_invalid',
    });
    await expect(
      stripe.checkout.sessions.create({ mode: 'payment', line_items, success_url: 'http://shop.test/', cancel_url: bad }),
    ).rejects.toMatchObject({ code: 'url_invalid', param: 'cancel_url' });
    await expect(stripe.billingPortal.sessions.create({ customer: customer.id, return_url: bad })).rejects.toMatchObject({
      code: 'url_invalid',
    });
  }
});
