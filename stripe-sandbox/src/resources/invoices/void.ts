import { voidInvoice } from '../../billing/invoice/index.ts';
import { refuseWithPayments } from '../../billing/invoice/void.ts';
import type { ApiRequest, Doc } from '../../kernel/types.ts';

/** Open or uncollectible → void. */
export async function voidOne(rq: ApiRequest): Promise<Doc> {
  const { tx } = rq;
  const invoice = await tx.require('invoice', rq.path.id!);
  await refuseWithPayments(tx, invoice, 'void');
  return voidInvoice(tx, { invoice });
}
