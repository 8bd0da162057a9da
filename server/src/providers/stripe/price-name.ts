import { minorUnitDigits } from '../../kit/money.ts';
import type { Price } from './pull/price.ts';

/** `29.00 USD per month`, `0.005 EUR`, `tiered, per year`: what a price is called that has no nickname. No rounding: fractions of a cent stay. */
export function formatDecimalMoney(price: Pick<Price, 'unitAmountDecimal' | 'currency' | 'interval' | 'intervalCount'>): string {
  const currency = price.currency ?? '';
  const amount =
    price.unitAmountDecimal === null
      ? 'tiered'
      : `${shifted(price.unitAmountDecimal, minorUnitDigits(currency))} ${currency.toUpperCase()}`;
  if (price.interval === null) return amount;
  const count = price.intervalCount ?? 1;
  return `${amount} per ${count === 1 ? price.interval : `${count} ${price.interval}s`}`;
}

/** Moves the decimal point of a decimal text to the left, keeping every digit. */
function shifted(decimal: string, places: number): string {
  const [whole = '0', fraction = ''] = decimal.split('.');
  const sign = whole.startsWith('-') ? '-' : '';
  const digits = whole.replace('-', '').padStart(places + 1, '0');
  const cut = digits.length - places;
  const rest = `${digits.slice(cut)}${fraction}`.replace(/0+$/, '').padEnd(places, '0');
  return `${sign}${digits.slice(0, cut)}${rest === '' ? '' : `.${rest}`}`;
}
