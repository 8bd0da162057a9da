import { refuse } from '../../kit/errors.ts';
import { isCardNumber } from '../../kit/redact.ts';

const CANDIDATE = /\d(?:[ -]?\d){12,18}/g;
/** Fields that carry identifiers, whose digits are not a card's. */
const IDENTIFIER = /(^|_)(id|ids|key|token|cursor|hash)$/;
const DEPTH_MAX = 64;

/** 422 where a text of the body holds a card number: it must not reach the database or a log (reliability.md 13.10). */
export function refuseCardNumbers(body: unknown): void {
  const param = findCardNumber(body, '', 0);
  if (param === null) return;
  refuse({
    status: 422,
    code: 'card_number_refused',
    message: 'The request holds a card number. Cards are entered on the payment page only.',
    param,
  });
}

function findCardNumber(value: unknown, path: string, depth: number): string | null {
  if (typeof value === 'string') return holdsCardNumber(value) ? path : null;
  if (typeof value !== 'object' || value === null || depth > DEPTH_MAX) return null;
  for (const [name, item] of Object.entries(value)) {
    if (IDENTIFIER.test(name)) continue;
    const found = findCardNumber(item, path === '' ? name : `${path}.${name}`, depth + 1);
    if (found !== null) return found;
  }
  return null;
}

function holdsCardNumber(text: string): boolean {
  return (text.match(CANDIDATE) ?? []).some(isCardNumber);
}
