import { afterAll, beforeAll, expect, test } from 'vitest';
import { type Kit, startKit } from '../../test/support/kit.ts';
import { json, transaction } from '../kit/database.ts';
import { writeAudit } from './audit.ts';
import { verifyAudit } from './audit-seals.ts';
import { room } from './index.ts';
import { closeOperatorTask, openOperatorTask } from './operator-tasks.ts';

let kit: Kit;
beforeAll(async () => {
  kit = await startKit({ rooms: [room] });
});
afterAll(() => kit?.close());

test('[13.3] the audit chain holds, and names the first entry that somebody changed', async () => {
  const ctx = await kit.ctx();
  for (const reason of ['one', 'two', 'three']) {
    await transaction(ctx, (tx) =>
      writeAudit(tx, { action: 'thing.changed', objectType: 'thing', objectId: 'thing_1', after: { b: 1, a: reason }, reason }),
    );
    await kit.app.queues.drainAll(kit.environmentId);
  }
  expect(await verifyAudit(ctx)).toBeNull();
  const entries = await ctx.db.selectFrom('audit_entries').select(['id', 'reason']).orderBy('id').execute();
  await ctx.db
    .updateTable('audit_entries')
    .set({ after: json({ a: 'forged' }) })
    .where('id', '=', entries[1]?.id ?? '')
    .execute();
  expect(await verifyAudit(ctx)).toBe(entries[1]?.id);
});

test('an operator task is open once, and opens again after it was closed', async () => {
  const ctx = await kit.ctx();
  const task = {
    kind: 'check',
    severity: 'warning' as const,
    objectType: 'thing',
    objectId: 'thing_1',
    dedupeKey: 'check:thing_1',
    title: 'Look at it',
  };
  for (const _ of [1, 2]) await transaction(ctx, (tx) => openOperatorTask(tx, task));
  const count = async (status: string) =>
    (await ctx.db.selectFrom('operator_tasks').select('id').where('status', '=', status).execute()).length;
  expect(await count('open')).toBe(1);
  await transaction(ctx, (tx) => closeOperatorTask(tx, { dedupeKey: task.dedupeKey, note: 'seen' }));
  await transaction(ctx, (tx) => openOperatorTask(tx, task));
  expect([await count('open'), await count('closed')]).toEqual([1, 1]);
});
