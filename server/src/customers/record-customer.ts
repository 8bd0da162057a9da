import type { Ctx } from '../kit/context.ts';
import { transaction } from '../kit/database.ts';
import { newId } from '../kit/ids.ts';
import { announceAll } from './announce-all.ts';
import type { Customer, CustomerInput } from './customer.ts';
import { decideCustomer } from './decide-customer.ts';
import type { Recorded } from './mirror.ts';
import { insertCustomer, lockCustomer, updateCustomer } from './queries.ts';

/**
 * Makes our row say what the provider reports, and announces `customer.created`, `customer.updated` or `customer.archived` when
 * it did not say so before. The same report again changes nothing. A customer deleted in Stripe stays archived for ever.
 */
export function recordCustomer(ctx: Ctx, input: CustomerInput): Promise<Recorded<Customer>> {
  return transaction(ctx, async (tx) => {
    const before = await lockCustomer(tx, input);
    const { patch, announcements } = decideCustomer(before, input, tx.clock.now());
    if (before && Object.keys(patch).length === 0) return { row: before, changed: false, created: false };
    const row = before ? await updateCustomer(tx, before, patch) : await insert(tx, input, patch);
    // Another writer made the row after we looked: now it is there to be compared.
    if (row === null) return recordCustomer(tx, input);
    const data = { customer_id: row.id, stripe_customer_id: row.stripeId, stripe_object_id: row.stripeId };
    await announceAll(tx, { objectType: 'customer', objectId: row.id, data, witness: input, announcements });
    return { row, changed: true, created: before === null };
  });
}

function insert(tx: Ctx, input: CustomerInput, patch: Partial<Customer>): Promise<Customer | null> {
  const now = tx.clock.now();
  const { connectionId, stripeId } = input;
  const createdAt = input.deleted ? now : input.createdAt;
  return insertCustomer(tx, { connectionId, stripeId, origin: 'stripe', ...patch, id: newId(tx, 'customer'), createdAt, updatedAt: now });
}
