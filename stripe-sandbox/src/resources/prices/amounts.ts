/** Pure: what a price costs, from the parameters to Stripe's fields. Amounts in smallest units; decimals as strings of at most 12 places. */
import { invalidRequest, parameterMissing, parametersExclusive } from '../../kernel/errors.ts';
import type { Params } from '../../kernel/types.ts';

const DECIMAL = /^\d+(\.\d{1,12})?$/;
const INFINITE = 'inf';

export type Tier = {
  flat_amount: number | null;
  flat_amount_decimal: string | null;
  unit_amount: number | null;
  unit_amount_decimal: string | null;
  up_to: number | null;
};

export type Amounts = {
  billing_scheme: 'per_unit' | 'tiered';
  unit_amount: number | null;
  unit_amount_decimal: string | null;
  custom_unit_amount: { maximum: number | null; minimum: number | null; preset: number | null } | null;
  tiers: Tier[] | null;
  tiers_mode: 'graduated' | 'volume' | null;
};

/** Checks that exactly one way of pricing was given. */
export function amountsOf(params: Params): Amounts {
  if ((params.billing_scheme ?? 'per_unit') === 'tiered') return tieredAmounts(params);
  if (params.tiers || params.tiers_mode) {
    throw invalidRequest('You can only specify `tiers` and `tiers_mode` when `billing_scheme=tiered`.', { param: 'tiers' });
  }
  return { billing_scheme: 'per_unit', ...unitAmounts(params), tiers: null, tiers_mode: null };
}

/** One currency's unit price, or the room for a pay-what-you-want amount. */
export function unitAmounts(params: Params): Pick<Amounts, 'unit_amount' | 'unit_amount_decimal' | 'custom_unit_amount'> {
  const given = ['unit_amount', 'unit_amount_decimal', 'custom_unit_amount'].filter(
    (name) => params[name] !== undefined && params[name] !== '',
  );
  if (given.length > 1) throw parametersExclusive(given[0]!, given[1]!);
  if (given.length === 0) {
    throw invalidRequest(
      'You must specify either `unit_amount`, `unit_amount_decimal`, or `custom_unit_amount` when `billing_scheme=per_unit`.',
      { code: 'parameter_missing', param: 'unit_amount' },
    );
  }
  if (given[0] === 'custom_unit_amount') {
    const { maximum = null, minimum = null, preset = null } = params.custom_unit_amount;
    return { unit_amount: null, unit_amount_decimal: null, custom_unit_amount: { maximum, minimum, preset } };
  }
  return { ...amountPair(params, 'unit_amount', ''), custom_unit_amount: null };
}

function tieredAmounts(params: Params): Amounts {
  if (params.tiers === undefined) throw parameterMissing('tiers');
  if (params.tiers_mode === undefined) throw parameterMissing('tiers_mode');
  for (const name of ['unit_amount', 'unit_amount_decimal', 'transform_quantity']) {
    if (params[name] !== undefined) throw invalidRequest(`You cannot specify \`${name}\` when \`billing_scheme=tiered\`.`, { param: name });
  }
  return {
    billing_scheme: 'tiered',
    unit_amount: null,
    unit_amount_decimal: null,
    custom_unit_amount: null,
    tiers: tiersOf(params.tiers),
    tiers_mode: params.tiers_mode,
  };
}

/** Tiers in ascending order; the last one is open-ended (`up_to: null`). */
export function tiersOf(given: Params[]): Tier[] {
  let previous = 0;
  return given.map((tier, index) => {
    const last = index === given.length - 1;
    const upTo = tier.up_to === INFINITE ? null : Number(tier.up_to);
    if (last !== (upTo === null)) {
      throw invalidRequest('The last tier must be open-ended: use `inf` as the `up_to` of the last tier, and of no other.', {
        param: `tiers[${index}][up_to]`,
      });
    }
    if (upTo !== null && (!Number.isInteger(upTo) || upTo <= previous)) {
      throw invalidRequest('Tiers must be in ascending order of `up_to`.', { param: `tiers[${index}][up_to]` });
    }
    previous = upTo ?? previous;
    return { ...tierPrice(tier, index), up_to: upTo };
  });
}

function tierPrice(tier: Params, index: number): Omit<Tier, 'up_to'> {
  const at = `tiers[${index}]`;
  const unit = has(tier, 'unit_amount') ? amountPair(tier, 'unit_amount', at) : { unit_amount: null, unit_amount_decimal: null };
  const flat = has(tier, 'flat_amount') ? amountPair(tier, 'flat_amount', at) : { flat_amount: null, flat_amount_decimal: null };
  if (unit.unit_amount_decimal === null && flat.flat_amount_decimal === null) {
    throw invalidRequest('Each tier must have a `unit_amount` or a `flat_amount`.', { param: at });
  }
  return { ...flat, ...unit };
}

function has(tier: Params, name: string): boolean {
  return tier[name] !== undefined || tier[`${name}_decimal`] !== undefined;
}

type Pair<N extends string> = { [K in N]: number | null } & { [K in `${N}_decimal`]: string | null };

/** `x` and `x_decimal` describe one amount: the integer is null when there are decimals. */
function amountPair<N extends 'unit_amount' | 'flat_amount'>(params: Params, name: N, at: string): Pair<N> {
  const field = (key: string) => (at === '' ? key : `${at}[${key}]`);
  if (params[name] !== undefined && params[`${name}_decimal`] !== undefined)
    throw parametersExclusive(field(name), field(`${name}_decimal`));
  const text = String(params[name] ?? params[`${name}_decimal`]);
  if (!DECIMAL.test(text)) {
    const message = text.startsWith('-')
      ? 'This value must be greater than or equal to 0.'
      : 'Invalid decimal: at most 12 decimal places are allowed.';
    throw invalidRequest(message, {
      code: 'parameter_invalid_integer',
      param: field(params[name] === undefined ? `${name}_decimal` : name),
    });
  }
  const plain = text.includes('.') ? text.replace(/\.?0+$/, '') : text.replace(/^0+(?=\d)/, '');
  return { [name]: plain.includes('.') ? null : Number(plain), [`${name}_decimal`]: plain } as Pair<N>;
}
