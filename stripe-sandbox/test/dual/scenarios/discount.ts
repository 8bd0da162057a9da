import type Stripe from 'stripe';
import type { Scenario } from '../story.ts';

/** A coupon for two months, a credit note on what was paid, a cancellation at the period's end. */
export const discount: Scenario = {
  name: 'a repeating coupon, a credit note and an end at the period’s end',
  async run(story) {
    const { stripe } = story;
    const clock = await story.clock('2026-03-01T00:00:00Z');
    const customer = await story.customer(clock.id, 'pm_card_visa');
    const price = await story.price(3333);
    const coupon = await story.coupon({ percent_off: 25, duration: 'repeating', duration_in_months: 2 });
    const subscription = await stripe.subscriptions.create({
      customer: customer.id,
      items: [{ price: price.id, quantity: 3 }],
      discounts: [{ coupon: coupon.id }],
    });
    await clock.advance('2026-04-01T02:00:00Z');
    await clock.advance('2026-05-01T02:00:00Z');
    const invoices = (await stripe.invoices.list({ subscription: subscription.id })).data;
    story.see(
      'totals',
      invoices.map(({ subtotal, total }) => ({ subtotal, total })),
    );
    const note = await stripe.creditNotes.create({ invoice: invoices[0]!.id!, amount: 1000, credit_amount: 1000 });
    story.see('credit note', { status: note.status, total: note.total, type: note.type });
    const { balance } = (await stripe.customers.retrieve(customer.id)) as Stripe.Customer;
    story.see('balance', balance);
    const ending = await stripe.subscriptions.update(subscription.id, { cancel_at_period_end: true });
    story.see('ending', { status: ending.status, cancel_at_period_end: ending.cancel_at_period_end });
    await clock.advance('2026-06-01T02:00:00Z');
    story.see('ended', (await stripe.subscriptions.retrieve(subscription.id)).status);
  },
};
