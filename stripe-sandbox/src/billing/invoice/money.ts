/** Amounts as Stripe writes them in line descriptions: `$10.00`, `¥500`, `$0.00000381`. */
import { formatDecimal, ONE } from './decimal.ts';

const ZERO_DECIMAL = new Set(['bif', 'clp', 'djf', 'gnf', 'jpy', 'kmf', 'krw', 'mga', 'pyg', 'rwf', 'vnd', 'vuv', 'xaf', 'xof', 'xpf']);
const THREE_DECIMAL = new Set(['bhd', 'jod', 'kwd', 'omr', 'tnd']);

/** Decimal places of a currency in Stripe's own table [K 9]. */
export function places(currency: string): number {
  if (ZERO_DECIMAL.has(currency)) return 0;
  return THREE_DECIMAL.has(currency) ? 3 : 2;
}

/** A scaled decimal of minor units as money in the currency's own notation. */
export function formatMoney(scaledMinor: bigint, currency: string): string {
  const digits = places(currency);
  const major = formatDecimal(scaledMinor / 10n ** BigInt(digits));
  const shown = Math.max(digits, (major.split('.')[1] ?? '').length);
  const symbol = symbolOf(currency);
  const [whole = '0', fraction = ''] = major.replace('-', '').split('.');
  const grouped = whole.replace(/\B(?=(\d{3})+$)/g, ',');
  const text = shown === 0 ? grouped : `${grouped}.${fraction.padEnd(shown, '0')}`;
  return `${scaledMinor < 0n ? '-' : ''}${symbol}${text}`;
}

/** Making a number format takes longer than everything else about a line, so each currency's symbol is looked up once. */
const symbols = new Map<string, string>();

function symbolOf(currency: string): string {
  let symbol = symbols.get(currency);
  if (symbol === undefined) {
    const parts = new Intl.NumberFormat('en-US', { style: 'currency', currency: currency.toUpperCase() }).formatToParts(0);
    symbol = parts.find((part) => part.type === 'currency')?.value ?? '';
    symbols.set(currency, symbol);
  }
  return symbol;
}

/** Minor units as money. */
export function formatAmount(minor: number, currency: string): string {
  return formatMoney(BigInt(minor) * ONE, currency);
}

/** `10 Nov 2025`, as proration lines say it. */
export function formatDay(instant: number): string {
  const date = new Date(instant * 1000);
  const month = date.toLocaleString('en-US', { month: 'short', timeZone: 'UTC' });
  return `${String(date.getUTCDate()).padStart(2, '0')} ${month} ${date.getUTCFullYear()}`;
}
