import { payInvoice } from '../../billing/invoice/index.ts';
import type { ApiRequest, Doc } from '../../kernel/types.ts';

/** Pays now. A decline is answered 402 and stays on record. */
export async function pay(rq: ApiRequest): Promise<Doc> {
  const { tx, params } = rq;
  const invoice = await tx.require('invoice', rq.path.id!);
  const result = await payInvoice(tx, {
    invoice,
    paymentMethod: params.payment_method ?? null,
    offSession: params.off_session ?? true,
    paidOutOfBand: params.paid_out_of_band ?? false,
  });
  if (result.error !== undefined) throw result.error;
  return tx.require('invoice', invoice.id);
}
