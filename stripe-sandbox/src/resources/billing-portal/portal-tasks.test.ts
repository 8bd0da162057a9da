/** Tasks of the portal: changing, pausing and cancelling a subscription. */
import fc from 'fast-check';
import type Stripe from 'stripe';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { submit, visit } from '../../pages/test-forms.ts';
import { type PortalWorld, startPortalWorld } from './test-world.ts';

let world: PortalWorld;
beforeEach(async () => {
  world = await startPortalWorld();
});
afterEach(() => world.close());

describe('changing the plan', () => {
  test('2026-04-16, half way: the page says what is due today, and exactly that is charged', async () => {
    const { stripe, customer, subscription, basic, team, updateFeature, configure, open, now, choose } = world;
    const session = await open(await configure({ subscription_update: updateFeature() }));
    await world.advance('2026-04-16T09:00:00Z');
    const later = await open({ id: session.configuration as string });
    const list = await visit(world.sandbox, `/p/${later.id}/update/${subscription.id}`);
    for (const words of ['Basic', 'Team', '$30.00 every month', 'Your plan', '$100.00 every year']) expect(list.html).toContain(words);
    const chosen = await choose(later, { price: team.id, quantity: '2' });
    const page = await visit(world.sandbox, chosen.location!);
    // Unused half of 2 × 10.00 is given back, the other half of 2 × 30.00 is charged.
    for (const words of ['-$10.00', '$30.00', 'Amount due today', '$20.00']) expect(page.html).toContain(words);
    expect((await now()).items.data[0]!.price.id).toBe(basic.id);
    expect((await submit(world.sandbox, chosen.location!, {})).location).toBe(`/p/${later.id}`);
    const after = await now();
    expect(after.items.data[0]).toMatchObject({ quantity: 2, price: { id: team.id } });
    expect(after.latest_invoice).toMatchObject({ status: 'paid', total: 2000 });
    expect((await stripe.charges.list({ customer: customer.id })).data.map((charge) => charge.amount)).toEqual([2000, 2000]);
  });

  test('whatever is changed and whenever: the amount due that the page names is the amount that is billed', async () => {
    const { basic, team, updateFeature, configure, open, now, choose } = world;
    const configuration = await configure({ subscription_update: updateFeature() });
    let hours = 0;
    const step = fc.record({
      wait: fc.integer({ min: 1, max: 100 }),
      plan: fc.constantFrom(basic, team),
      quantity: fc.integer({ min: 1, max: 10 }),
    });
    await fc.assert(
      fc.asyncProperty(step, async ({ wait, plan, quantity }) => {
        hours += wait;
        await world.advance(new Date(Date.parse('2026-04-01T09:00:00Z') + hours * 3_600_000));
        const before = await now();
        const [item] = before.items.data;
        const period = item!.current_period_end - item!.current_period_start;
        const left = (item!.current_period_end - (Date.parse('2026-04-01T09:00:00Z') / 1000 + hours * 3600)) / period;
        const page = await visit(
          world.sandbox,
          (await choose(await open(configuration), { price: plan.id, quantity: String(quantity) })).location!,
        );
        const due = Math.round(Number(/Amount due today<\/th><td>\$([\d,.]+)/.exec(page.html)![1]!.replaceAll(',', '')) * 100);
        await submit(
          world.sandbox,
          (await choose(await open(configuration), { price: plan.id, quantity: String(quantity) })).location!,
          {},
        );
        const after = await now();
        const unchanged = item!.price.id === plan.id && item!.quantity === quantity;
        const invoice = after.latest_invoice as Stripe.Invoice;
        expect(due).toBe(unchanged ? 0 : invoice.amount_due);
        // The oracle: what is left of the month, at the new price less the old one, each rounded by itself; less what earlier credits left over.
        const change = Math.round(left * plan.unit_amount! * quantity) - Math.round(left * item!.price.unit_amount! * item!.quantity!);
        if (!unchanged) expect(Math.abs(invoice.total - change)).toBeLessThanOrEqual(1);
      }),
      { numRuns: 6 },
    );
  });

  test('with prorations that wait nothing is due today, and the next payment is told', async () => {
    const { team, updateFeature, configure, open, now, choose } = world;
    const session = await open(await configure({ subscription_update: updateFeature({ proration_behavior: 'create_prorations' }) }));
    const chosen = await choose(session, { price: team.id, quantity: '2' });
    const page = await visit(world.sandbox, chosen.location!);
    // 2 × 30.00 for May, and 40.00 more for a whole April.
    for (const words of ['Next payment on 1 May 2026', '$100.00', '$0.00']) expect(page.html).toContain(words);
    await submit(world.sandbox, chosen.location!, {});
    await world.advance('2026-05-01T11:00:00Z');
    expect((await now()).latest_invoice).toMatchObject({ status: 'paid', total: 10_000 });
  });

  test('a declined card changes nothing and says why; a card that asks the bank changes the plan afterwards', async () => {
    const { basic, team, defaultCard, updateFeature, configure, open, now, choose } = world;
    const session = await open(await configure({ subscription_update: updateFeature() }));
    const chosen = await choose(session, { price: team.id, quantity: '2' });
    await defaultCard('pm_card_chargeCustomerFail');
    const declined = await submit(world.sandbox, chosen.location!, {});
    expect([declined.status, declined.html.includes('Your card was declined.')]).toEqual([402, true]);
    expect((await now()).items.data[0]!.price.id).toBe(basic.id);
    await defaultCard('pm_card_authenticationRequired');
    const asked = await submit(world.sandbox, chosen.location!, {});
    expect(new URL(asked.location!).pathname).toMatch(/^\/3ds\/pi_/);
    expect((await now()).items.data[0]!.price.id).toBe(basic.id);
    const back = await submit(world.sandbox, asked.location!, { decision: 'complete' });
    expect((await visit(world.sandbox, back.location!)).location).toBe(`/p/${session.id}`);
    expect((await now()).items.data[0]!.price.id).toBe(team.id);
  });

  test('quantities keep to their limits; prices that are not offered, or not allowed, are refused', async () => {
    const { stripe, subscription, basic, team, updateFeature, configure, open, now, choose } = world;
    const session = await open(await configure({ subscription_update: updateFeature() }));
    expect((await choose(session, { price: team.id, quantity: '11' })).html).toContain('Choose a quantity from 1 to 10.');
    const other = await stripe.prices.create({
      currency: 'usd',
      unit_amount: 1,
      recurring: { interval: 'month' },
      product: team.product as string,
    });
    expect((await choose(session, { price: other.id, quantity: '1' })).html).toContain('Choose one of the plans.');
    const forged = `/p/${session.id}/confirm/${subscription.id}?price=${other.id}&quantity=1`;
    expect((await submit(world.sandbox, forged, {})).status).toBe(422);
    const onlyQuantity = await open(await configure({ subscription_update: updateFeature({ default_allowed_updates: ['quantity'] }) }));
    expect((await choose(onlyQuantity, { price: team.id, quantity: '1' })).html).toContain('Choose one of the plans.');
    const fewer = await choose(onlyQuantity, { price: basic.id, quantity: '1' });
    await submit(world.sandbox, fewer.location!, {});
    expect((await now()).items.data[0]!.quantity).toBe(1);
    const onlyPrice = await open(await configure({ subscription_update: updateFeature({ default_allowed_updates: ['price'] }) }));
    const many = `/p/${onlyPrice.id}/confirm/${subscription.id}?price=${team.id}&quantity=9`;
    expect((await visit(world.sandbox, many)).html).toContain('The quantity is fixed.');
  });

  test('a promotion code lowers what is due; a wrong one is told', async () => {
    const { stripe, team, updateFeature, configure, open, now, choose } = world;
    const coupon = await stripe.coupons.create({ percent_off: 50, duration: 'forever' });
    await stripe.promotionCodes.create({ promotion: { type: 'coupon', coupon: coupon.id }, code: 'HALF' });
    const session = await open(
      await configure({ subscription_update: updateFeature({ billing_cycle_anchor: 'now', proration_behavior: 'none' }) }),
    );
    const wrong = await choose(session, { price: team.id, quantity: '1', code: 'nope' });
    expect((await visit(world.sandbox, wrong.location!)).html).toContain('This promotion code is not valid.');
    const chosen = await choose(session, { price: team.id, quantity: '1', code: 'half' });
    await submit(world.sandbox, chosen.location!, {});
    expect((await now()).discounts).toHaveLength(1);
  });

  test('a trial ends with the change, or goes on, as the configuration says', async () => {
    const { stripe, customer, basic, team, updateFeature, configure, open } = world;
    const trial = await stripe.subscriptions.create({ customer: customer.id, items: [{ price: basic.id }], trial_period_days: 10 });
    for (const [behavior, status] of [
      ['continue_trial', 'trialing'],
      ['end_trial', 'active'],
    ] as const) {
      const session = await open(await configure({ subscription_update: updateFeature({ trial_update_behavior: behavior }) }));
      const chosen = await submit(world.sandbox, `/p/${session.id}/update/${trial.id}`, {
        price: team.id,
        quantity: behavior === 'end_trial' ? '2' : '1',
      });
      await submit(world.sandbox, chosen.location!, {});
      expect((await stripe.subscriptions.retrieve(trial.id)).status).toBe(status);
    }
  });
});

describe('cancelling', () => {
  test('a reason and a comment are kept; the end is the period’s', async () => {
    const { subscription, configure, open, now } = world;
    const session = await open(
      await configure({
        subscription_cancel: { enabled: true, cancellation_reason: { enabled: true, options: ['too_expensive', 'unused'] } },
      }),
    );
    const path = `/p/${session.id}/cancel/${subscription.id}`;
    const page = await visit(world.sandbox, path);
    for (const words of ['It is too expensive', 'I do not use it any more', 'You can use it until 1 May 2026'])
      expect(page.html).toContain(words);
    expect(page.html).not.toContain('hard to use');
    await submit(world.sandbox, path, { decision: 'cancel', reason: 'unused', comment: 'Gone <fishing>' });
    expect(await now()).toMatchObject({
      cancel_at_period_end: true,
      cancellation_details: { feedback: 'unused', comment: 'Gone <fishing>', reason: 'cancellation_requested' },
    });
    expect((await visit(world.sandbox, path)).html).toContain('already set to end');
    await world.advance('2026-05-01T10:00:00Z');
    expect((await now()).status).toBe('canceled');
  });

  test('2026-04-16: at once, with the unused half given back on a last invoice', async () => {
    const { stripe, customer, subscription, configure, open, now } = world;
    const configuration = await configure({
      subscription_cancel: { enabled: true, mode: 'immediately', proration_behavior: 'always_invoice' },
    });
    await world.advance('2026-04-16T09:00:00Z');
    const session = await open(configuration);
    await submit(world.sandbox, `/p/${session.id}/cancel/${subscription.id}`, { decision: 'cancel' });
    expect((await now()).status).toBe('canceled');
    expect(((await stripe.customers.retrieve(customer.id)) as Stripe.Customer).balance).toBe(-1000);
  });
});

describe('pausing', () => {
  test('2026-04-10: a pause of a month ends by itself; a new period begins and is paid', async () => {
    const { subscription, configure, open, now } = world;
    const configuration = await configure({
      subscription_pause: {
        enabled: true,
        duration: { type: 'interval_options', interval_options: [{ interval: 'month' }, { interval: 'month', interval_count: 3 }] },
      },
    });
    await world.advance('2026-04-10T09:00:00Z');
    const session = await open(configuration);
    const path = `/p/${session.id}/pause/${subscription.id}`;
    expect((await visit(world.sandbox, path)).html).toContain('3 months');
    await submit(world.sandbox, path, { duration: '0' });
    expect((await now()).status).toBe('paused');
    const home = await open(configuration);
    expect((await visit(world.sandbox, home.url)).html).toContain('Resumes on 10 May 2026');
    await world.advance('2026-05-10T09:00:01Z');
    expect(await now()).toMatchObject({ status: 'active', latest_invoice: { status: 'paid', total: 2000 } });
    expect(await world.eventTypes(subscription.id)).toContain('customer.subscription.resumed');
  });

  test('2026-04-10: resumed within the month that is paid, nothing is charged again and the renewal stays', async () => {
    const { stripe, customer, subscription, configure, open, now } = world;
    const session = await open(await configure({ subscription_pause: { enabled: true } }));
    await world.advance('2026-04-10T09:00:00Z');
    const later = await open({ id: session.configuration as string });
    await submit(world.sandbox, `/p/${later.id}/pause/${subscription.id}`, { duration: '0' });
    await submit(world.sandbox, later.url, { action: 'resume', subscription: subscription.id });
    expect((await now()).status).toBe('active');
    expect((await now()).items.data[0]!.current_period_end).toBe(Date.parse('2026-05-01T09:00:00Z') / 1000);
    await world.advance('2026-04-30T09:00:00Z');
    expect((await stripe.charges.list({ customer: customer.id })).data.map((charge) => charge.amount)).toEqual([2000]);
    await world.advance('2026-05-11T09:00:00Z');
    expect((await stripe.charges.list({ customer: customer.id })).data.map((charge) => charge.amount)).toEqual([2000, 2000]);
  });

  test('without an end it rests until the customer resumes it', async () => {
    const { stripe, subscription, configure, open, now } = world;
    const configuration = await configure({ subscription_pause: { enabled: true, duration: { type: 'indefinite' } } });
    const session = await open(configuration);
    await submit(world.sandbox, `/p/${session.id}/pause/${subscription.id}`, {});
    expect((await now()).status).toBe('paused');
    await world.advance('2026-07-01T09:00:00Z');
    const home = await open(configuration);
    await submit(world.sandbox, home.url, { action: 'resume', subscription: subscription.id });
    expect((await now()).status).toBe('active');
    const bad = stripe.billingPortal.configurations.create({
      features: { subscription_pause: { enabled: true, duration: { type: 'interval_options' } } },
    });
    await expect(bad).rejects.toMatchObject({ param: 'features[subscription_pause][duration][interval_options]' });
  });
});
