/** The second net of log redaction (reliability.md 13.2): patterns of secrets, addresses and card numbers in any text. */
const PATTERNS: [RegExp, string][] = [
  [/\b(?:sk|rk|pk)_(?:test|live|sandbox)_[A-Za-z0-9]+/g, '[stripe_key]'],
  [/\bwhsec_[A-Za-z0-9+/=_-]+/g, '[webhook_secret]'],
  [/\bb(?:pk|k)_(?:sandbox|test|live)_[A-Za-z0-9_]+/g, '[api_key]'],
  [/\bBearer\s+[A-Za-z0-9._~+/=-]+/gi, 'Bearer [secret]'],
  [/\b([a-z][a-z0-9+.-]*:\/\/)[^\s/:@]+:[^\s/@]+@/gi, '$1[credentials]@'],
  [/[A-Za-z0-9.!#$%&'*+/=?^_`{|}~-]+@[A-Za-z0-9-]+(?:\.[A-Za-z0-9-]+)+/g, '[email]'],
];
const DIGITS = /\b\d(?:[ -]?\d){12,18}\b/g;

/** The text with everything that looks like a secret, an address or a card number replaced. */
export function redact(text: string): string {
  const replaced = PATTERNS.reduce((value, [pattern, mark]) => value.replace(pattern, mark), text);
  return replaced.replace(DIGITS, (digits) => (isCardNumber(digits) ? '[card]' : digits));
}

/** True for 13 to 19 digits that pass the Luhn check. */
export function isCardNumber(text: string): boolean {
  const digits = text.replace(/[ -]/g, '');
  if (!/^\d{13,19}$/.test(digits)) return false;
  const sum = [...digits].toReversed().reduce((total, digit, place) => total + luhn(Number(digit), place), 0);
  return sum % 10 === 0;
}

function luhn(digit: number, place: number): number {
  if (place % 2 === 0) return digit;
  return digit * 2 > 9 ? digit * 2 - 9 : digit * 2;
}
