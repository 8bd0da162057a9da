import type { Answer, ApiRequest, Doc, Tx } from '../../kernel/types.ts';
import { deletedAnswer } from '../../kernel/values.ts';

/** Deletes a customer for good: subscriptions are canceled (by whoever listens), payment methods released. Emits customer.deleted. */
export async function deleteCustomer(rq: ApiRequest): Promise<Answer> {
  const customer = await rq.tx.require('customer', rq.path.customer!);
  await removeCustomer(rq.tx, customer);
  return deletedAnswer(customer);
}

/** The same for a test clock that takes its customers with it. */
export async function removeCustomer(tx: Tx, customer: Doc): Promise<void> {
  await tx.announce('customer.deleted', { customer });
  for (const paymentMethod of await tx.query({ object: 'payment_method', where: { customer: customer.id } })) {
    paymentMethod.customer = null;
    paymentMethod._used_up = true;
    tx.put(paymentMethod);
  }
  tx.emit('customer.deleted', customer);
  tx.remove(customer);
}
