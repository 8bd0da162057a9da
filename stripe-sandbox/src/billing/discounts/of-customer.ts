/** The discount of a customer: every invoice without discounts of its own has it (docs.stripe.com/billing/subscriptions/coupons). */
import type { Doc, Tx } from '../../kernel/types.ts';
import { remainingDiscounts } from './load.ts';

/** The invoice's own discounts, else the customer's while it lasts. */
export async function inheritedDiscounts(tx: Tx, input: { own: string[]; customer: Doc }): Promise<string[]> {
  const inherited: Doc | null = input.customer.discount ?? null;
  if (input.own.length > 0 || inherited === null) return input.own;
  return remainingDiscounts(tx, { ids: [inherited.id], at: tx.now(input.customer), used: false });
}

/** A customer's coupon of duration `once` ends with the first invoice that it reduced. Emits customer.discount.deleted. */
export async function useCustomerDiscount(tx: Tx, invoice: Doc): Promise<void> {
  const customer = await tx.get(invoice.customer, { object: 'customer' });
  const discount: Doc | null = customer?.discount ?? null;
  const reduced = invoice.total_discount_amounts.some(
    (part: { discount: string; amount: number }) => part.discount === discount?.id && part.amount > 0,
  );
  if (customer === undefined || discount === null || !reduced) return;
  if ((await remainingDiscounts(tx, { ids: [discount.id], at: tx.now(customer), used: true })).length > 0) return;
  customer.discount = null;
  tx.put(customer);
  tx.emit('customer.discount.deleted', discount);
}
