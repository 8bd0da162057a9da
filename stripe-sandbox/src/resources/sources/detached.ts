import type { Doc, HookListeners, Tx } from '../../kernel/types.ts';
import { cardView, isCardSource, sourcesOf } from './card.ts';

/** A detached card source is deleted; the most recently added other one becomes the default. Emits customer.source.deleted. */
export const sourceHooks: HookListeners = {
  'payment_method.detached': async (tx, { paymentMethod, customer }) => {
    if (!isCardSource(paymentMethod.id)) return;
    tx.emit('customer.source.deleted', cardView({ ...paymentMethod, customer }));
    const owner = await tx.get(customer, { object: 'customer' });
    if (owner?.default_source === paymentMethod.id) await chooseDefault(tx, owner);
  },
};

async function chooseDefault(tx: Tx, customer: Doc): Promise<void> {
  const [newest] = await sourcesOf(tx, customer);
  customer.default_source = newest?.id ?? null;
  tx.put(customer);
  tx.emit('customer.updated', customer);
}
