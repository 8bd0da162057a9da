import type { Ctx } from '../kit/context.ts';
import type { Invoice } from './invoice.ts';
import { updateInvoice } from './queries.ts';

/** Shows on a locked invoice how much went back to the customer, in minor units. A refund never makes a paid invoice unpaid. */
export async function setReturnedAmount(tx: Ctx, a: { invoice: Invoice; returnedAmount: bigint }): Promise<Invoice> {
  return a.invoice.returnedAmount === a.returnedAmount ? a.invoice : updateInvoice(tx, a.invoice, { returnedAmount: a.returnedAmount });
}
