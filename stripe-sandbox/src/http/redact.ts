/** What the request log must not keep: card and account numbers, security codes, secrets. Applied before anything is stored. */

const HIDDEN = '(hidden)';
/** Parameters whose value is never kept, whatever it looks like. */
const SECRET_KEYS = new Set(
  'number cvc cvv iban account_number routing_number client_secret secret access_token refresh_token code_verifier password bank_account_token'.split(
    ' ',
  ),
);
/** Fields of an answer that open something. */
const SECRET_FIELDS = /("(?:secret|client_secret|access_token|refresh_token|stripe_publishable_key)":\s*")[^"]*"/g;
const LONG_NUMBER = /\d(?:[ -]?\d){12,18}/g;

/** A copy of the parameters without secrets. A number that could be a card's is hidden under any name. */
export function redactParams(value: unknown, key = ''): unknown {
  if (SECRET_KEYS.has(key) && typeof value !== 'object') return HIDDEN;
  if (typeof value === 'string') return redactNumbers(value);
  if (Array.isArray(value)) return value.map((item) => redactParams(item, key));
  if (value === null || typeof value !== 'object') return value;
  return Object.fromEntries(Object.entries(value).map(([name, item]) => [redactNumbers(name), redactParams(item, name)]));
}

/** The text of an answer without secrets. */
export function redactText(text: string): string {
  return redactNumbers(text.replace(SECRET_FIELDS, `$1${HIDDEN}"`));
}

/** A path with its query; secrets travel there on GET requests. */
export function redactPath(path: string): string {
  return redactNumbers(path.replace(/([?&](?:client_secret|[^=&]*(?:number|cvc))=)[^&]*/gi, `$1${HIDDEN}`));
}

/** Digits that pass the check of card numbers: anything else of that length (a time in milliseconds, say) is left readable. */
function redactNumbers(text: string): string {
  return text.replace(LONG_NUMBER, (found) => (passesLuhn(found.replace(/[ -]/g, '')) ? HIDDEN : found));
}

function passesLuhn(digits: string): boolean {
  let sum = 0;
  for (let at = 0; at < digits.length; at += 1) {
    const digit = Number(digits[digits.length - 1 - at]);
    const doubled = at % 2 === 0 ? digit : digit * 2;
    sum += doubled > 9 ? doubled - 9 : doubled;
  }
  return sum % 10 === 0;
}
