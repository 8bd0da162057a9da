/**
 * The stated table of consumption taxes: one row per tax of a place, as known for 2026, without any legal claim: a Sandbox shows that
 * tax is worked out, not what the law says. Accounts add or replace rows through the control API (`settings.tax.rates`).
 */

/** What a tax code means here; see codes.ts. */
export type Category = 'general' | 'software' | 'service' | 'book' | 'nontaxable';

export type TaxRow = {
  country: string;
  /** Null for a tax of the whole country. */
  state: string | null;
  name: string;
  type: 'vat' | 'gst' | 'hst' | 'pst' | 'qst' | 'sales_tax' | 'jct' | 'igst';
  /** Per cent. */
  percentage: number;
  /** Other rates by category; null = exempt there. */
  special?: Partial<Record<Category, number | null>>;
};

const VAT: Record<string, number> = {
  AE: 5,
  AT: 20,
  BE: 21,
  BG: 20,
  CH: 8.1,
  CY: 19,
  CZ: 21,
  DE: 19,
  DK: 25,
  EE: 24,
  ES: 21,
  FI: 25.5,
  FR: 20,
  GB: 20,
  GR: 24,
  HR: 25,
  HU: 27,
  IE: 23,
  IS: 24,
  IT: 22,
  KR: 10,
  LT: 21,
  LU: 17,
  LV: 21,
  MT: 18,
  MX: 16,
  NL: 21,
  NO: 25,
  PL: 23,
  PT: 23,
  RO: 21,
  SA: 15,
  SE: 25,
  SI: 22,
  SK: 23,
  TR: 20,
  ZA: 15,
};
const VAT_ON_BOOKS: Record<string, number> = {
  AT: 10,
  BE: 6,
  CH: 2.6,
  DE: 7,
  ES: 4,
  FR: 5.5,
  GB: 0,
  IE: 0,
  IT: 4,
  NL: 9,
  NO: 0,
  PL: 5,
  SE: 6,
};
const GST: Record<string, number> = { AU: 10, NZ: 15, SG: 9 };
/** State rates without counties and cities; states without a sales tax have no entry. */
const US: Record<string, number> = Object.fromEntries(
  (
    'AL 4 AR 6.5 AZ 5.6 CA 7.25 CO 2.9 CT 6.35 DC 6 FL 6 GA 4 HI 4 IA 6 ID 6 IL 6.25 IN 7 KS 6.5 KY 6 LA 5 MA 6.25 MD 6 ME 5.5 MI 6 ' +
    'MN 6.875 MO 4.225 MS 7 NC 4.75 ND 5 NE 5.5 NJ 6.625 NM 4.875 NV 6.85 NY 4 OH 5.75 OK 4.5 PA 6 RI 7 SC 6 SD 4.2 TN 7 TX 6.25 UT 4.85 ' +
    'VA 4.3 VT 6 WA 6.5 WI 5 WV 6 WY 4'
  )
    .match(/[A-Z]{2} [\d.]+/g)!
    .map((pair) => [pair.slice(0, 2), Number(pair.slice(3))]),
);
/** States that tax software delivered as a service; the others exempt it. */
const US_SOFTWARE = new Set('AZ CT DC HI KY MA NM NY PA RI SC SD TN TX UT VT WA WV'.split(' '));
const CANADA: [string, 'hst' | 'pst' | 'qst', number][] = [
  ['BC', 'pst', 7],
  ['MB', 'pst', 7],
  ['NB', 'hst', 15],
  ['NL', 'hst', 15],
  ['NS', 'hst', 14],
  ['ON', 'hst', 13],
  ['PE', 'hst', 15],
  ['QC', 'qst', 9.975],
  ['SK', 'pst', 6],
];

export const EU = new Set('AT BE BG CY CZ DE DK EE ES FI FR GR HR HU IE IT LT LU LV MT NL PL PT RO SE SI SK'.split(' '));
/** Countries whose taxes hang on a state or province. */
export const BY_STATE = new Set(['US', 'CA']);

/** The table as stated. */
export const TAX_ROWS: TaxRow[] = [
  ...Object.entries(VAT).map(([country, percentage]) => vatRow(country, percentage)),
  ...Object.entries(GST).map(([country, percentage]) => row({ country, name: 'GST', type: 'gst', percentage })),
  row({ country: 'JP', name: 'JCT', type: 'jct', percentage: 10 }),
  row({ country: 'IN', name: 'IGST', type: 'igst', percentage: 18 }),
  row({ country: 'CA', name: 'GST', type: 'gst', percentage: 5 }),
  ...CANADA.map(([state, type, percentage]) => row({ country: 'CA', state, name: type.toUpperCase(), type, percentage })),
  ...Object.entries(US).map(([state, percentage]) => salesTax(state, percentage)),
];

/** The taxes of a place. A province with HST has no GST of the country beside it. */
export function rowsAt(table: TaxRow[], place: { country: string; state: string | null }): TaxRow[] {
  const here = table.filter((entry) => entry.country === place.country && (entry.state === null || entry.state === place.state));
  const harmonised = here.some((entry) => entry.type === 'hst');
  return here.filter((entry) => !harmonised || entry.state !== null);
}

/** The stated table with an account's own rows in place of those of the same place and kind. */
export function tableWith(own: TaxRow[] | undefined): TaxRow[] {
  if (own === undefined || own.length === 0) return TAX_ROWS;
  const replaces = (entry: TaxRow) => own.some((mine) => mine.country === entry.country && (mine.state ?? null) === entry.state);
  return [...TAX_ROWS.filter((entry) => !replaces(entry)), ...own.map((mine) => ({ ...mine, state: mine.state ?? null }))];
}

function row(fields: Omit<TaxRow, 'state'> & { state?: string }): TaxRow {
  return { ...fields, state: fields.state ?? null };
}

function vatRow(country: string, percentage: number): TaxRow {
  const book = VAT_ON_BOOKS[country];
  return row({ country, name: 'VAT', type: 'vat', percentage, ...(book === undefined ? {} : { special: { book } }) });
}

function salesTax(state: string, percentage: number): TaxRow {
  const special = { service: null, ...(US_SOFTWARE.has(state) ? {} : { software: null }) };
  return row({ country: 'US', state, name: 'Sales Tax', type: 'sales_tax', percentage, special });
}
