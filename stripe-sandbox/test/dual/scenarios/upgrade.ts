import type { Scenario } from '../story.ts';

/** 50 → 100 in the middle of January: the invoice of 1 February carries both prorations and the new price [S 3.4]. */
export const upgrade: Scenario = {
  name: 'an upgrade in mid-cycle is prorated to the second',
  async run(story) {
    const { stripe } = story;
    const clock = await story.clock('2026-01-01T00:00:00Z');
    const customer = await story.customer(clock.id, 'pm_card_visa');
    const [small, large] = [await story.price(5000), await story.price(10_000)];
    const subscription = await stripe.subscriptions.create({ customer: customer.id, items: [{ price: small.id }] });
    await clock.advance('2026-01-16T00:00:00Z');
    const items = [{ id: subscription.items.data[0]!.id, price: large.id }];
    const preview = await stripe.invoices.createPreview({
      subscription: subscription.id,
      subscription_details: { items, proration_date: 1768521600 },
    });
    story.see('preview', { total: preview.total, lines: preview.lines.data.map(({ amount }) => amount).sort((a, b) => a - b) });
    await stripe.subscriptions.update(subscription.id, { items, proration_date: 1768521600 });
    await clock.advance('2026-02-01T02:00:00Z');
    const [invoice] = (await stripe.invoices.list({ subscription: subscription.id, limit: 1 })).data;
    story.see('february', { status: invoice!.status, total: invoice!.total, amount_paid: invoice!.amount_paid });
    story.see(
      'lines',
      invoice!.lines.data.map(({ amount, quantity }) => ({ amount, quantity })).sort((a, b) => a.amount - b.amount),
    );
  },
};
