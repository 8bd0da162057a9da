/** Automatic tax inside a transaction: reads settings, registrations and the customer, asks calculate.ts, keeps the tax rate objects. */
import { createHash } from 'node:crypto';
import { invalidRequest, StripeError } from '../../kernel/errors.ts';
import type { Doc, Params, Tx } from '../../kernel/types.ts';
import type { RateRule } from './apply.ts';
import { type AutomaticRate, automaticRates } from './calculate.ts';
import { type Located, locate } from './location.ts';
import { type TaxRow, tableWith } from './rates.ts';
import { collector, defaultBehavior, missingFields, taxConfig, taxSettings } from './settings.ts';

export type AutomaticTaxLine = {
  /** Of the price or item: `inclusive`, `exclusive`, or `unspecified`/null for the account's default. */
  behavior: string | null;
  /** Of the product or item; null for the account's default. */
  taxCode: string | null;
};
export type AutomaticTaxInput = {
  /** The customer, or somebody who is none yet: `address`, `shipping`, `tax_exempt` and `_tax_ip` are read from it. */
  customer: Doc | Params;
  /** Types of tax ids besides the stored ones. */
  taxIds?: string[];
  currency: string;
  /** The instant of the calculation: registrations may begin and end. */
  at: number;
  lines: AutomaticTaxLine[];
};
export type AutomaticTaxStatus = 'complete' | 'requires_location_inputs' | 'failed';
/** One list of rates per line; empty unless complete. The ids are those of stored, inactive tax rates. */
export type AutomaticTaxResult = { status: AutomaticTaxStatus; lines: RateRule[][] };

/** The rates of each line for a customer at an instant; see README.md. Stores the tax rate objects it names. Refuses when settings are missing. */
export async function automaticTax(tx: Tx, input: AutomaticTaxInput): Promise<AutomaticTaxResult> {
  const none = input.lines.map(() => []);
  if (taxConfig(tx).outage === true) return { status: 'failed', lines: none };
  const settings = await taxSettings(tx);
  const located = await locationOf(tx, input.customer);
  const lines = input.lines.map((line) => ({
    taxCode: line.taxCode ?? settings.defaults.tax_code,
    behavior: behaviorOf(line.behavior, defaultBehavior(settings, input.currency)),
  }));
  const answer = automaticRates({
    location: located?.location ?? null,
    taxExempt: input.customer.tax_exempt ?? 'none',
    taxIds: [...(await taxIdTypes(tx, input.customer)), ...(input.taxIds ?? [])],
    origin: settings.head_office?.address?.country ?? tx.account.settings.country,
    collects: await collector(tx, input.at),
    table: tableWith(taxConfig(tx).rates),
    lines,
  });
  const rates: RateRule[][] = [];
  for (const line of answer.lines) rates.push(await Promise.all(line.map((rate) => storedRate(tx, rate))));
  return { status: answer.status, lines: rates };
}

/** Refuses automatic tax while the account's tax settings are incomplete. */
export async function requireTaxSettings(tx: Tx): Promise<void> {
  if (missingFields(await taxSettings(tx)).length === 0) return;
  throw invalidRequest(
    'You must have a valid head office address to enable automatic tax calculation in test mode. Set it with the tax settings API.',
    { code: 'stripe_tax_inactive', param: 'automatic_tax' },
  );
}

/** Where a customer is for tax; null = not recognised. */
export async function locationOf(tx: Tx, customer: Doc | Params): Promise<Located | null> {
  const methodId = customer.invoice_settings?.default_payment_method;
  const method = typeof methodId === 'string' ? await tx.get(methodId, { object: 'payment_method' }) : undefined;
  return locate({
    shipping: customer.shipping?.address,
    billing: customer.address,
    paymentMethod: method?.billing_details?.address,
    ip: customer._tax_ip ?? null,
    ips: taxConfig(tx).ip_locations ?? {},
  });
}

/** The refusal of what needs a location that is not known. */
export function locationInvalid(param?: string): StripeError {
  return invalidRequest(
    "The customer's location isn't recognized. Set a valid customer address in order to automatically calculate tax.",
    param === undefined ? { code: 'customer_tax_location_invalid' } : { code: 'customer_tax_location_invalid', param },
  );
}

/** `automatic_tax` of an invoice or session as shown. */
export function automaticTaxShape(enabled: boolean, status: AutomaticTaxStatus | null = null): Params {
  return {
    disabled_reason: null,
    enabled,
    liability: enabled ? { type: 'self' } : null,
    provider: enabled ? 'stripe' : null,
    status: enabled ? status : null,
  };
}

function behaviorOf(given: string | null, fallback: 'inclusive' | 'exclusive' | null): 'inclusive' | 'exclusive' {
  if (given === 'inclusive' || given === 'exclusive') return given;
  if (fallback !== null) return fallback;
  throw new StripeError(400, {
    type: 'invalid_request_error',
    message: 'A price has no `tax_behavior`, and the tax settings have no default one. Set either to use automatic tax.',
    param: 'automatic_tax',
  });
}

async function taxIdTypes(tx: Tx, customer: Doc | Params): Promise<string[]> {
  if (typeof customer.id !== 'string') return [];
  return (await tx.query({ object: 'tax_id', where: { customer: customer.id } })).map((taxId) => taxId.type);
}

/** The inactive tax rate behind a rate: the same id for the same tax every time, so that a preview and its invoice name the same one. */
async function storedRate(tx: Tx, rate: AutomaticRate): Promise<RateRule> {
  const { row, id: key, ...rule } = rate;
  const id = rateId(key);
  if ((await tx.get(id)) === undefined) putRate(tx, { id, row, rule });
  return { id, ...rule };
}

function putRate(tx: Tx, input: { id: string; row: TaxRow; rule: Omit<RateRule, 'id'> }): void {
  const { row, rule } = input;
  const place = row.state ?? row.country;
  const doc = tx.make('tax_rate', 'txr', {
    active: false,
    country: row.country,
    description: `${row.name} ${place}`,
    display_name: row.name,
    effective_percentage: rule.percentage,
    flat_amount: null,
    inclusive: rule.inclusive,
    jurisdiction: place,
    jurisdiction_level: row.state === null ? 'country' : 'state',
    metadata: {},
    percentage: rule.percentage,
    rate_type: 'percentage',
    state: row.state,
    tax_type: row.type,
  });
  doc.id = input.id;
  tx.put(doc);
}

const ID_LENGTH = 24;

function rateId(key: string): string {
  const text = createHash('sha256')
    .update(key)
    .digest('base64')
    .replace(/[^A-Za-z0-9]/g, '');
  return `txr_${text.slice(0, ID_LENGTH)}`;
}
