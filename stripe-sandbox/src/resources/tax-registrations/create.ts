import { EU } from '../../billing/tax/rates.ts';
import { OSS_TYPES, statusAt } from '../../billing/tax/settings.ts';
import { invalidRequest, parameterMissing } from '../../kernel/errors.ts';
import type { ApiRequest, Doc, Params } from '../../kernel/types.ts';

/** Says that the account collects tax somewhere. No event: Stripe has none. */
export async function create(rq: ApiRequest): Promise<Doc> {
  const { tx, params } = rq;
  const country: string = params.country.toUpperCase();
  const options: Params | undefined = params.country_options[country.toLowerCase()];
  if (options === undefined) throw parameterMissing(`country_options[${country.toLowerCase()}]`);
  checkOptions(country, options);
  const now = tx.now(null);
  const from = params.active_from === 'now' ? now : params.active_from;
  if (params.expires_at !== undefined && params.expires_at <= from)
    throw invalidRequest('`expires_at` must be after `active_from`.', { param: 'expires_at' });
  const registration = tx.make('tax.registration', 'taxreg', {
    active_from: from,
    country,
    country_options: { [country.toLowerCase()]: withDefaults(country, options) },
    expires_at: params.expires_at ?? null,
    status: 'active',
  });
  registration.status = statusAt(registration, now);
  tx.put(registration);
  return registration;
}

function checkOptions(country: string, options: Params): void {
  if (country === 'US' && !options.state) throw parameterMissing('country_options[us][state]');
  if (OSS_TYPES.has(options.type) && !EU.has(country))
    throw invalidRequest('Only member states of the European Union have this type of registration.', { param: 'country_options' });
}

/** `standard` registrations of the Union show where they apply. */
function withDefaults(country: string, options: Params): Params {
  if (!EU.has(country) || options.type !== 'standard') return options;
  return { ...options, standard: { place_of_supply_scheme: options.standard?.place_of_supply_scheme ?? 'standard' } };
}
