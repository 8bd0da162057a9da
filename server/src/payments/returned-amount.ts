import { lockInvoice, setReturnedAmount } from '../invoices/index.ts';
import type { Ctx } from '../kit/context.ts';
import { lostAmounts } from './dispute-queries.ts';
import { refundedAmounts } from './refund-queries.ts';

/**
 * Recomputes from its rows what went back of an invoice: succeeded refunds and lost disputes (model.md section 9). Never added up
 * from events, so that no order of news can make it wrong.
 */
export async function updateReturnedAmount(tx: Ctx, invoiceId: string): Promise<void> {
  const invoice = await lockInvoice(tx, { id: invoiceId });
  if (!invoice) return;
  const amounts = [...(await refundedAmounts(tx, invoiceId)), ...(await lostAmounts(tx, invoiceId))];
  const returnedAmount = amounts.reduce((sum, amount) => sum + amount, 0n);
  await setReturnedAmount(tx, { invoice, returnedAmount });
}
