import { afterAll, beforeAll, expect, test } from 'vitest';
import { type Kit, startKit } from '../../test/support/kit.ts';
import { present } from './assert.ts';
import { claimWork, fence, LostClaim, releaseClaim, renewClaim } from './claims.ts';
import { transaction } from './database.ts';

let kit: Kit;
beforeAll(async () => {
  kit = await startKit();
});
afterAll(() => kit?.close());

test('a subject has one holder; who lost it can write nothing any more', async () => {
  const ctx = await kit.ctx();
  const first = present(await claimWork(ctx, { kind: 'pull', subjectId: 'cus_1', leaseSeconds: 0 }), 'claim');
  const second = present(await claimWork(ctx, { kind: 'pull', subjectId: 'cus_1' }), 'claim after the lease ran out');
  expect(await claimWork(ctx, { kind: 'pull', subjectId: 'cus_1' })).toBeNull();
  expect(second.attempts).toBe(2);
  await expect(transaction(ctx, (tx) => fence(tx, first))).rejects.toThrow(LostClaim);
  await expect(renewClaim(ctx, first)).rejects.toThrow(LostClaim);
  await transaction(ctx, (tx) => fence(tx, second));
  await releaseClaim(ctx, second);
  expect((await claimWork(ctx, { kind: 'pull', subjectId: 'cus_1' }))?.attempts).toBe(1);
});

test('another environment may hold a subject of the same name', async () => {
  const ctx = await kit.ctx();
  const other = await kit.ctx(await kit.addEnvironment());
  expect(await claimWork(ctx, { kind: 'pull', subjectId: 'cus_2' })).not.toBeNull();
  expect(await claimWork(other, { kind: 'pull', subjectId: 'cus_2' })).not.toBeNull();
});
