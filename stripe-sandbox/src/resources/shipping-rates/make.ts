import { requireCurrency } from '../../billing/payments/index.ts';
import { invalidRequest, notEmulated, parameterMissing } from '../../kernel/errors.ts';
import type { Doc, Params, Tx } from '../../kernel/types.ts';
import { mergeMetadata } from '../../kernel/values.ts';

const MAX_NAME = 100;

/** Stores a shipping rate of a fixed amount. No event: Stripe has none for shipping rates. */
export function makeShippingRate(tx: Tx, params: Params, at = ''): Doc {
  const path = (name: string) => (at === '' ? name : `${at}[${name}]`);
  const fixed = params.fixed_amount;
  if (fixed === undefined) throw parameterMissing(path('fixed_amount'));
  if (params.tax_code !== undefined) throw notEmulated('The tax code of a shipping rate', path('tax_code'));
  if (params.display_name === '' || params.display_name.length > MAX_NAME)
    throw invalidRequest(`The display name must have 1 to ${MAX_NAME} characters.`, { param: path('display_name') });
  const currency = requireCurrency(fixed.currency, path('fixed_amount[currency]'));
  checkAmount(fixed.amount, path('fixed_amount[amount]'));
  const rate = tx.make('shipping_rate', 'shr', {
    active: true,
    delivery_estimate: estimate(params.delivery_estimate),
    display_name: params.display_name,
    fixed_amount: { amount: fixed.amount, currency },
    metadata: mergeMetadata(null, params.metadata),
    tax_behavior: params.tax_behavior ?? 'unspecified',
    type: 'fixed_amount',
    _currency_options: currencyOptions(fixed.currency_options ?? {}, path('fixed_amount[currency_options]')),
  });
  tx.put(rate);
  return rate;
}

/** Amounts in further currencies, by lower-case code; `currency_options` shows them when it is expanded. */
export function currencyOptions(given: Record<string, Params>, at: string): Record<string, Params> {
  const options: Record<string, Params> = {};
  for (const [code, { amount, tax_behavior: behavior }] of Object.entries(given)) {
    const currency = requireCurrency(code, `${at}[${code}]`);
    checkAmount(amount, `${at}[${code}][amount]`);
    options[currency] = { amount, tax_behavior: behavior ?? 'unspecified' };
  }
  return options;
}

function checkAmount(amount: number, param: string): void {
  if (!Number.isInteger(amount) || amount < 0)
    throw invalidRequest('This value must be greater than or equal to 0.', { code: 'parameter_invalid_integer', param });
}

function estimate(given: Params | undefined): Params | null {
  if (given === undefined) return null;
  return { maximum: given.maximum ?? null, minimum: given.minimum ?? null };
}
