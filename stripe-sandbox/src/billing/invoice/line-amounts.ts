/**
 * What a quantity of a price costs: per unit, in tiers, in packages. Pure; amounts in minor units, rounded once per line [S 3.4 rounding].
 * Graduated tiers give one line for each tier they reach, as Stripe's invoices show them.
 */
import type { Doc } from '../../kernel/types.ts';
import { formatDecimal, ONE, parseDecimal, toMinorUnits } from './decimal.ts';

export type PricedLine = {
  /** Minor units. */
  amount: number;
  quantity: number;
  /** Decimal string; null for a flat fee that belongs to no unit. */
  unitAmountDecimal: string | null;
  /** 1-based number of the tier; null for prices without tiers. */
  tier: number | null;
  flat: boolean;
};

type Tier = {
  up_to: number | null;
  unit_amount_decimal: string | null;
  unit_amount: number | null;
  flat_amount_decimal: string | null;
  flat_amount: number | null;
};
type Priced = {
  billing_scheme: string;
  unit_amount: number | null;
  unit_amount_decimal: string | null;
  tiers_mode: string | null;
  tiers?: Tier[] | null;
  transform_quantity: Doc | null;
};

/** The lines a quantity of a price makes. A tiered price must carry its tiers. */
export function priceLines(price: Doc, quantity: number): PricedLine[] {
  const priced = price as unknown as Priced;
  if (priced.billing_scheme === 'tiered') {
    const tiers = priced.tiers ?? (price._tiers as Tier[] | undefined) ?? [];
    return priced.tiers_mode === 'volume' ? volume(tiers, quantity) : graduated(tiers, quantity);
  }
  const unit = unitOf(priced);
  const units = transformed(quantity, priced.transform_quantity);
  return [{ amount: toMinorUnits(unit * BigInt(units)), quantity, unitAmountDecimal: formatDecimal(unit), tier: null, flat: false }];
}

/** The whole price of a quantity: the sum of its rounded lines. Minor units. */
export function priceAmount(price: Doc, quantity: number): number {
  return priceLines(price, quantity).reduce((sum, line) => sum + line.amount, 0);
}

/** A quantity in packages: 1,001 units by thousands are 2 packages when rounded up. */
export function transformed(quantity: number, transform: Doc | null | undefined): number {
  if (transform == null) return quantity;
  const packages = quantity / transform.divide_by;
  return transform.round === 'up' ? Math.ceil(packages) : Math.floor(packages);
}

/** Every unit costs what its own tier says. */
function graduated(tiers: Tier[], quantity: number): PricedLine[] {
  const lines: PricedLine[] = [];
  let below = 0;
  for (const [index, tier] of tiers.entries()) {
    const upTo = tier.up_to ?? Number.POSITIVE_INFINITY;
    const units = Math.min(quantity, upTo) - below;
    const isFirst = index === 0;
    // A tier is reached by its first unit; the first tier also by a quantity of 0, which is why its flat fee is always due.
    if (units > 0 || isFirst) lines.push(...tierLines(tier, Math.max(units, 0), index + 1));
    below = upTo;
    if (quantity <= upTo) break;
  }
  return lines;
}

/** All units cost what the tier of the whole quantity says. */
function volume(tiers: Tier[], quantity: number): PricedLine[] {
  const index = tiers.findIndex((tier) => tier.up_to === null || quantity <= tier.up_to);
  const tier = tiers[index];
  return tier === undefined ? [] : tierLines(tier, quantity, index + 1);
}

function tierLines(tier: Tier, quantity: number, number: number): PricedLine[] {
  const unit = decimalOf(tier.unit_amount_decimal, tier.unit_amount);
  const flat = decimalOf(tier.flat_amount_decimal, tier.flat_amount);
  const lines: PricedLine[] = [
    { amount: toMinorUnits(unit * BigInt(quantity)), quantity, unitAmountDecimal: formatDecimal(unit), tier: number, flat: false },
  ];
  if (flat !== 0n) lines.push({ amount: toMinorUnits(flat), quantity: 0, unitAmountDecimal: null, tier: number, flat: true });
  return lines;
}

function unitOf(price: Priced): bigint {
  return decimalOf(price.unit_amount_decimal, price.unit_amount);
}

function decimalOf(decimal: string | null | undefined, integer: number | null | undefined): bigint {
  if (decimal != null) return parseDecimal(decimal);
  return BigInt(integer ?? 0) * ONE;
}
