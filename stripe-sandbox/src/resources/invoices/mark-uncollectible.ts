import { markUncollectible } from '../../billing/invoice/index.ts';
import { refuseWithPayments } from '../../billing/invoice/void.ts';
import type { ApiRequest, Doc } from '../../kernel/types.ts';

/** Open → uncollectible. */
export async function uncollectible(rq: ApiRequest): Promise<Doc> {
  const { tx } = rq;
  const invoice = await tx.require('invoice', rq.path.id!);
  await refuseWithPayments(tx, invoice, 'uncollectible');
  return markUncollectible(tx, { invoice });
}
