import { previewInvoice } from '../../billing/invoice/preview.ts';
import { notEmulated } from '../../kernel/errors.ts';
import type { ApiRequest, Doc } from '../../kernel/types.ts';

/** What the next invoice, or the invoice of a change, would be. Writes nothing. */
export async function createPreview(rq: ApiRequest): Promise<Doc> {
  const { params } = rq;
  if (params.automatic_tax?.enabled === true) throw notEmulated('automatic_tax on a preview', 'automatic_tax');
  if (params.customer_details !== undefined) throw notEmulated('customer_details', 'customer_details');
  if (params.preview_mode === 'recurring') throw notEmulated('preview_mode=recurring', 'preview_mode');
  return previewInvoice(rq.tx, params);
}
