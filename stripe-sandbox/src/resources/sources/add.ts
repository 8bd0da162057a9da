import { attachPaymentMethod, detachPaymentMethod, paymentMethodFromCard } from '../../billing/payments/index.ts';
import { notEmulated } from '../../kernel/errors.ts';
import type { Doc, Tx } from '../../kernel/types.ts';
import { cardView } from './card.ts';

/**
 * Saves the card of a token to the customer as a source and, when it is the first or `asDefault`, makes it the default; puts the customer.
 * Emits payment_method.attached and customer.source.created. A plain decline card refuses with 402 and nothing is kept.
 */
export async function addSource(
  tx: Tx,
  input: { customer: Doc; source: string; metadata?: Record<string, string>; asDefault: boolean },
): Promise<Doc> {
  const { customer, source } = input;
  if (!source.startsWith('tok_')) throw notEmulated(`A source other than a card token (${source})`, 'source');
  const made = await paymentMethodFromCard(tx, {
    card: { token: source },
    prefix: 'card',
    of: customer,
    ...(input.metadata === undefined ? {} : { metadata: input.metadata }),
  });
  const method = await attachPaymentMethod(tx, { paymentMethod: made.id, customer });
  if (input.asDefault || customer.default_source === null) customer.default_source = method.id;
  tx.put(customer);
  tx.emit('customer.source.created', cardView(method));
  return method;
}

/** The customer's new default; the former one is deleted, as Stripe does for `source` on a customer. Emits customer.source.created and .deleted. */
export async function replaceSource(tx: Tx, input: { customer: Doc; source: string }): Promise<void> {
  const { customer } = input;
  const former: string | null = customer.default_source;
  await addSource(tx, { ...input, asDefault: true });
  const old = former === null ? undefined : await tx.get(former, { object: 'payment_method' });
  if (old !== undefined) await detachPaymentMethod(tx, { paymentMethod: old });
}
