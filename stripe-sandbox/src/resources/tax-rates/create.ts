import { invalidRequest } from '../../kernel/errors.ts';
import type { ApiRequest, Doc } from '../../kernel/types.ts';
import { mergeMetadata } from '../../kernel/values.ts';

/** A tax rate; percentage and inclusion never change afterwards. Emits tax_rate.created. */
export async function create(rq: ApiRequest): Promise<Doc> {
  const { tx, params } = rq;
  if (params.percentage < 0 || params.percentage > 100)
    throw invalidRequest('Invalid percentage: must be between 0 and 100.', { param: 'percentage' });
  const rate = tx.make('tax_rate', 'txr', {
    active: params.active ?? true,
    country: params.country ?? null,
    description: params.description ?? null,
    display_name: params.display_name,
    effective_percentage: null,
    flat_amount: null,
    inclusive: params.inclusive,
    jurisdiction: params.jurisdiction ?? null,
    jurisdiction_level: null,
    metadata: mergeMetadata({}, params.metadata),
    percentage: params.percentage,
    rate_type: 'percentage',
    state: params.state ?? null,
    tax_type: params.tax_type ?? null,
  });
  tx.put(rate);
  tx.emit('tax_rate.created', rate);
  return rate;
}
