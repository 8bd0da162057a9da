/** Random carts with automatic tax: what the page showed, what was charged and what the invoice says are one total, to the cent. */
import fc from 'fast-check';
import type Stripe from 'stripe';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { submit } from '../../pages/test-forms.ts';
import { startSandbox, type TestSandbox } from '../../testing/index.ts';

const RUNS = 60;
const VISA = { email: 'jane@example.com', name: 'Jane Roe', card_number: '4242424242424242', card_expiry: '12 / 34', card_cvc: '123' };
const PLACES = [
  ['DE', '10115'],
  ['FR', '75001'],
  ['US', '94107'],
  ['CA', 'H2X 1Y4'],
  ['CH', '8001'],
  ['US', '97201'],
] as const;
const CODES = ['txcd_10000000', 'txcd_35010000', 'txcd_00000000'];

let world: TestSandbox;
let stripe: Stripe;
beforeAll(async () => {
  world = await startSandbox({ now: '2026-03-01T09:00:00Z' });
  ({ stripe } = world);
});
afterAll(() => world.close());

const line = fc.record({
  amount: fc.integer({ min: 51, max: 9_999 }),
  quantity: fc.integer({ min: 1, max: 7 }),
  inclusive: fc.boolean(),
  recurring: fc.boolean(),
  code: fc.constantFrom(...CODES),
});
const cart = fc.record({
  lines: fc.array(line, { minLength: 1, maxLength: 5 }),
  place: fc.constantFrom(...PLACES),
  coupon: fc.oneof(
    fc.constant(null),
    fc.record({ percent_off: fc.integer({ min: 1, max: 60 }) }),
    fc.record({ amount_off: fc.integer({ min: 1, max: 40 }) }),
  ),
  subscribe: fc.boolean(),
  rounding: fc.constantFrom('line' as const, 'subtotal' as const),
  vat: fc.boolean(),
});

test('session, payment and invoice come to one total', async () => {
  await fc.assert(
    fc.asyncProperty(cart, async ({ lines, place, coupon, subscribe, rounding, vat }) => {
      await world.sandbox.control.updateAccount({ account: world.account, settings: { tax_rounding: rounding } });
      const line_items: Stripe.Checkout.SessionCreateParams.LineItem[] = lines.map((one, index) => ({
        quantity: one.quantity,
        price_data: {
          currency: 'usd',
          unit_amount: one.amount,
          tax_behavior: one.inclusive ? 'inclusive' : 'exclusive',
          product_data: { name: `Thing ${index}`, tax_code: one.code },
          // The first line makes the subscription.
          ...(subscribe && (one.recurring || index === 0) ? { recurring: { interval: 'month' } } : {}),
        },
      }));
      const discount =
        coupon === null
          ? []
          : [
              {
                coupon: (
                  await stripe.coupons.create({ duration: 'once', ...('amount_off' in coupon ? { currency: 'usd' } : {}), ...coupon })
                ).id,
              },
            ];
      const session = await stripe.checkout.sessions.create({
        mode: subscribe ? 'subscription' : 'payment',
        line_items,
        ...(discount.length > 0 ? { discounts: discount } : {}),
        ...(subscribe ? {} : { invoice_creation: { enabled: true } }),
        automatic_tax: { enabled: true },
        tax_id_collection: { enabled: true },
        success_url: 'http://shop.test/thanks',
      });
      const [country, postal] = place;
      const fields = {
        ...VISA,
        action: 'pay',
        billing_line1: 'Street 1',
        billing_city: 'Town',
        billing_postal_code: postal,
        billing_country: country,
        ...(vat ? { business_name: 'Roe', tax_id_type: 'eu_vat', tax_id: 'DE123456789' } : {}),
      };
      const path = `/c/${session.id}`;
      const first = await submit(world.sandbox, path, fields);
      const second = first.status === 200 ? await submit(world.sandbox, path, fields) : first;
      if (second.status !== 303) throw new Error(/role="alert">([^<]*)/.exec(second.html)?.[1] ?? `status ${second.status}`);
      const done = await stripe.checkout.sessions.retrieve(session.id, { expand: ['total_details.breakdown', 'invoice', 'line_items'] });
      const invoice = done.invoice as Stripe.Invoice;
      expect(done.status).toBe('complete');
      expect([invoice.status, invoice.subtotal, invoice.total, invoice.amount_paid]).toEqual([
        'paid',
        done.amount_subtotal,
        done.amount_total,
        done.amount_total,
      ]);
      // The parts add up: tax on top is what the total has beyond the goods and below the discount.
      const { breakdown, amount_tax, amount_discount } = done.total_details!;
      const sum = (parts: { amount: number }[]) => parts.reduce((total, part) => total + part.amount, 0);
      const onTop = sum(breakdown!.taxes.filter((tax) => !tax.rate.inclusive));
      expect(done.amount_total).toBe(done.amount_subtotal! - amount_discount + onTop);
      expect(sum(breakdown!.taxes)).toBe(amount_tax);
      expect(done.line_items!.data.reduce((total, item) => total + item.amount_total, 0)).toBe(done.amount_total);
      expect(sum(invoice.total_taxes ?? [])).toBe(amount_tax);
      if (country === 'DE' && vat) expect(amount_tax).toBe(0);
    }),
    { numRuns: RUNS },
  );
});
