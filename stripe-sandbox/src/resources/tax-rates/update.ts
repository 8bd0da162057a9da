import type { ApiRequest, Doc } from '../../kernel/types.ts';
import { assign, mergeMetadata } from '../../kernel/values.ts';

/** Changes the words around a tax rate, never its percentage. Emits tax_rate.updated. */
export async function update(rq: ApiRequest): Promise<Doc> {
  const { tx, params } = rq;
  const rate = await tx.require('tax_rate', rq.path.id!);
  assign(rate, params, ['active', 'country', 'description', 'display_name', 'jurisdiction', 'state', 'tax_type']);
  if (params.metadata !== undefined) rate.metadata = mergeMetadata(rate.metadata, params.metadata);
  tx.put(rate);
  tx.emit('tax_rate.updated', rate);
  return rate;
}
