import type { Scenario } from '../story.ts';

/** A card that attaches and then fails [S 3.12]: an incomplete start, and a renewal that goes past due [S 3.1, 3.7]. */
export const decline: Scenario = {
  name: 'a declined card leaves what a declined card leaves',
  async run(story) {
    const { stripe } = story;
    const clock = await story.clock('2026-01-01T00:00:00Z');
    const customer = await story.customer(clock.id, 'pm_card_chargeCustomerFail');
    const price = await story.price(1500);
    const items = [{ price: price.id }];
    const incomplete = await stripe.subscriptions.create({ customer: customer.id, items, expand: ['latest_invoice'] });
    const invoice = incomplete.latest_invoice as Exclude<typeof incomplete.latest_invoice, string | null>;
    story.see('incomplete', {
      status: incomplete.status,
      invoice: invoice.status,
      attempted: invoice.attempted,
      count: invoice.attempt_count,
    });
    await story.seeRefusal(
      'error_if_incomplete',
      stripe.subscriptions.create({ customer: customer.id, items, payment_behavior: 'error_if_incomplete' }),
    );
    await story.seeRefusal('pay', stripe.invoices.pay(invoice.id!));
    const trial = await stripe.subscriptions.create({ customer: customer.id, items, trial_end: 1768003200 });
    story.see('trial', trial.status);
    await clock.advance('2026-01-10T02:00:00Z');
    const late = await stripe.subscriptions.retrieve(trial.id, { expand: ['latest_invoice'] });
    const unpaid = late.latest_invoice as Exclude<typeof late.latest_invoice, string | null>;
    story.see('after the trial', { status: late.status, invoice: unpaid.status, total: unpaid.total, remaining: unpaid.amount_remaining });
    const method = await stripe.paymentMethods.attach('pm_card_visa', { customer: customer.id });
    const paid = await stripe.invoices.pay(unpaid.id!, { payment_method: method.id });
    story.see('paid', {
      status: paid.status,
      amount_paid: paid.amount_paid,
      subscription: (await stripe.subscriptions.retrieve(trial.id)).status,
    });
  },
};
