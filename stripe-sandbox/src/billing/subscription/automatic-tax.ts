import { invalidRequest } from '../../kernel/errors.ts';
import type { Doc, Params, Tx } from '../../kernel/types.ts';
import { locationInvalid, locationOf, requireTaxSettings } from '../tax/index.ts';

/**
 * `automatic_tax` of a subscription from its parameters. Refused while the tax settings are incomplete, with tax rates set by hand, and for a
 * customer whose location is not recognised.
 */
export async function automaticTaxOf(tx: Tx, params: Params, customer: Doc, subscription?: Doc): Promise<Params> {
  const given: Params | undefined = params.automatic_tax;
  if (given?.enabled !== true) return { disabled_reason: null, enabled: false, liability: null };
  await requireTaxSettings(tx);
  const rates = params.default_tax_rates || (subscription?.default_tax_rates ?? []);
  if (rates.length > 0) {
    throw invalidRequest('You cannot set `default_tax_rates` when `automatic_tax[enabled]` is true.', { param: 'default_tax_rates' });
  }
  if ((await locationOf(tx, customer)) === null) throw locationInvalid('customer');
  return { disabled_reason: null, enabled: true, liability: { type: 'self' } };
}
