import { createInvoice } from '../../billing/invoice/index.ts';
import { notEmulated } from '../../kernel/errors.ts';
import type { ApiRequest, Doc } from '../../kernel/types.ts';

/** A draft made by hand. */
export async function create(rq: ApiRequest): Promise<Doc> {
  if (rq.params.automatic_tax?.enabled === true) throw notEmulated('automatic_tax on an invoice', 'automatic_tax');
  return createInvoice(rq.tx, rq.params);
}
