import { requireCurrency } from '../../billing/payments/index.ts';
import { applyTaxes, automaticTax, locationInvalid, requireTaxSettings, type TaxAmount } from '../../billing/tax/index.ts';
import { taxSettings } from '../../billing/tax/settings.ts';
import { invalidRequest, notEmulated, parameterMissing, parametersExclusive } from '../../kernel/errors.ts';
import type { ApiRequest, Doc, Params, Tx } from '../../kernel/types.ts';
import { fullAddress } from '../../kernel/values.ts';

const DAY = 86_400;
const LIFETIME = 90 * DAY;
/** How far `tax_date` may lie from now [DTS]. */
const REACH = 31 * DAY;
const EXEMPTION: Record<string, string> = { none: 'none', customer_exempt: 'exempt', reverse_charge: 'reverse' };
const OVERRIDE: Record<string, string> = { none: 'none', exempt: 'customer_exempt', reverse: 'reverse_charge' };

/** Works out the taxes of a sale without making anything of it; kept for 90 days. No event: Stripe has none. */
export async function create(rq: ApiRequest): Promise<Doc> {
  const { tx, params } = rq;
  await requireTaxSettings(tx);
  const buyer = await buyerOf(tx, params);
  const now = tx.now(null);
  const at: number = params.tax_date ?? now;
  if (Math.abs(at - now) > REACH) throw invalidRequest('`tax_date` must be within 31 days of now.', { param: 'tax_date' });
  const lines = await linesOf(tx, params.line_items as Params[]);
  const currency = requireCurrency(params.currency);
  const taxIds = buyer.tax_ids.map((taxId) => taxId.type);
  const asked = lines.map((line) => ({ behavior: line.tax_behavior, taxCode: line.tax_code }));
  const { status, lines: rates } = await automaticTax(tx, { customer: buyer, taxIds, currency, at, lines: asked });
  if (status === 'requires_location_inputs') throw locationInvalid('customer_details[address]');
  if (status === 'failed') throw invalidRequest('Tax could not be calculated because of an error.', { code: 'taxes_calculation_failed' });
  const taxes = applyTaxes(
    lines.map((line, index) => ({ net: line.amount, rates: rates[index]! })),
    tx.account.settings.tax_rounding,
  );
  const calculation = tx.make('tax.calculation', 'taxcalc', await fieldsOf(tx, { buyer, currency, at, lines, taxes }));
  calculation.expires_at = now + LIFETIME;
  calculation._lines = await Promise.all(lines.map((line, index) => lineDoc(tx, line, taxes[index]!)));
  tx.put(calculation);
  return calculation;
}

type Buyer = {
  id?: string;
  address: Params | null;
  shipping: Params | null;
  tax_exempt: string;
  tax_ids: Params[];
  _tax_ip: string | null;
  source: string | null;
};

/** A customer, or details of somebody. */
async function buyerOf(tx: Tx, params: Params): Promise<Buyer> {
  const details: Params | undefined = params.customer_details;
  if (params.customer !== undefined && details !== undefined) throw parametersExclusive('customer', 'customer_details');
  if (params.customer !== undefined) {
    const { id, address, shipping, tax_exempt, _tax_ip } = await tx.require('customer', params.customer, { param: 'customer' });
    const stored = await tx.query({ object: 'tax_id', where: { customer: id }, order: 'oldest' });
    const tax_ids = stored.map(({ type, value }) => ({ type, value }));
    return {
      id,
      address,
      shipping,
      tax_exempt: tax_exempt ?? 'none',
      tax_ids,
      _tax_ip: _tax_ip ?? null,
      source: shipping ? 'shipping' : 'billing',
    };
  }
  if (details === undefined) throw parameterMissing('customer_details');
  return {
    address: details.address === undefined ? null : fullAddress(details.address),
    shipping: null,
    tax_exempt: EXEMPTION[details.taxability_override ?? 'none']!,
    tax_ids: details.tax_ids ?? [],
    _tax_ip: details.ip_address ?? null,
    source: details.address === undefined ? null : (details.address_source ?? 'billing'),
  };
}

type Line = {
  amount: number;
  quantity: number;
  reference: string;
  product: string | null;
  tax_behavior: string;
  tax_code: string | null;
  metadata: Params;
};

async function linesOf(tx: Tx, given: Params[]): Promise<Line[]> {
  const lines: Line[] = [];
  const { defaults } = await taxSettings(tx);
  for (const [index, line] of given.entries()) {
    const param = `line_items[${index}]`;
    if (line.performance_location !== undefined) throw notEmulated('A place of performance', `${param}[performance_location]`);
    const product = line.product === undefined ? null : await tx.require('product', line.product, { param: `${param}[product]` });
    const reference: string = line.reference ?? `L${index + 1}`;
    if (lines.some((other) => other.reference === reference))
      throw invalidRequest(`The reference '${reference}' is given twice.`, { param: `${param}[reference]` });
    lines.push({
      amount: line.amount,
      quantity: line.quantity ?? 1,
      reference,
      product: product?.id ?? null,
      tax_behavior: line.tax_behavior ?? 'exclusive',
      tax_code: line.tax_code ?? product?.tax_code ?? defaults.tax_code,
      metadata: line.metadata ?? {},
    });
  }
  return lines;
}

type Result = { buyer: Buyer; currency: string; at: number; lines: Line[]; taxes: TaxAmount[][] };

async function fieldsOf(tx: Tx, result: Result): Promise<Params> {
  const { buyer, lines, taxes } = result;
  const sum = (inclusive: boolean) =>
    taxes
      .flat()
      .filter((tax) => tax.inclusive === inclusive)
      .reduce((left, tax) => left + tax.amount, 0);
  const breakdown = new Map<string, Params>();
  for (const tax of taxes.flat()) {
    const key = `${tax.rate} ${tax.reason}`;
    const known = breakdown.get(key);
    if (known === undefined) breakdown.set(key, await breakdownOf(tx, tax));
    else Object.assign(known, { amount: known.amount + tax.amount, taxable_amount: known.taxable_amount + tax.taxable });
  }
  return {
    amount_total: lines.reduce((left, line) => left + line.amount, 0) + sum(false),
    currency: result.currency,
    customer: buyer.id ?? null,
    customer_details: {
      address: buyer.shipping?.address ?? buyer.address,
      address_source: buyer.source,
      ip_address: buyer._tax_ip,
      tax_ids: buyer.tax_ids,
      taxability_override: OVERRIDE[buyer.tax_exempt],
    },
    tax_amount_exclusive: sum(false),
    tax_amount_inclusive: sum(true),
    tax_breakdown: [...breakdown.values()],
    tax_date: result.at,
  };
}

async function breakdownOf(tx: Tx, tax: TaxAmount): Promise<Params> {
  const rate = await tx.require('tax_rate', tax.rate);
  return {
    amount: tax.amount,
    inclusive: tax.inclusive,
    tax_rate_details: {
      country: rate.country,
      flat_amount: null,
      percentage_decimal: String(rate.percentage),
      rate_type: 'percentage',
      state: rate.state,
      tax_type: rate.tax_type,
    },
    taxability_reason: tax.reason,
    taxable_amount: tax.taxable,
  };
}

async function lineDoc(tx: Tx, line: Line, taxes: TaxAmount[]): Promise<Params> {
  const breakdown: Params[] = [];
  for (const tax of taxes) {
    const rate = await tx.require('tax_rate', tax.rate);
    breakdown.push({
      amount: tax.amount,
      jurisdiction: { country: rate.country, display_name: rate.jurisdiction, level: rate.jurisdiction_level, state: rate.state },
      sourcing: 'destination',
      tax_rate_details: { display_name: rate.display_name, percentage_decimal: String(rate.percentage), tax_type: rate.tax_type },
      taxability_reason: tax.reason,
      taxable_amount: tax.taxable,
    });
  }
  return {
    id: tx.newId('tax_li'),
    object: 'tax.calculation_line_item',
    ...line,
    amount_tax: taxes.reduce((sum, tax) => sum + tax.amount, 0),
    livemode: false,
    performance_location: null,
    tax_breakdown: breakdown,
    tax_code: line.tax_code ?? 'txcd_99999999',
  };
}
