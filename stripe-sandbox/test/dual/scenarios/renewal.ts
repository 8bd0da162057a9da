import { type Scenario, seconds } from '../story.ts';

/** A subscription of 31 January renews on 28 February and on 31 March [S 3.3]. */
export const renewal: Scenario = {
  name: 'renewals keep the anchor day',
  async run(story) {
    const { stripe } = story;
    const clock = await story.clock('2026-01-31T12:00:00Z');
    const customer = await story.customer(clock.id, 'pm_card_visa');
    const price = await story.price(2000);
    const { id, status, items } = await stripe.subscriptions.create({ customer: customer.id, items: [{ price: price.id }] });
    const day = (at: number) => new Date(at * 1000).toISOString();
    story.see('created', { status, from: day(items.data[0]!.current_period_start), to: day(items.data[0]!.current_period_end) });
    for (const [to, label] of [
      ['2026-02-28T14:00:00Z', 'february'],
      ['2026-03-31T14:00:00Z', 'march'],
    ] as const) {
      await clock.advance(to);
      const now = await stripe.subscriptions.retrieve(id);
      const item = now.items.data[0]!;
      story.see(label, { status: now.status, from: day(item.current_period_start), to: day(item.current_period_end) });
    }
    const invoices = await stripe.invoices.list({ subscription: id });
    story.see(
      'invoices',
      invoices.data.map(({ status: paid, total, amount_paid, billing_reason, attempt_count, created }) => ({
        paid,
        total,
        amount_paid,
        billing_reason,
        attempt_count,
        created: created - seconds('2026-01-31T12:00:00Z'),
      })),
    );
    const payments = await stripe.invoicePayments.list({ invoice: invoices.data[0]!.id! });
    story.see(
      'payments',
      payments.data.map(({ status: paid, amount_paid, is_default }) => ({ paid, amount_paid, is_default })),
    );
  },
};
