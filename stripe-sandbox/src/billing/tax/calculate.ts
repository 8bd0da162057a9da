/**
 * Automatic tax: a place and lines in, taxes out. The one entry point for invoices, previews, subscriptions and Checkout; see README.md. Pure;
 * minor units. What it returns per line are the same `RateRule`s that manual tax rates make, so that one function does the arithmetic.
 */
import { applyTaxes, type RateRule, type TaxAmount } from './apply.ts';
import { categoryOf } from './codes.ts';
import type { TaxLocation } from './location.ts';
import { BY_STATE, type Category, EU, rowsAt, type TaxRow } from './rates.ts';

/** Stripe's `taxability_reason` (docs.stripe.com/tax/zero-tax). */
export type TaxabilityReason =
  | 'customer_exempt'
  | 'not_collecting'
  | 'not_subject_to_tax'
  | 'not_supported'
  | 'product_exempt'
  | 'reduced_rated'
  | 'reverse_charge'
  | 'standard_rated'
  | 'zero_rated';

export type TaxQuestion = {
  /** Where the customer is; null = not recognised. */
  location: TaxLocation | null;
  taxExempt: 'none' | 'exempt' | 'reverse';
  /** Types of the customer's tax ids, `eu_vat` …; they decide the reverse charge, whatever their verification says. */
  taxIds: string[];
  /** The seller's country. */
  origin: string;
  /** Whether the seller collects this tax there. */
  collects: (row: TaxRow) => boolean;
  table: TaxRow[];
  lines: { taxCode: string | null; behavior: 'inclusive' | 'exclusive' }[];
};

/** One tax on one line. `id` is a key of place, kind, rate and behaviour, under which the caller keeps a tax rate object. */
export type AutomaticRate = RateRule & { reason: TaxabilityReason; row: TaxRow };
export type AutomaticRates =
  | { status: 'complete'; lines: AutomaticRate[][] }
  | { status: 'requires_location_inputs'; lines: AutomaticRate[][] };

/** The rates of each line. Without a recognised location there are none, and the status says so. */
export function automaticRates(question: TaxQuestion): AutomaticRates {
  const { location } = question;
  if (location === null) return { status: 'requires_location_inputs', lines: question.lines.map(() => []) };
  const rows = rowsAt(question.table, location);
  const present = rows.length > 0 ? rows : [untaxed(question, location)];
  return {
    status: 'complete',
    lines: question.lines.map((line) => present.map((row) => rateOf(question, row, categoryOf(line.taxCode), line.behavior))),
  };
}

export type TaxedLine = { net: number; taxCode: string | null; behavior: 'inclusive' | 'exclusive' };

/** Rates and amounts in one step, for callers that know the net amount of each line already. */
export function calculateTaxes(question: Omit<TaxQuestion, 'lines'> & { lines: TaxedLine[]; rounding: 'line' | 'subtotal' }): {
  status: AutomaticRates['status'];
  rates: AutomaticRate[][];
  taxes: TaxAmount[][];
} {
  const { status, lines: rates } = automaticRates(question);
  const taxable = question.lines.map((line, index) => ({ net: line.net, rates: rates[index]! }));
  return { status, rates, taxes: applyTaxes(taxable, question.rounding) };
}

function rateOf(question: TaxQuestion, row: TaxRow, category: Category, behavior: 'inclusive' | 'exclusive'): AutomaticRate {
  const { percentage, reason } = decide(question, row, category);
  const inclusive = behavior === 'inclusive';
  return {
    id: [row.country, row.state ?? '', row.type, percentage, behavior].join(':'),
    percentage,
    inclusive,
    reason,
    row,
    ...(ZERO.has(reason) ? { untaxed: true } : {}),
  };
}

/** Reasons for which nothing of the line counts as taxable. */
const ZERO = new Set<TaxabilityReason>([
  'customer_exempt',
  'not_collecting',
  'not_subject_to_tax',
  'not_supported',
  'product_exempt',
  'reverse_charge',
]);

/** From what ends the question soonest: no such tax, nothing to tax, not registered, not the customer's to pay, then the rate. */
function decide(question: TaxQuestion, row: TaxRow, category: Category): { percentage: number; reason: TaxabilityReason } {
  const none = (reason: TaxabilityReason) => ({ percentage: 0, reason });
  if (row.percentage < 0) return none('not_supported');
  if (category === 'nontaxable' || (row.percentage === 0 && row.special === undefined)) return none('not_subject_to_tax');
  if (!question.collects(row)) return none('not_collecting');
  if (question.taxExempt === 'exempt') return none('customer_exempt');
  if (question.taxExempt === 'reverse' || isReverseCharge(question, row)) return none('reverse_charge');
  const special = row.special?.[category];
  if (special === null) return none('product_exempt');
  if (special === undefined || special === row.percentage) return { percentage: row.percentage, reason: 'standard_rated' };
  return { percentage: special, reason: special === 0 ? 'zero_rated' : 'reduced_rated' };
}

/** A business elsewhere accounts for the tax itself: EU with `eu_vat`, the United Kingdom with `gb_vat`, from a seller of another country. */
function isReverseCharge(question: TaxQuestion, row: TaxRow): boolean {
  if (row.country === question.origin) return false;
  if (EU.has(row.country)) return question.taxIds.includes('eu_vat');
  return row.country === 'GB' && question.taxIds.includes('gb_vat');
}

/** A place without a row: a state or province that has no tax of its own, or a country the table does not speak of. */
function untaxed(question: TaxQuestion, location: TaxLocation): TaxRow {
  const known = BY_STATE.has(location.country) || question.table.some((row) => row.country === location.country);
  return {
    country: location.country,
    state: BY_STATE.has(location.country) ? location.state : null,
    name: location.country === 'US' ? 'Sales Tax' : 'VAT',
    type: location.country === 'US' ? 'sales_tax' : 'vat',
    percentage: known ? 0 : -1,
  };
}
