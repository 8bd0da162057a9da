/** Postal addresses in forms: the fields, what was typed, and what is missing. */
import type { PageRequest, Params } from '../kernel/types.ts';
import { field, select, text } from './form.ts';
import { type Html, html } from './html.ts';

/** Countries a card is issued in or a parcel is sent to (ISO 3166-1, as Stripe lists them for shipping). */
const CODES =
  `AC AD AE AF AG AI AL AM AO AQ AR AT AU AW AX AZ BA BB BD BE BF BG BH BI BJ BL BM BN BO BQ BR BS BT BV BW BY BZ CA CD CF CG CH CI CK CL
CM CN CO CR CV CW CY CZ DE DJ DK DM DO DZ EC EE EG EH ER ES ET FI FJ FK FO FR GA GB GD GE GF GG GH GI GL GM GN GP GQ GR GS GT GU GW GY HK HN HR HT
HU ID IE IL IM IN IO IQ IS IT JE JM JO JP KE KG KH KI KM KN KR KW KY KZ LA LB LC LI LK LR LS LT LU LV LY MA MC MD ME MF MG MK ML MM MN MO MQ MR MS
MT MU MV MW MX MY MZ NA NC NE NG NI NL NO NP NR NU NZ OM PA PE PF PG PH PK PL PM PN PR PS PT PY QA RE RO RS RU RW SA SB SC SD SE SG SH SI SJ SK SL
SM SN SO SR SS ST SV SX SZ TA TC TD TF TG TH TJ TK TL TM TN TO TR TT TV TW TZ UA UG US UY UZ VA VC VE VG VN VU WF WS XK YE YT ZA ZM ZW`.split(
    /\s+/,
  );
const PARTS = ['line1', 'line2', 'city', 'state', 'postal_code', 'country'] as const;
/** Where letters arrive without a postal code, or addresses have no city of their own. */
const NO_POSTAL_CODE = new Set(
  'AE AG AO AW BJ BO BS BW BZ CD CF CG CI CM DJ ER FJ GA GD GH GM GQ GY HK IE JM KI KM KN LC ML MO MR MS MW NR PA QA RW SB SC SL SR ST SY TG TK TL TO TT TV UG VU YE ZW'.split(
    ' ',
  ),
);

export type AddressErrors = Record<string, string>;

/** Six fields named `${prefix}_line1` … with labels of their own. */
export function addressFields(
  rq: PageRequest,
  input: {
    prefix: string;
    known: Params | null;
    countries?: string[];
    standard: string;
    errors: AddressErrors;
    kind: 'billing' | 'shipping';
  },
): Html {
  const { prefix, known, errors, kind } = input;
  const posted = rq.method === 'POST' && rq.form[`${prefix}_country`] !== undefined;
  const value = (part: string): string => (posted ? text(rq, `${prefix}_${part}`) : (known?.[part] ?? ''));
  const one = (part: string, label: string, autocomplete: string, optional = false) =>
    field({
      name: `${prefix}_${part}`,
      label,
      value: value(part),
      error: errors[`${prefix}_${part}`],
      autocomplete: `${kind} ${autocomplete}`,
      optional,
      maxlength: 200,
    });
  const countries = input.countries ?? CODES;
  return html`${select({
    name: `${prefix}_country`,
    label: 'Country',
    value: value('country') || (countries.includes(input.standard) ? input.standard : countries[0]!),
    options: countries.map((code) => [code, countryName(code)] as [string, string]).sort(([, a], [, b]) => (a < b ? -1 : 1)),
    error: errors[`${prefix}_country`],
    autocomplete: `${kind} country`,
  })}
${one('line1', 'Address', 'address-line1')}
${one('line2', 'Apartment, floor', 'address-line2', true)}
<div class="row">${one('postal_code', 'Postal code', 'postal-code')}${one('city', 'City', 'address-level2')}</div>
${one('state', 'State or region', 'address-level1', true)}`;
}

/** All six parts; empty ones are null, as Stripe shows them. */
export function readAddress(rq: PageRequest, prefix: string): Params {
  return Object.fromEntries(PARTS.map((part) => [part, text(rq, `${prefix}_${part}`) || null]));
}

/** What is missing for a letter to arrive; `countries` limits where to. */
export function checkAddress(address: Params, prefix: string, countries: string[] = CODES): AddressErrors {
  const errors: AddressErrors = {};
  if (address.line1 === null) errors[`${prefix}_line1`] = 'Enter an address.';
  if (address.city === null) errors[`${prefix}_city`] = 'Enter a city.';
  if (address.postal_code === null && !NO_POSTAL_CODE.has(address.country ?? '')) errors[`${prefix}_postal_code`] = 'Enter a postal code.';
  if (!countries.includes(address.country)) errors[`${prefix}_country`] = 'Choose a country from the list.';
  return errors;
}

/** `Germany`. */
export function countryName(code: string): string {
  try {
    return new Intl.DisplayNames('en', { type: 'region' }).of(code) ?? code;
  } catch {
    return code;
  }
}

/** An address as it stands on an envelope; nothing for null. */
export function addressLines(address: Params | null): string[] {
  if (address === null || address === undefined) return [];
  const { line1, line2, postal_code: postal, city, state, country } = address;
  const town = [postal, city, state].filter(Boolean).join(' ');
  return [line1, line2, town, country ? countryName(country) : null].filter((line): line is string => Boolean(line));
}
