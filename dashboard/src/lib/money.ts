/** Stripe's currencies that do not have two decimals: amounts on the wire are minor units. */
const ZERO = new Set('bif clp djf gnf jpy kmf krw mga pyg rwf vnd vuv xaf xof xpf'.split(' '));
const THREE = new Set('bhd jod kwd omr tnd'.split(' '));

/** Digits after the point in Stripe's minor units of a currency. */
export function minorDigits(currency: string): number {
  const code = currency.toLowerCase();
  return ZERO.has(code) ? 0 : THREE.has(code) ? 3 : 2;
}

/** `12345`, `usd` → `$123.45`. Moves the point in the text of the integer: no float ever holds an amount. */
export function formatMoney(amount: number | string | bigint, currency: string, locale?: string): string {
  const digits = minorDigits(currency);
  const minor = BigInt(amount);
  const text = (minor < 0n ? -minor : minor).toString().padStart(digits + 1, '0');
  const whole = text.slice(0, text.length - digits);
  const fraction = digits === 0 ? '' : text.slice(-digits);
  const decimal = `${minor < 0n ? '-' : ''}${whole}${fraction && `.${fraction}`}`;
  const format = new Intl.NumberFormat(locale, {
    style: 'currency',
    currency,
    minimumFractionDigits: digits,
    maximumFractionDigits: digits,
  });
  return format.format(decimal as unknown as number);
}
