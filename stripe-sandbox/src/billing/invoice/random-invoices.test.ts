import fc from 'fast-check';
import Stripe from 'stripe';
import { expect, test } from 'vitest';
import { at, openWorld, type World } from '../subscription/test-world.ts';

/** What somebody may do to the invoices of one customer. Refusals are fine; broken books are not. */
const acts = fc.oneof(
  {
    weight: 4,
    arbitrary: fc.record({ kind: fc.constant('item' as const), amount: fc.integer({ min: -3000, max: 20_000 }), tax: fc.nat(2) }),
  },
  {
    weight: 3,
    arbitrary: fc.record({ kind: fc.constant('draft' as const), sent: fc.boolean(), auto: fc.boolean(), pending: fc.boolean() }),
  },
  {
    weight: 3,
    arbitrary: fc.record({ kind: fc.constant('attach' as const), part: fc.integer({ min: 1, max: 12 }), confirm: fc.boolean() }),
  },
  {
    weight: 5,
    arbitrary: fc.record({ kind: fc.constant('credit' as const), amount: fc.integer({ min: 1, max: 15_000 }), how: fc.nat(2) }),
  },
  { weight: 2, arbitrary: fc.record({ kind: fc.constant('wait' as const), hours: fc.integer({ min: 1, max: 24 * 9 }) }) },
  { weight: 1, arbitrary: fc.record({ kind: fc.constant('balance' as const), amount: fc.integer({ min: -6000, max: 3000 }) }) },
  { weight: 1, arbitrary: fc.record({ kind: fc.constant('decline' as const), times: fc.integer({ min: 1, max: 2 }) }) },
  {
    weight: 8,
    arbitrary: fc.record({
      kind: fc.constantFrom(
        'finalize' as const,
        'pay' as const,
        'outside' as const,
        'void' as const,
        'write_off' as const,
        'revise' as const,
        'discount' as const,
        'confirm' as const,
        'cancel_part' as const,
      ),
    }),
  },
);
type Act = typeof acts extends fc.Arbitrary<infer T> ? T : never;
type Step = { act: Act; target: number };

test('random operations on invoices leave the books in order', { timeout: 120_000 }, async () => {
  const steps = fc.array(fc.record({ act: acts, target: fc.nat(9) }), { minLength: 12, maxLength: 40 });
  await fc.assert(
    fc.asyncProperty(steps, async (list) => {
      const world = await openWorld({ now: '2026-01-05T10:00:00Z', settings: { retry_days: [1, 3], will_be_due_days: 2 } });
      try {
        const life = await begin(world);
        for (const step of list) await tolerate(() => perform(life, step));
        await checkBooks(life);
      } finally {
        await world.close();
      }
    }),
    { numRuns: 25, seed: 20_260_105 },
  );
});

type Life = {
  world: World;
  customer: string;
  card: string;
  rates: string[];
  coupon: string;
  invoices: string[];
  parts: string[];
  now: number;
};

async function begin(world: World): Promise<Life> {
  const { stripe } = world;
  const customer = await world.customer();
  const invoices: string[] = [];
  for (const amount of [5000, 12_345, 9999]) {
    const draft = await stripe.invoices.create({ customer: customer.id, collection_method: 'send_invoice', days_until_due: 9 });
    await stripe.invoiceItems.create({ customer: customer.id, invoice: draft.id, amount, currency: 'usd' });
    invoices.push((await stripe.invoices.finalizeInvoice(draft.id)).id);
  }
  const rate = async (inclusive: boolean) => (await stripe.taxRates.create({ display_name: 'VAT', percentage: 19, inclusive })).id;
  return {
    world,
    customer: customer.id,
    card: (await stripe.customers.listPaymentMethods(customer.id)).data[0]!.id,
    rates: [await rate(false), await rate(true)],
    coupon: (await stripe.coupons.create({ percent_off: 13, duration: 'forever' })).id,
    invoices,
    parts: [],
    now: at('2026-01-05T10:00:00Z'),
  };
}

const HOW = ['refund_amount', 'credit_amount', 'out_of_band_amount'] as const;

async function perform(life: Life, step: Step): Promise<unknown> {
  const { world, customer } = life;
  const { stripe, sandbox } = world;
  const { act } = step;
  const id = life.invoices[life.invoices.length - 1 - (step.target % life.invoices.length)]!;
  const part = life.parts[step.target % Math.max(1, life.parts.length)] ?? 'pi_none';
  switch (act.kind) {
    case 'item': {
      const rate = life.rates[act.tax];
      const invoice = (await stripe.invoices.retrieve(id)).status === 'draft' ? { invoice: id } : {};
      const tax = rate === undefined ? {} : { tax_rates: [rate] };
      return stripe.invoiceItems.create({ customer, amount: act.amount, currency: 'usd', ...invoice, ...tax });
    }
    case 'draft':
      life.invoices.push(
        (
          await stripe.invoices.create({
            customer,
            auto_advance: act.auto,
            pending_invoice_items_behavior: act.pending ? 'include' : 'exclude',
            ...(act.sent ? { collection_method: 'send_invoice', days_until_due: 5 } : {}),
          })
        ).id,
      );
      return null;
    case 'attach': {
      const { amount_remaining: left } = await stripe.invoices.retrieve(id);
      const amount = Math.max(50, Math.ceil((left * act.part) / 10));
      const confirm = act.confirm ? { payment_method: life.card, confirm: true, off_session: true } : {};
      const intent = await stripe.paymentIntents.create({ amount, currency: 'usd', customer, ...confirm });
      life.parts.push(intent.id);
      return stripe.invoices.attachPayment(id, { payment_intent: intent.id });
    }
    case 'confirm':
      return stripe.paymentIntents.confirm(part, { payment_method: life.card, off_session: true });
    case 'cancel_part':
      return stripe.paymentIntents.cancel(part);
    case 'credit': {
      const { amount_remaining: left } = await stripe.invoices.retrieve(id);
      const post = act.amount - Math.min(act.amount, left);
      return stripe.creditNotes.create({ invoice: id, amount: act.amount, ...(post === 0 ? {} : { [HOW[act.how]!]: post }) });
    }
    case 'wait':
      life.now += act.hours * 3600;
      return world.to(new Date(life.now * 1000).toISOString());
    case 'balance':
      return stripe.customers.createBalanceTransaction(customer, { amount: act.amount, currency: 'usd' });
    case 'decline':
      return sandbox.control.outcome({
        account: world.account,
        customer,
        times: act.times,
        outcome: { kind: 'decline', code: 'card_declined' },
      });
    case 'revise':
      life.invoices.push((await stripe.invoices.create({ from_invoice: { action: 'revision', invoice: id } })).id);
      return null;
    case 'finalize':
      return stripe.invoices.finalizeInvoice(id);
    case 'pay':
      return stripe.invoices.pay(id);
    case 'outside':
      return stripe.invoices.pay(id, { paid_out_of_band: true });
    case 'void':
      return stripe.invoices.voidInvoice(id);
    case 'write_off':
      return stripe.invoices.markUncollectible(id);
    case 'discount':
      return stripe.invoices.update(id, { discounts: [{ coupon: life.coupon }] });
  }
}

async function checkBooks(life: Life): Promise<void> {
  const { stripe } = life.world;
  const expand = ['data.payments', 'data.amount_paid_off_stripe'];
  const invoices = await stripe.invoices.list({ customer: life.customer, limit: 100, expand }).autoPagingToArray({ limit: 1000 });
  const numbers = invoices.map((invoice) => invoice.number).filter((number) => number !== null);
  expect(new Set(numbers).size).toBe(numbers.length);
  for (const invoice of invoices) {
    checkSums(invoice);
    await checkPayments(life, invoice);
  }
  const moves = await stripe.customers.listBalanceTransactions(life.customer, { limit: 100 }).autoPagingToArray({ limit: 1000 });
  const customer = (await stripe.customers.retrieve(life.customer)) as Stripe.Customer;
  expect(moves.reduce((sum, move) => sum + move.amount, 0)).toBe(customer.balance);
  const created = (await life.world.events()).map((event) => event.created as number);
  expect(created).toEqual([...created].sort((a, b) => a - b));
}

/** Σ lines = subtotal; − discounts + exclusive tax = total; − credit notes and balance = due. */
function checkSums(invoice: Stripe.Invoice): void {
  const lines = invoice.lines.data;
  const sum = (values: number[]) => values.reduce((left, value) => left + value, 0);
  const taxes = lines.flatMap((line) => line.taxes ?? []);
  const of = (behavior: string) => sum(taxes.filter((tax) => tax.tax_behavior === behavior).map((tax) => tax.amount));
  const off = sum(lines.flatMap((line) => line.discount_amounts ?? []).map((part) => part.amount));
  expect(invoice.subtotal).toBe(sum(lines.map((line) => line.amount)));
  expect(invoice.total).toBe(invoice.subtotal - off + of('exclusive'));
  expect(invoice.total_excluding_tax).toBe(invoice.subtotal - off - of('inclusive'));
  expect(sum((invoice.total_taxes ?? []).map((tax) => tax.amount))).toBe(of('exclusive') + of('inclusive'));
  expect(sum((invoice.total_discount_amounts ?? []).map((part) => part.amount))).toBe(off);
  expect(Math.min(invoice.amount_due, invoice.amount_paid, invoice.amount_remaining, invoice.amount_overpaid)).toBeGreaterThanOrEqual(0);
  expect(invoice.amount_remaining).toBe(invoice.amount_due - invoice.amount_paid);
  if (invoice.status === 'draft') expect([invoice.number, invoice.ending_balance]).toEqual([null, null]);
  if (invoice.status === 'draft') return;
  // What was applied of the balance, what was too little to charge included.
  const applied = invoice.starting_balance - invoice.ending_balance!;
  expect(invoice.amount_due).toBe(invoice.total + applied - invoice.pre_payment_credit_notes_amount);
}

async function checkPayments(life: Life, invoice: Stripe.Invoice): Promise<void> {
  const payments = invoice.payments?.data ?? [];
  const paid = payments.filter((payment) => payment.status === 'paid').reduce((sum, payment) => sum + payment.amount_paid!, 0);
  expect(paid + (invoice.amount_paid_off_stripe ?? 0)).toBe(invoice.amount_paid + invoice.amount_overpaid);
  const defaults = payments.filter((payment) => payment.is_default);
  expect(defaults.length).toBeLessThanOrEqual(1);
  for (const payment of payments) {
    const intent = await life.world.stripe.paymentIntents.retrieve(payment.payment.payment_intent as string);
    if (payment.status === 'paid') expect(intent.status).toBe('succeeded');
    if (payment.status === 'open') expect(['succeeded', 'canceled']).not.toContain(intent.status);
    if (payment.status === 'open' && payment.is_default) {
      expect([intent.amount, payment.amount_requested]).toEqual([invoice.amount_remaining, invoice.amount_remaining]);
    }
  }
  const open = defaults.filter((payment) => payment.status === 'open').length;
  if (invoice.status === 'draft') expect(payments).toEqual([]);
  if (invoice.status === 'open' || invoice.status === 'uncollectible') expect(open).toBe(1);
  if (invoice.status === 'paid' || invoice.status === 'void') expect([open, invoice.auto_advance]).toEqual([0, false]);
  if (invoice.status === 'paid') expect(invoice.amount_remaining).toBe(0);
}

/** Stripe's refusals are part of life, a fault of the Sandbox (500) is not. */
async function tolerate(run: () => Promise<unknown>): Promise<void> {
  try {
    await run();
  } catch (error) {
    if (error instanceof Stripe.errors.StripeError && (error.statusCode ?? 500) < 500) return;
    throw error;
  }
}
