import { afterAll, beforeAll, expect, test } from 'vitest';
import { type Kit, startKit } from '../../test/support/kit.ts';
import { afterCommit, assertNoTransaction, json, transaction } from './database.ts';
import { newId } from './ids.ts';

let kit: Kit;
beforeAll(async () => {
  kit = await startKit({ now: '2026-01-31T10:00:00Z' });
});
afterAll(() => kit?.close());

async function insertCustomer(a: { name: string; balance?: bigint }) {
  const ctx = await kit.ctx();
  const id = newId(ctx, 'customer');
  const at = ctx.clock.now();
  await transaction(ctx, (tx) =>
    tx.db
      .insertInto('customers')
      .values({
        environment_id: tx.environmentId,
        id,
        name: a.name,
        balance_amount: a.balance ?? 0n,
        metadata: json({ big: 9n }),
        actor: 'system',
        created_at: at,
        updated_at: at,
      })
      .execute(),
  );
  return id;
}

test('an amount beyond 2^53, an instant and JSON come back as they went in', async () => {
  const id = await insertCustomer({ name: 'Ada', balance: 9_007_199_254_740_993n });
  const row = await kit.app.db.selectFrom('customers').selectAll().where('id', '=', id).executeTakeFirstOrThrow();
  expect(row.balance_amount).toBe(9_007_199_254_740_993n);
  expect(row.created_at).toBeInstanceOf(Temporal.Instant);
  expect(row.created_at.toString()).toBe('2026-01-31T10:00:00Z');
  expect(row.metadata).toEqual({ big: 9 });
});

test('what is announced after the commit is not announced after a rollback', async () => {
  const ctx = await kit.ctx();
  const seen: string[] = [];
  await transaction(ctx, async (tx) => {
    await transaction(tx, async (inner) => afterCommit(inner, () => seen.push('committed')));
    expect(seen).toEqual([]);
  });
  await expect(
    transaction(ctx, async (tx) => {
      afterCommit(tx, () => seen.push('never'));
      throw new Error('no');
    }),
  ).rejects.toThrow('no');
  expect(seen).toEqual(['committed']);
});

test('a second connection inside a transaction is refused instead of waiting for itself', async () => {
  const ctx = await kit.ctx();
  const outer = transaction(ctx, () => ctx.db.selectFrom('customers').select('id').execute());
  await expect(outer).rejects.toThrow('use the handle of the tx');
  await expect(transaction(ctx, () => transaction(ctx, async () => 1))).rejects.toThrow('pass the tx on');
});

test('a network call inside a transaction is refused', async () => {
  const ctx = await kit.ctx();
  await expect(transaction(ctx, async () => assertNoTransaction('Stripe'))).rejects.toThrow('Stripe inside a transaction');
  expect(() => assertNoTransaction('Stripe')).not.toThrow();
});
