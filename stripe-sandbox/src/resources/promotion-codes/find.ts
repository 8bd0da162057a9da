/** What a customer typed at the checkout. */
import { restrictionRefusal } from '../../billing/discounts/redeem.ts';
import type { Doc, Tx } from '../../kernel/types.ts';
import { isRedeemable } from './manage.ts';

/**
 * The active, redeemable code of this spelling (whatever its case) that the customer may use; undefined when there is none. With `amount` and
 * `currency` its minimum counts, and for a known customer whether it is their first order.
 */
export async function findRedeemableCode(
  tx: Tx,
  input: { code: string; customer: string | null; amount?: number; currency?: string },
): Promise<Doc | undefined> {
  const found = await tx.query({
    object: 'promotion_code',
    where: { ref: input.code.trim().toLowerCase(), active: true },
    filter: (code) => code.customer === null || code.customer === input.customer,
  });
  for (const code of found) if ((await isRedeemable(tx, code)) && (await allowed(tx, code, input))) return code;
  return undefined;
}

async function allowed(tx: Tx, code: Doc, input: { customer: string | null; amount?: number; currency?: string }): Promise<boolean> {
  const { customer: id, ...bought } = input;
  const customer = id === null ? undefined : await tx.get(id, { object: 'customer' });
  return (await restrictionRefusal(tx, code, { customer: customer ?? null, ...bought })) === null;
}
