/**
 * What a quantity of a price costs: per unit, in tiers, in packages. Pure; amounts in minor units, rounded once per line [S 3.4 rounding].
 * Graduated tiers give one line for each tier they reach, as Stripe's invoices show them.
 */
import type { Doc } from '../../kernel/types.ts';
import { divideRounded, formatDecimal, ONE, parseDecimal, toMinorUnits } from './decimal.ts';

export type PricedLine = {
  /** Minor units. */
  amount: number;
  /** Whole units; the exact quantity is `quantityDecimal`. */
  quantity: number;
  quantityDecimal: string;
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

/**
 * The lines a quantity of a price makes; usage may be a decimal string. A tiered price must carry its tiers. `before`: units of the same period
 * that were billed already; graduated tiers go on from there.
 */
export function priceLines(price: Doc, quantity: number | string, before: number | string = 0): PricedLine[] {
  const priced = price as unknown as Priced;
  const exact = parseDecimal(quantity);
  if (priced.billing_scheme === 'tiered') {
    const tiers = priced.tiers ?? (price._tiers as Tier[] | undefined) ?? [];
    return priced.tiers_mode === 'volume' ? volume(tiers, exact) : graduated(tiers, exact, parseDecimal(before));
  }
  const unit = unitOf(priced);
  return [{ ...lineOf(exact, unit), amount: amountOf(unit, packages(exact, priced.transform_quantity)), tier: null }];
}

/** The whole price of a quantity: the sum of its rounded lines. Minor units. */
export function priceAmount(price: Doc, quantity: number | string): number {
  return priceLines(price, quantity).reduce((sum, line) => sum + line.amount, 0);
}

/** A quantity in packages: 1,001 units by thousands are 2 packages when rounded up. */
export function transformed(quantity: number, transform: Doc | null | undefined): number {
  return Number(packages(parseDecimal(quantity), transform) / ONE);
}

function packages(quantity: bigint, transform: Doc | null | undefined): bigint {
  if (transform == null) return quantity;
  const size = BigInt(transform.divide_by) * ONE;
  const full = quantity / size;
  return (transform.round === 'up' && quantity % size > 0n ? full + 1n : full) * ONE;
}

/** Every unit costs what its own tier says. */
function graduated(tiers: Tier[], quantity: bigint, before: bigint): PricedLine[] {
  const lines: PricedLine[] = [];
  const total = before + quantity;
  let below = 0n;
  for (const [index, tier] of tiers.entries()) {
    const upTo = tier.up_to === null ? (total > below ? total : below) : BigInt(tier.up_to) * ONE;
    const units = (total < upTo ? total : upTo) - (before > below ? before : below);
    // A tier is reached by its first unit; the first tier also by a quantity of 0, which is why its flat fee is always due.
    const isFirst = index === 0 && before === 0n;
    if (units > 0n || isFirst) {
      const entered = isFirst || before <= below;
      lines.push(...tierLines(tier, units > 0n ? units : 0n, index + 1).filter((line) => !line.flat || entered));
    }
    below = upTo;
    if (total <= upTo) break;
  }
  return lines;
}

/** All units cost what the tier of the whole quantity says. */
function volume(tiers: Tier[], quantity: bigint): PricedLine[] {
  const index = tiers.findIndex((tier) => tier.up_to === null || quantity <= BigInt(tier.up_to) * ONE);
  const tier = tiers[index];
  return tier === undefined ? [] : tierLines(tier, quantity, index + 1);
}

function tierLines(tier: Tier, quantity: bigint, number: number): PricedLine[] {
  const unit = decimalOf(tier.unit_amount_decimal, tier.unit_amount);
  const flat = decimalOf(tier.flat_amount_decimal, tier.flat_amount);
  const lines: PricedLine[] = [{ ...lineOf(quantity, unit), amount: amountOf(unit, quantity), tier: number }];
  if (flat !== 0n) {
    lines.push({ amount: toMinorUnits(flat), quantity: 0, quantityDecimal: '0', unitAmountDecimal: null, tier: number, flat: true });
  }
  return lines;
}

function lineOf(quantity: bigint, unit: bigint) {
  return {
    quantity: Number(quantity / ONE),
    quantityDecimal: formatDecimal(quantity),
    unitAmountDecimal: formatDecimal(unit),
    flat: false,
  };
}

/** Two exact decimals multiplied and rounded once. */
function amountOf(unit: bigint, quantity: bigint): number {
  return Number(divideRounded(unit * quantity, ONE * ONE));
}

function unitOf(price: Priced): bigint {
  return decimalOf(price.unit_amount_decimal, price.unit_amount);
}

function decimalOf(decimal: string | null | undefined, integer: number | null | undefined): bigint {
  if (decimal != null) return parseDecimal(decimal);
  return BigInt(integer ?? 0) * ONE;
}
