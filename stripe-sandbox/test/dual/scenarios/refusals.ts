import type { Scenario } from '../story.ts';

/** What is refused, and how: status, type, code and param. */
export const refusals: Scenario = {
  name: 'refusals',
  async run(story) {
    const { stripe } = story;
    const clock = await story.clock('2026-01-01T00:00:00Z');
    const customer = await story.customer(clock.id, 'pm_card_visa');
    const price = await story.price(1000);
    await story.seeRefusal('no such customer', stripe.customers.retrieve('cus_doesnotexist'));
    await story.seeRefusal('unknown parameter', stripe.customers.create({ favourite: 'blue' } as never));
    await story.seeRefusal(
      'no such price',
      stripe.subscriptions.create({ customer: customer.id, items: [{ price: 'price_doesnotexist' }] }),
    );
    await story.seeRefusal('amount too small', stripe.paymentIntents.create({ amount: 1, currency: 'usd' }));
    await story.seeRefusal('bad currency', stripe.paymentIntents.create({ amount: 1000, currency: 'zzz' }));
    await story.seeRefusal(
      'bad enum',
      stripe.prices.create({
        product: price.product as string,
        currency: 'usd',
        unit_amount: 1,
        recurring: { interval: 'fortnight' as never },
      }),
    );
    await story.seeRefusal(
      'card that cannot be attached',
      stripe.paymentMethods.attach('pm_card_visa_chargeDeclined', { customer: customer.id }),
    );
    const bare = await stripe.customers.create({ test_clock: clock.id });
    await story.seeRefusal('no payment method', stripe.subscriptions.create({ customer: bare.id, items: [{ price: price.id }] }));
    await story.seeRefusal('clock backwards', stripe.testHelpers.testClocks.advance(clock.id, { frozen_time: 1_700_000_000 }));
    await stripe.subscriptions.create({ customer: customer.id, items: [{ price: price.id }] });
    await story.seeRefusal('clock too far', stripe.testHelpers.testClocks.advance(clock.id, { frozen_time: 1_798_761_600 }));
    await story.seeRefusal('product with prices', stripe.products.del(price.product as string));
  },
};
