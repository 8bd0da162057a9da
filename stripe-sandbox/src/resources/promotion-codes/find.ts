/** What a customer typed at the checkout. */
import type { Doc, Tx } from '../../kernel/types.ts';
import { isRedeemable } from './manage.ts';

/** The active, redeemable code of this spelling (whatever its case) that the customer may use; undefined when there is none. */
export async function findRedeemableCode(tx: Tx, input: { code: string; customer: string | null }): Promise<Doc | undefined> {
  const found = await tx.query({
    object: 'promotion_code',
    where: { ref: input.code.trim().toLowerCase(), active: true },
    filter: (code) => code.customer === null || code.customer === input.customer,
  });
  for (const code of found) if (await isRedeemable(tx, code)) return code;
  return undefined;
}
