import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { at, customerReport, itemReport, subscriptionReport } from '../../test/scenarios/reports.ts';
import { listen, transitionsInCode, transitionsInDatabase } from '../../test/scenarios/told.ts';
import { type Kit, startKit } from '../../test/support/kit.ts';
import { recordCustomer } from '../customers/index.ts';
import { getSubscriptionWithItems, itemIdsByStripeId } from './queries.ts';
import { recordSubscription } from './record-subscription.ts';
import { SUBSCRIPTION_TRANSITIONS } from './status.ts';
import type { SubscriptionInput } from './subscription.ts';

let kit: Kit;
let told: ReturnType<typeof listen>;
let customerId: string;
beforeAll(async () => {
  kit = await startKit({ now: '2026-01-01T00:00:00Z' });
  told = listen(kit);
  customerId = (await recordCustomer(await kit.ctx(), customerReport())).row.id;
  await told.fresh();
});
afterAll(() => kit?.close());

async function on(day: string, over: Partial<SubscriptionInput>) {
  await kit.setClock(at(day).toString());
  return recordSubscription(await kit.ctx(), subscriptionReport(customerId, over));
}

test('[I18] the status table in code is the one the database enforces', async () => {
  expect(transitionsInCode(SUBSCRIPTION_TRANSITIONS)).toEqual(await transitionsInDatabase(kit, 'subscriptions'));
});

describe('Ada tries Pro for two weeks, grows, and leaves', () => {
  const trial = {
    status: 'in_trial',
    stripeStatus: 'trialing',
    trialStart: at('2026-01-01'),
    trialEnd: at('2026-01-15'),
    periodEnd: at('2026-01-15'),
  } as const;
  const running = { trialStart: at('2026-01-01'), trialEnd: at('2026-01-15'), periodStart: at('2026-01-15'), periodEnd: at('2026-02-15') };

  test('1 January: the trial starts; without a plan of ours it is mirrored as it is', async () => {
    const { row, created } = await on('2026-01-01', { ...trial, cause: 'evt_sub_1', witnessAt: at('2026-01-01') });
    expect(created).toBe(true);
    expect(row).toMatchObject({
      status: 'in_trial',
      statusReason: 'trial_started',
      biller: 'stripe',
      productId: null,
      planVersionId: null,
    });
    expect(row.items).toMatchObject([
      { kind: 'base', stripeProductId: 'prod_pro', stripePriceId: 'price_pro', quantity: '1', position: 0 },
    ]);
    const events = await told.fresh();
    expect(events.map(({ type }) => type)).toEqual(['subscription.created', 'subscription.trial_started']);
    expect(events[0]?.data).toEqual({
      customer_id: customerId,
      subscription_id: row.id,
      stripe_customer_id: 'cus_ada',
      stripe_object_id: 'sub_ada',
      status: 'in_trial',
      status_reason: 'trial_started',
      payment_state: 'ok',
      period_start: '2026-01-01T00:00:00Z',
      period_end: '2026-01-15T00:00:00Z',
      trial_start: '2026-01-01T00:00:00Z',
      trial_end: '2026-01-15T00:00:00Z',
      cancel_at: null,
      witness_at: '2026-01-01T00:00:00Z',
      historical: false,
    });
  });

  test('the same report five times at once changes nothing', async () => {
    const ctx = await kit.ctx();
    const all = await Promise.all(Array.from({ length: 5 }, () => recordSubscription(ctx, subscriptionReport(customerId, trial))));
    expect(all.some(({ changed }) => changed)).toBe(false);
    expect(await told.types()).toEqual([]);
  });

  test('15 January: the trial converts', async () => {
    const { row } = await on('2026-01-15', running);
    expect(row).toMatchObject({ status: 'active', statusReason: 'trial_converted' });
    const events = await told.fresh();
    expect(events.map(({ type }) => type)).toEqual(['subscription.activated', 'subscription.period_moved']);
    expect(events[0]?.data).toMatchObject({ from: 'in_trial' });
    expect(events[1]?.previous).toEqual({ period_start: '2026-01-01T00:00:00Z', period_end: '2026-01-15T00:00:00Z' });
  });

  test('20 January: two more seats and an extra: the old row is closed, its successor open, one announcement', async () => {
    const items = [
      itemReport({ quantity: '3' }),
      itemReport({ itemKey: 'si_extra', stripePriceId: 'price_extra', stripeProductId: 'prod_extra' }),
    ];
    const { row } = await on('2026-01-20', { ...running, items });
    expect(row.items.map(({ kind, quantity, validFrom }) => [kind, quantity, validFrom.toString()])).toEqual([
      ['base', '3', '2026-01-20T00:00:00Z'],
      ['charge', '1', '2026-01-20T00:00:00Z'],
    ]);
    const history = await kit.app.db
      .selectFrom('subscription_items')
      .selectAll()
      .where('subscription_id', '=', row.id)
      .orderBy('id')
      .execute();
    expect(history.map(({ quantity, valid_to, superseded_by_id }) => [quantity, valid_to?.toString() ?? null, superseded_by_id])).toEqual([
      ['1', '2026-01-20T00:00:00Z', row.items[0]?.id],
      ['3', null, null],
      ['1', null, null],
    ]);
    const [event, ...rest] = await told.fresh();
    expect(rest).toEqual([]);
    expect(event).toMatchObject({
      type: 'subscription.change_applied',
      data: { added: [{ stripe_price_id: 'price_extra' }], removed: [], changed: [{ from: { quantity: '1' }, to: { quantity: '3' } }] },
    });
    expect((await itemIdsByStripeId(await kit.ctx(), row.id)).get('si_base')).toBe(row.items[0]?.id);
  });

  test('the order of items alone is no change of what is sold', async () => {
    const items = [
      itemReport({ itemKey: 'si_extra', stripePriceId: 'price_extra', stripeProductId: 'prod_extra' }),
      itemReport({ quantity: '3' }),
    ];
    const { row } = await on('2026-01-21', { ...running, items });
    expect(row.items.map(({ stripePriceId }) => stripePriceId)).toEqual(['price_extra', 'price_pro']);
    expect(await told.types()).toEqual([]);
  });

  test('[I18] 1 February: canceled; a snapshot of better days, read late, revives nothing', async () => {
    const end = {
      ...running,
      status: 'canceled',
      stripeStatus: 'canceled',
      cancelReason: 'requested',
      canceledAt: at('2026-02-01'),
      endedAt: at('2026-02-01'),
    } as const;
    await on('2026-02-01', { ...end, items: [itemReport({ quantity: '3' })] });
    const events = await told.fresh();
    expect(events.map(({ type }) => type)).toEqual(['subscription.canceled']);
    expect(events[0]?.data).toMatchObject({ variant: 'requested', from: 'active' });
    const late = await on('2026-02-02', running);
    expect([late.changed, late.row.status]).toEqual([false, 'canceled']);
    expect(await told.types()).toEqual([]);
  });
});

test('[I18] the database itself refuses a step that no table lists', async () => {
  const id = (await getSubscriptionWithItems(await kit.ctx(), 'sub_ada'))?.id ?? '';
  const revive = kit.app.db.updateTable('subscriptions').set({ status: 'active' }).where('id', '=', id).execute();
  await expect(revive).rejects.toThrow('status_transition_refused: subscriptions canceled -> active');
});

test('[I18] a step that the provider skipped is taken in two', async () => {
  await on('2026-02-03', { stripeId: 'sub_odd' });
  const { row } = await on('2026-02-03', { stripeId: 'sub_odd', status: 'payment_pending', stripeStatus: 'incomplete' });
  expect(row.status).toBe('payment_pending');
});

test('M11 what an import finds is announced as history', async () => {
  await told.fresh();
  await on('2026-02-03', { stripeId: 'sub_old', silent: true });
  expect((await told.fresh()).map(({ type, data }) => [type, data.historical])).toEqual([['subscription.created', true]]);
});
