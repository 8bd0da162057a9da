import type Stripe from 'stripe';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { at, openWorld, refusal, type World } from '../../billing/subscription/test-world.ts';
import { visit } from '../../pages/test-forms.ts';

let world: World;
let stripe: Stripe;
let customer: Stripe.Customer;
let meter: Stripe.Billing.Meter;
let calls: Stripe.Price;
beforeEach(async () => {
  world = await openWorld({ now: '2026-01-01' });
  stripe = world.stripe;
  customer = await world.customer();
  meter = await stripe.billing.meters.create({ display_name: 'Calls', event_name: 'calls', default_aggregation: { formula: 'sum' } });
  calls = await metered('Calls', 10);
  await world.fresh();
});
afterEach(() => world.close());

const metered = (name: string, unit_amount: number, id = meter.id) =>
  stripe.prices.create({
    currency: 'usd',
    unit_amount,
    recurring: { interval: 'month', usage_type: 'metered', meter: id },
    product_data: { name },
  });
const grant = (value: number, more: Partial<Stripe.Billing.CreditGrantCreateParams> = {}) =>
  stripe.billing.creditGrants.create({
    customer: customer.id,
    amount: { type: 'monetary', monetary: { currency: 'usd', value } },
    applicability_config: { scope: { price_type: 'metered' } },
    ...more,
  });
const use = (value: number, event_name = 'calls') =>
  stripe.billing.meterEvents.create({ event_name, payload: { stripe_customer_id: customer.id, value: String(value) } });
const newest = async () => (await stripe.invoices.list({ customer: customer.id, limit: 1 })).data[0]!;
const left = async (
  filter: Stripe.Billing.CreditBalanceSummaryRetrieveParams.Filter = {
    type: 'applicability_scope',
    applicability_scope: { price_type: 'metered' },
  },
) => {
  const summary = await stripe.billing.creditBalanceSummaries.retrieve({ customer: customer.id, filter });
  return summary.balances.map((one) => [one.available_balance.monetary!.currency, one.available_balance.monetary!.value]);
};
const ledger = async (of: Stripe.Billing.CreditBalanceTransactionListParams = { customer: customer.id }) =>
  (await stripe.billing.creditBalanceTransactions.list({ limit: 100, ...of })).data.map((one) => {
    const side = (one.credit ?? one.debit)!;
    return [one.type, side.type, side.amount.monetary!.value];
  });

describe('a grant', () => {
  test('is made with its ledger entry and told', async () => {
    const made = await grant(5000, { name: 'Prepaid', metadata: { order: '7' } });
    expect(made).toMatchObject({
      object: 'billing.credit_grant',
      amount: { type: 'monetary', monetary: { currency: 'usd', value: 5000 } },
      applicability_config: { scope: { price_type: 'metered' } },
      category: 'paid',
      customer: customer.id,
      effective_at: at('2026-01-01'),
      expires_at: null,
      metadata: { order: '7' },
      name: 'Prepaid',
      priority: 50,
      voided_at: null,
    });
    expect(made.id).toMatch(/^credgr_test_[A-Za-z0-9]{24}$/);
    expect(await world.fresh()).toEqual(['billing.credit_grant.created', 'billing.credit_balance_transaction.created']);
    const [entry] = (await stripe.billing.creditBalanceTransactions.list({ credit_grant: made.id })).data;
    expect(entry).toMatchObject({
      type: 'credit',
      credit: { type: 'credits_granted', amount: { monetary: { currency: 'usd', value: 5000 } }, credits_application_invoice_voided: null },
      credit_grant: made.id,
      debit: null,
      effective_at: at('2026-01-01'),
    });
    expect(await stripe.billing.creditBalanceTransactions.retrieve(entry!.id)).toMatchObject({ id: entry!.id });
    expect((await stripe.billing.creditGrants.list({ customer: customer.id })).data.map((one) => one.id)).toEqual([made.id]);
    expect(await stripe.billing.creditGrants.retrieve(made.id, { expand: ['customer'] })).toMatchObject({ customer: { name: 'Ada' } });
    expect(await left()).toEqual([['usd', 5000]]);
  });

  test('expires by itself, and what is left with it', async () => {
    await grant(5000, { expires_at: at('2026-01-15') });
    await grant(100);
    await world.to('2026-01-14T23:59:59Z');
    expect(await left()).toEqual([['usd', 5100]]);
    await world.to('2026-01-15');
    expect(await left()).toEqual([['usd', 100]]);
    expect((await ledger())[0]).toEqual(['debit', 'credits_expired', 5000]);
    expect((await world.fresh()).at(-1)).toBe('billing.credit_balance_transaction.created');
  });

  test('gets another end, or none', async () => {
    const made = await grant(5000, { expires_at: at('2026-01-15') });
    await stripe.billing.creditGrants.update(made.id, { expires_at: at('2026-01-20'), metadata: { a: 'b' } });
    await world.to('2026-01-16');
    expect(await left()).toEqual([['usd', 5000]]);
    expect(await stripe.billing.creditGrants.update(made.id, { expires_at: '' })).toMatchObject({ expires_at: null, metadata: { a: 'b' } });
    await world.to('2026-02-16');
    expect(await left()).toEqual([['usd', 5000]]);
    expect((await world.fresh()).filter((type) => type === 'billing.credit_grant.updated')).toHaveLength(2);
  });

  test('is expired or voided by hand, once', async () => {
    const [one, two] = [await grant(500), await grant(700)];
    await world.fresh();
    expect(await stripe.billing.creditGrants.expire(one.id)).toMatchObject({ expires_at: at('2026-01-01'), voided_at: null });
    expect(await stripe.billing.creditGrants.voidGrant(two.id)).toMatchObject({ voided_at: at('2026-01-01') });
    expect(await left()).toEqual([['usd', 0]]);
    expect((await ledger()).slice(0, 2)).toEqual([
      ['debit', 'credits_voided', 700],
      ['debit', 'credits_expired', 500],
    ]);
    expect(await world.fresh()).toEqual([
      'billing.credit_grant.updated',
      'billing.credit_balance_transaction.created',
      'billing.credit_grant.updated',
      'billing.credit_balance_transaction.created',
    ]);
    for (const call of [
      stripe.billing.creditGrants.expire(one.id),
      stripe.billing.creditGrants.voidGrant(two.id),
      stripe.billing.creditGrants.voidGrant(one.id),
      stripe.billing.creditGrants.update(two.id, { expires_at: at('2027-01-01') }),
    ]) {
      expect(await refusal(call)).toMatchObject({ statusCode: 400, type: 'StripeInvalidRequestError' });
    }
  });

  test.each([
    ['amount[monetary][value]', { amount: { type: 'monetary', monetary: { currency: 'usd', value: 0 } } }],
    ['amount[monetary]', { amount: { type: 'monetary' } }],
    ['expires_at', { expires_at: at('2026-01-01') }],
    ['expires_at', { effective_at: at('2026-03-01'), expires_at: at('2026-02-01') }],
    ['priority', { priority: 101 }],
    ['priority', { priority: -1 }],
    ['applicability_config', { applicability_config: { scope: {} } }],
    ['applicability_config[scope][price_type]', { applicability_config: { scope: { price_type: 'licensed' } } }],
    ['applicability_config[scope][price_type]', { applicability_config: { scope: { price_type: 'metered', prices: [{ id: 'x' }] } } }],
    ['applicability_config[scope][prices][0][id]', { applicability_config: { scope: { prices: [{ id: 'price_none' }] } } }],
    ['customer', { customer: 'cus_none' }],
    ['customer_account', { customer_account: 'acct_1' }],
    ['category', { category: 'gift' }],
  ] as const)('is refused: %s', async (param, more) => {
    expect(await refusal(grant(100, more as never))).toMatchObject({ statusCode: 400, param });
    expect(await ledger()).toEqual([]);
  });

  test('is refused for a price without a meter', async () => {
    const flat = await world.price(1000);
    const refused = await refusal(grant(100, { applicability_config: { scope: { prices: [{ id: flat.id }] } } }));
    expect(refused).toMatchObject({ statusCode: 400, param: 'applicability_config[scope][prices][0][id]' });
    expect(await refusal(stripe.billing.creditGrants.retrieve('credgr_none'))).toMatchObject({ statusCode: 404 });
    expect(await refusal(stripe.billing.creditBalanceTransactions.list())).toMatchObject({ code: 'parameter_missing' });
  });
});

describe('on an invoice', () => {
  test('credits pay usage after discounts and before taxes, in their order', async () => {
    const base = await world.price(2000);
    const vat = await stripe.taxRates.create({ display_name: 'VAT', percentage: 20, inclusive: false });
    const coupon = await stripe.coupons.create({ percent_off: 10, duration: 'forever' });
    await stripe.subscriptions.create({
      customer: customer.id,
      items: [{ price: base.id }, { price: calls.id }],
      default_tax_rates: [vat.id],
      discounts: [{ coupon: coupon.id }],
    });
    const gift = await grant(300, { category: 'promotional' });
    const prepaid = await grant(500, { priority: 10 });
    await use(100);
    await world.to('2026-02-01');
    const draft = await newest();
    // Usage 10.00 and the plan 20.00, a tenth off, a fifth of tax; credits come at finalization only.
    expect(draft).toMatchObject({ subtotal: 3000, total: 3240 });
    await world.fresh();
    await world.to('2026-02-01T01:00:00Z');
    const paid = await newest();
    expect(paid).toMatchObject({ status: 'paid', subtotal: 3000, total: 2280, amount_paid: 2280, total_excluding_tax: 1900 });
    const [usage, plan] = paid.lines.data;
    const credits = (await stripe.billing.creditBalanceTransactions.list({ customer: customer.id })).data.filter(
      (one) => one.debit !== null,
    );
    expect(credits.map((one) => [one.credit_grant, one.debit!.amount.monetary!.value, one.debit!.credits_applied])).toEqual([
      [gift.id, 300, { invoice: paid.id, invoice_line_item: usage!.id }],
      [prepaid.id, 500, { invoice: paid.id, invoice_line_item: usage!.id }],
    ]);
    expect(usage!.pretax_credit_amounts!.map((part) => [part.type, part.amount, part.credit_balance_transaction])).toEqual([
      ['discount', 100, undefined],
      ['credit_balance_transaction', 500, credits[1]!.id],
      ['credit_balance_transaction', 300, credits[0]!.id],
    ]);
    expect(usage!.taxes!.map((tax) => [tax.amount, tax.taxable_amount])).toEqual([[20, 100]]);
    expect(plan!.taxes!.map((tax) => [tax.amount, tax.taxable_amount])).toEqual([[360, 1800]]);
    expect(paid.total_pretax_credit_amounts!.map((part) => part.amount)).toEqual([300, 500, 300]);
    expect(await left()).toEqual([['usd', 0]]);
    expect((await world.fresh()).slice(0, 4)).toEqual([
      'billing.credit_balance_transaction.created',
      'billing.credit_balance_transaction.created',
      'payment_intent.created',
      'invoice.updated',
    ]);
  });

  test('credits cover all of it: paid without a payment, the rest stays', async () => {
    await stripe.subscriptions.create({ customer: customer.id, items: [{ price: calls.id }] });
    await grant(5000);
    await use(120);
    await world.to('2026-02-01T01:00:00Z');
    expect(await newest()).toMatchObject({ status: 'paid', subtotal: 1200, total: 0, amount_due: 0, attempt_count: 0 });
    expect(await left()).toEqual([['usd', 3800]]);
    const page = await visit(world.sandbox, new URL((await newest()).hosted_invoice_url!).pathname);
    expect(page.html).toMatch(/Credit grant applied[\s\S]*-\$12\.00/);
    await use(10);
    await world.to('2026-03-01T01:00:00Z');
    expect(await left()).toEqual([['usd', 3700]]);
  });

  test('credited in full, the customer gets back what they paid, not what credits paid', async () => {
    const vat = await stripe.taxRates.create({ display_name: 'VAT', percentage: 20, inclusive: false });
    await stripe.subscriptions.create({ customer: customer.id, items: [{ price: calls.id }], default_tax_rates: [vat.id] });
    await grant(700);
    await use(100);
    await world.to('2026-02-01T01:00:00Z');
    const paid = await newest();
    // Usage 10.00, 7.00 of it by credits, a fifth of tax on 3.00.
    expect(paid).toMatchObject({ status: 'paid', subtotal: 1000, total: 360, amount_paid: 360 });
    const [usage] = paid.lines.data;
    const transaction = usage!.pretax_credit_amounts![0]!.credit_balance_transaction;
    const whole = { type: 'invoice_line_item', invoice_line_item: usage!.id } as const;
    const half = await stripe.creditNotes.create({ invoice: paid.id, lines: [{ ...whole, amount: 500 }], credit_amount: 180 });
    expect(half).toMatchObject({
      subtotal: 500,
      total: 180,
      total_excluding_tax: 150,
      pretax_credit_amounts: [{ type: 'credit_balance_transaction', amount: 350, credit_balance_transaction: transaction }],
    });
    const rest = await stripe.creditNotes.create({ invoice: paid.id, lines: [{ ...whole, amount: 500 }], refund_amount: 180 });
    expect(rest).toMatchObject({ subtotal: 500, total: 180, post_payment_amount: 180 });
    expect(rest.lines.data[0]).toMatchObject({ pretax_credit_amounts: [{ amount: 350 }], taxes: [{ amount: 30, taxable_amount: 150 }] });
    expect(await newest()).toMatchObject({ post_payment_credit_notes_amount: 360 });
    expect((await stripe.refunds.list()).data.map((refund) => refund.amount)).toEqual([180]);
    // The grant stays spent: only a void invoice gives it back.
    expect(await left()).toEqual([['usd', 0]]);
  });

  test('only grants that fit: currency, price, effect, end', async () => {
    const tokens = await stripe.billing.meters.create({ display_name: 'T', event_name: 'tokens', default_aggregation: { formula: 'sum' } });
    const perToken = await metered('Tokens', 1, tokens.id);
    await stripe.subscriptions.create({ customer: customer.id, items: [{ price: calls.id }, { price: perToken.id }] });
    const only = await grant(100, { applicability_config: { scope: { prices: [{ id: perToken.id }] } } });
    await grant(900, { amount: { type: 'monetary', monetary: { currency: 'eur', value: 900 } } });
    await grant(900, { effective_at: at('2026-02-02') });
    await grant(900, { expires_at: at('2026-02-01T00:30:00Z') });
    await use(30);
    await use(250, 'tokens');
    // What is limited to prices is not part of the balance for all of them.
    expect(await left()).toEqual([
      ['eur', 900],
      ['usd', 900],
    ]);
    await world.to('2026-02-01T01:00:00Z');
    const paid = await newest();
    expect(paid.lines.data.map((line) => [line.amount, line.pretax_credit_amounts!.map((part) => part.amount)])).toEqual([
      [300, []],
      [250, [100]],
    ]);
    expect(paid.total).toBe(450);
    expect(await left({ type: 'credit_grant', credit_grant: only.id })).toEqual([['usd', 0]]);
    expect(await left({ type: 'applicability_scope', applicability_scope: { prices: [{ id: calls.id }] } })).toEqual([
      ['eur', 900],
      ['usd', 0],
    ]);
    await world.to('2026-02-02');
    expect(await left()).toContainEqual(['usd', 900]);
  });

  test('plain prices and usage of items that went are not paid with credits', async () => {
    const base = await world.price(2000);
    const subscription = await stripe.subscriptions.create({ customer: customer.id, items: [{ price: base.id }, { price: calls.id }] });
    await grant(5000);
    await use(10);
    await world.to('2026-01-02');
    await stripe.subscriptionItems.del(subscription.items.data[1]!.id);
    await world.to('2026-02-01T01:00:00Z');
    expect(await newest()).toMatchObject({ status: 'paid', total: 2100 });
    expect(await left()).toEqual([['usd', 5000]]);
  });

  test('a void invoice gives them back; what ended meanwhile ends at once', async () => {
    await stripe.subscriptions.create({
      customer: customer.id,
      items: [{ price: calls.id }],
      collection_method: 'send_invoice',
      days_until_due: 30,
    });
    const [short, long] = [await grant(200, { expires_at: at('2026-02-10') }), await grant(300)];
    await use(100);
    await world.to('2026-02-01T01:00:00Z');
    const open = await newest();
    expect(open).toMatchObject({ status: 'open', amount_due: 500 });
    expect(await refusal(stripe.billing.creditGrants.voidGrant(long.id))).toMatchObject({ statusCode: 400 });
    await world.to('2026-02-12');
    await stripe.invoices.voidInvoice(open.id!);
    expect(await left()).toEqual([['usd', 300]]);
    expect(await ledger({ credit_grant: short.id })).toEqual([
      ['debit', 'credits_expired', 200],
      ['credit', 'credits_application_invoice_voided', 200],
      ['debit', 'credits_applied', 200],
      ['credit', 'credits_granted', 200],
    ]);
    const [back] = (await stripe.billing.creditBalanceTransactions.list({ credit_grant: long.id })).data;
    expect(back!.credit!.credits_application_invoice_voided).toEqual({
      invoice: open.id,
      invoice_line_item: open.lines.data[0]!.id,
    });
  });
});
