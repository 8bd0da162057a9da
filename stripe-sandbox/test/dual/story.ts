/** A scenario: what it does, what it looks at, and what it leaves behind. The same file runs on the Sandbox and on Stripe. */
import Stripe from 'stripe';
import { advance, type Target } from './target.ts';

export type Seen = { label: string; value: unknown };
export type Scenario = { name: string; run(story: Story): Promise<void> };

export class Story {
  readonly stripe: Stripe;
  readonly seen: Seen[] = [];
  readonly #target: Target;
  readonly #cleanUp: (() => Promise<unknown>)[] = [];

  constructor(target: Target) {
    this.#target = target;
    this.stripe = target.stripe;
  }

  /** Notes a value for the comparison. Take only what both sides must agree on: no ids that Stripe alone knows, no wording of the day. */
  see(label: string, value: unknown): void {
    this.seen.push({ label, value: JSON.parse(JSON.stringify(value ?? null)) });
  }

  /** Notes how a request is refused. */
  async seeRefusal(label: string, request: Promise<unknown>): Promise<void> {
    const error = await request.then(
      () => null,
      (thrown: unknown) => thrown,
    );
    if (error !== null && !(error instanceof Stripe.errors.StripeError)) throw error;
    this.see(
      label,
      error && { status: error.statusCode, type: error.rawType, code: error.code, param: error.param, decline: error.decline_code },
    );
  }

  /** A test clock of this run; with it go its customers and what they have. */
  async clock(at: string): Promise<{ id: string; advance(to: string): Promise<void> }> {
    const { id } = await this.stripe.testHelpers.testClocks.create({ frozen_time: seconds(at), name: 'dual-target suite' });
    this.#cleanUp.push(() => this.stripe.testHelpers.testClocks.del(id));
    return { id, advance: (to) => advance(this.#target, id, seconds(to)) };
  }

  async customer(clock: string, card: string): Promise<Stripe.Customer> {
    const customer = await this.stripe.customers.create({ test_clock: clock, name: 'Dual Target', email: 'dual@example.com' });
    const method = await this.stripe.paymentMethods.attach(card, { customer: customer.id });
    return this.stripe.customers.update(customer.id, { invoice_settings: { default_payment_method: method.id } });
  }

  async price(amount: number, more: Partial<Stripe.PriceCreateParams> = {}): Promise<Stripe.Price> {
    const product = await this.stripe.products.create({ name: 'Dual target' });
    this.#cleanUp.push(() => this.stripe.products.update(product.id, { active: false }));
    return this.stripe.prices.create({
      product: product.id,
      currency: 'usd',
      unit_amount: amount,
      recurring: { interval: 'month' },
      ...more,
    });
  }

  async coupon(params: Stripe.CouponCreateParams): Promise<Stripe.Coupon> {
    const coupon = await this.stripe.coupons.create(params);
    this.#cleanUp.push(() => this.stripe.coupons.del(coupon.id));
    return coupon;
  }

  /** Takes everything away again, last things first; what cannot be taken away is said and does not fail the run. */
  async cleanUp(): Promise<string[]> {
    const left: string[] = [];
    for (const undo of this.#cleanUp.splice(0).reverse()) await undo().catch((error: unknown) => left.push(String(error)));
    return left;
  }
}

export function seconds(at: string): number {
  return Date.parse(at) / 1000;
}
