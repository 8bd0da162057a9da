import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { at, customerReport, VISA, witness } from '../../test/scenarios/reports.ts';
import { listen, transitionsInCode, transitionsInDatabase } from '../../test/scenarios/told.ts';
import { type Kit, startKit } from '../../test/support/kit.ts';
import { findCustomer } from './queries.ts';
import { recordCustomer } from './record-customer.ts';
import { CUSTOMER_TRANSITIONS } from './status.ts';

let kit: Kit;
let told: ReturnType<typeof listen>;
beforeAll(async () => {
  kit = await startKit({ now: '2026-01-01T00:00:00Z' });
  told = listen(kit);
});
afterAll(() => kit?.close());

test('[I18] the status table in code is the one the database enforces', async () => {
  expect(transitionsInCode(CUSTOMER_TRANSITIONS)).toEqual(await transitionsInDatabase(kit, 'customers'));
});

describe('Ada is a customer in Stripe', () => {
  test('1 January: she appears, with her card and address, and is announced once', async () => {
    const report = customerReport({ cause: 'evt_1', witnessAt: at('2026-01-01') });
    const first = await recordCustomer(await kit.ctx(), report);
    const again = await recordCustomer(await kit.ctx(), report);
    expect([first.created, first.changed, again.created, again.changed]).toEqual([true, true, false, false]);
    expect(again.row).toEqual(first.row);
    expect(first.row).toMatchObject({ name: 'Ada Lovelace', paymentMethod: VISA, billingAddress: { postalCode: 'N1' }, rev: 1n });
    const [event, ...rest] = await told.fresh();
    expect(rest).toEqual([]);
    expect(event).toMatchObject({ type: 'customer.created', object_id: first.row.id, cause: 'evt_1' });
    expect(event?.data).toEqual({
      customer_id: first.row.id,
      stripe_customer_id: 'cus_ada',
      stripe_object_id: 'cus_ada',
      witness_at: '2026-01-01T00:00:00Z',
      historical: false,
    });
  });

  test('3 January: a new name is adopted, and the event says what it was', async () => {
    await kit.setClock('2026-01-03T00:00:00Z');
    const { row } = await recordCustomer(await kit.ctx(), customerReport({ name: 'Ada King', metadata: { vip: 'yes' } }));
    expect(row).toMatchObject({
      name: 'Ada King',
      metadata: { vip: 'yes' },
      rev: 2n,
      createdAt: at('2026-01-01'),
      updatedAt: at('2026-01-03'),
    });
    const [event] = await told.fresh();
    expect(event).toMatchObject({ type: 'customer.updated', previous: { name: 'Ada Lovelace', metadata: {} } });
  });

  test('sync.md 5: Stripe forgets the phone and we do too, but never the address mail goes to', async () => {
    await recordCustomer(await kit.ctx(), customerReport({ name: 'Ada King', metadata: {}, phone: '+44' }));
    const { row } = await recordCustomer(
      await kit.ctx(),
      customerReport({ name: 'Ada King', metadata: {}, phone: null, email: null, currency: null }),
    );
    expect(row).toMatchObject({ phone: null, email: 'ada@example.com', currency: 'usd' });
  });

  test('[I18] 4 January: deleted in Stripe, she is archived for ever; a late report revives nothing', async () => {
    await told.fresh();
    await kit.setClock('2026-01-04T00:00:00Z');
    const gone = { ...witness({ witnessAt: at('2026-01-04') }), deleted: true, connectionId: 'connection_1', stripeId: 'cus_ada' } as const;
    const first = await recordCustomer(await kit.ctx(), gone);
    const again = await recordCustomer(await kit.ctx(), gone);
    const late = await recordCustomer(await kit.ctx(), customerReport());
    expect(first.row).toMatchObject({ status: 'archived', deletedInStripeAt: at('2026-01-04'), email: 'ada@example.com' });
    expect([again.changed, late.changed]).toEqual([false, false]);
    expect(await told.types()).toEqual(['customer.archived']);
  });
});

test('a customer of whom we only ever hear that she is gone leaves an archived row', async () => {
  const gone = { ...witness(), deleted: true, connectionId: 'connection_1', stripeId: 'cus_gone' } as const;
  const { row, created } = await recordCustomer(await kit.ctx(), gone);
  expect([created, row.status, row.name]).toEqual([true, 'archived', null]);
  expect(await told.types()).toEqual(['customer.archived']);
});

test('M11 an import is announced as history', async () => {
  await recordCustomer(await kit.ctx(), customerReport({ stripeId: 'cus_old', silent: true }));
  const [event] = await told.fresh();
  expect(event?.data).toMatchObject({ historical: true });
});

test('five reports of one new customer at once make one row and one announcement', async () => {
  const ctx = await kit.ctx();
  const all = await Promise.all(Array.from({ length: 5 }, () => recordCustomer(ctx, customerReport({ stripeId: 'cus_many' }))));
  expect(new Set(all.map(({ row }) => row.id)).size).toBe(1);
  expect(all.filter(({ created }) => created)).toHaveLength(1);
  expect(await told.types()).toEqual(['customer.created']);
});

test('[I19] the same Stripe id in another environment is another customer, and neither sees the other', async () => {
  const other = await kit.addEnvironment();
  const here = await recordCustomer(await kit.ctx(), customerReport({ stripeId: 'cus_twice', name: 'Here' }));
  const there = await recordCustomer(await kit.ctx(other), customerReport({ stripeId: 'cus_twice', name: 'There' }));
  expect(there.row.id).not.toBe(here.row.id);
  expect((await findCustomer(await kit.ctx(), 'cus_twice'))?.name).toBe('Here');
  expect((await findCustomer(await kit.ctx(other), 'cus_twice'))?.name).toBe('There');
  expect(await findCustomer(await kit.ctx(), there.row.id)).toBeNull();
});
