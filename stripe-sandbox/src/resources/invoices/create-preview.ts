import { previewInvoice } from '../../billing/invoice/preview.ts';
import { notEmulated } from '../../kernel/errors.ts';
import type { ApiRequest, Doc } from '../../kernel/types.ts';

/** What the next invoice, or the invoice of a change, would be. Writes nothing. */
export async function createPreview(rq: ApiRequest): Promise<Doc> {
  const { params } = rq;
  if (params.preview_mode === 'recurring') throw notEmulated('preview_mode=recurring', 'preview_mode');
  return previewInvoice(rq.tx, params);
}
