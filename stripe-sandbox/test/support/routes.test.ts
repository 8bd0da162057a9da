import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { beforeAll, describe, expect, it } from 'vitest';
import { generate, readNotYet } from '../../scripts/generate-support.ts';
import { type RouteState, readSupport } from '../../scripts/support/read.ts';
import { FAMILIES, LEFT_OUT, leftOut } from '../../scripts/support/scope.ts';
import { startSandbox } from '../../src/testing/index.ts';

let routes: RouteState[];
beforeAll(async () => {
  routes = (await readSupport()).routes;
});

/** Tier 1 of the design, by name: what a table generated from the registry could silently lose. */
const MAIN = `
GET /v1/account
POST /v1/customers, GET /v1/customers, GET /v1/customers/search, GET /v1/customers/{id}, POST /v1/customers/{id}, DELETE /v1/customers/{id},
GET /v1/customers/{id}/payment_methods, GET /v1/customers/{id}/payment_methods/{id}, DELETE /v1/customers/{id}/discount,
POST /v1/customers/{id}/balance_transactions, GET /v1/customers/{id}/balance_transactions, GET /v1/customers/{id}/balance_transactions/{id},
POST /v1/customers/{id}/tax_ids, GET /v1/customers/{id}/tax_ids, GET /v1/customers/{id}/tax_ids/{id}, DELETE /v1/customers/{id}/tax_ids/{id},
POST /v1/payment_methods, GET /v1/payment_methods, GET /v1/payment_methods/{id}, POST /v1/payment_methods/{id},
POST /v1/payment_methods/{id}/attach, POST /v1/payment_methods/{id}/detach,
POST /v1/setup_intents, GET /v1/setup_intents, GET /v1/setup_intents/{id}, POST /v1/setup_intents/{id}, POST /v1/setup_intents/{id}/confirm,
POST /v1/setup_intents/{id}/cancel,
POST /v1/payment_intents, GET /v1/payment_intents, GET /v1/payment_intents/search, GET /v1/payment_intents/{id}, POST /v1/payment_intents/{id},
POST /v1/payment_intents/{id}/confirm, POST /v1/payment_intents/{id}/capture, POST /v1/payment_intents/{id}/cancel,
GET /v1/charges, GET /v1/charges/search, GET /v1/charges/{id}, POST /v1/charges/{id}, POST /v1/charges/{id}/capture,
POST /v1/refunds, GET /v1/refunds, GET /v1/refunds/{id}, POST /v1/refunds/{id}, POST /v1/refunds/{id}/cancel,
POST /v1/products, GET /v1/products, GET /v1/products/search, GET /v1/products/{id}, POST /v1/products/{id}, DELETE /v1/products/{id},
POST /v1/prices, GET /v1/prices, GET /v1/prices/search, GET /v1/prices/{id}, POST /v1/prices/{id},
POST /v1/coupons, GET /v1/coupons, GET /v1/coupons/{id}, POST /v1/coupons/{id}, DELETE /v1/coupons/{id},
POST /v1/promotion_codes, GET /v1/promotion_codes, GET /v1/promotion_codes/{id}, POST /v1/promotion_codes/{id},
POST /v1/subscriptions, GET /v1/subscriptions, GET /v1/subscriptions/search, GET /v1/subscriptions/{id}, POST /v1/subscriptions/{id},
DELETE /v1/subscriptions/{id}, POST /v1/subscriptions/{id}/resume, POST /v1/subscriptions/{id}/pause, POST /v1/subscriptions/{id}/migrate,
DELETE /v1/subscriptions/{id}/discount,
POST /v1/subscription_items, GET /v1/subscription_items, GET /v1/subscription_items/{id}, POST /v1/subscription_items/{id},
DELETE /v1/subscription_items/{id},
POST /v1/invoices, GET /v1/invoices, GET /v1/invoices/search, POST /v1/invoices/create_preview, GET /v1/invoices/{id}, POST /v1/invoices/{id},
DELETE /v1/invoices/{id}, POST /v1/invoices/{id}/finalize, POST /v1/invoices/{id}/pay, POST /v1/invoices/{id}/send, POST /v1/invoices/{id}/void,
POST /v1/invoices/{id}/mark_uncollectible, GET /v1/invoices/{id}/lines, POST /v1/invoices/{id}/add_lines, POST /v1/invoices/{id}/update_lines,
POST /v1/invoices/{id}/remove_lines, POST /v1/invoices/{id}/lines/{id}, POST /v1/invoices/{id}/attach_payment,
POST /v1/invoiceitems, GET /v1/invoiceitems, GET /v1/invoiceitems/{id}, POST /v1/invoiceitems/{id}, DELETE /v1/invoiceitems/{id},
GET /v1/invoice_payments, GET /v1/invoice_payments/{id},
POST /v1/credit_notes, GET /v1/credit_notes, GET /v1/credit_notes/preview, GET /v1/credit_notes/preview/lines, GET /v1/credit_notes/{id},
POST /v1/credit_notes/{id}, GET /v1/credit_notes/{id}/lines, POST /v1/credit_notes/{id}/void,
POST /v1/tax_rates, GET /v1/tax_rates, GET /v1/tax_rates/{id}, POST /v1/tax_rates/{id},
POST /v1/checkout/sessions, GET /v1/checkout/sessions, GET /v1/checkout/sessions/{id}, POST /v1/checkout/sessions/{id},
POST /v1/checkout/sessions/{id}/expire, GET /v1/checkout/sessions/{id}/line_items,
POST /v1/billing_portal/configurations, GET /v1/billing_portal/configurations, GET /v1/billing_portal/configurations/{id},
POST /v1/billing_portal/configurations/{id}, POST /v1/billing_portal/sessions,
POST /v1/test_helpers/test_clocks, GET /v1/test_helpers/test_clocks, GET /v1/test_helpers/test_clocks/{id},
POST /v1/test_helpers/test_clocks/{id}/advance, DELETE /v1/test_helpers/test_clocks/{id},
GET /v1/events, GET /v1/events/{id},
POST /v1/webhook_endpoints, GET /v1/webhook_endpoints, GET /v1/webhook_endpoints/{id}, POST /v1/webhook_endpoints/{id},
DELETE /v1/webhook_endpoints/{id}, POST /oauth/token, POST /oauth/deauthorize`
  .split(/,|\n/)
  .map((route) => route.trim().replace(/\{\w+\}/g, '{}'))
  .filter((route) => route !== '');

describe('which routes are supported', () => {
  it('has every route of the first tier', () => {
    const handled = new Set(routes.filter(({ state }) => state === 'yes').map(({ key }) => key));
    expect(MAIN.length).toBeGreaterThan(130);
    expect(MAIN.filter((key) => !handled.has(key))).toEqual([]);
  });

  it('states each promised route that is not there yet, and no other (npm run generate removes what became true)', () => {
    const missing = routes.filter(({ state }) => state === 'not yet').map(({ route }) => route);
    expect([...readNotYet()].sort()).toEqual(missing.sort());
  });

  it('leaves out, and promises, only what exists', () => {
    const unused = LEFT_OUT.filter(([start]) => !routes.some(({ key }) => key.includes(start)));
    expect(unused).toEqual([]);
    expect(Object.keys(FAMILIES).filter((family) => !routes.some((route) => route.family === family))).toEqual([]);
    expect([leftOut('GET /v1/sources/{}'), leftOut('GET /v1/sources_of_light')]).toEqual([expect.any(String), null]);
  });

  it('is what the README and docs/routes.md say', async () => {
    for (const { path, text } of await generate()) expect(readFileSync(join(import.meta.dirname, '../../..', path), 'utf8')).toBe(text);
  });

  it('refuses by name what the table says is not supported, and answers nothing else that way', async () => {
    const { sandbox, secretKey, close } = await startSandbox();
    const { contract } = await readSupport();
    const headers = { authorization: `Bearer ${secretKey}` };
    const versioned = { ...headers, 'stripe-version': contract.apiVersion };
    for (const { route, state } of routes.filter((entry) => entry.family !== 'oauth')) {
      const [method, path] = route.replace(/\{\w+\}/g, 'none_1').split(' ') as [string, string];
      const answer = await sandbox.fetch(`https://api.stripe.com${path}`, {
        method,
        headers: path.startsWith('/v2/') ? versioned : headers,
      });
      const { error } = (await answer.json()) as { error?: { code?: string; message: string } };
      expect([route, error?.code === 'sandbox_not_emulated']).toEqual([route, state !== 'yes']);
      if (state !== 'yes') expect([answer.status, error?.message]).toEqual([404, expect.stringContaining(`${method} ${path}`)]);
    }
    await close();
  });
});
