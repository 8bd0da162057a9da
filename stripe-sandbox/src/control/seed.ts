/** Loads objects and events as they are: recordings, fixtures, another life of the account. */
import { indexItem } from '../billing/subscription/item-index.ts';
import type { Services } from '../kernel/services.ts';
import { beginTransaction } from '../kernel/transaction.ts';
import type { Doc } from '../kernel/types.ts';

export type Seed = { account: string; objects?: Doc[]; events?: Doc[]; deliver?: boolean };

/** Objects with an id that exists are replaced. Nothing is announced and no timer set: what is loaded is history. */
export async function seed(services: Services, input: Seed): Promise<{ objects: number; events: number }> {
  const { objects = [], events = [] } = input;
  await services.store.write(input.account, async (writes) => {
    const tx = await beginTransaction(services, writes, input.account, { requestId: null, idempotencyKey: null });
    for (const doc of objects) {
      await tx.get(doc.id, { deleted: true });
      tx.put(doc.created === undefined ? { ...doc, created: tx.now() } : doc);
      if (doc.object === 'subscription') for (const item of doc.items?.data ?? []) indexItem(tx, { item: item.id, subscription: doc.id });
    }
    const known = new Set<string>();
    for (const event of events) if ((await writes.event(input.account, event.id)) !== undefined) known.add(event.id);
    tx.loadEvents(
      events.filter((event) => !known.has(event.id)),
      input.deliver ?? false,
    );
    await tx.commit();
  });
  return { objects: objects.length, events: events.length };
}
