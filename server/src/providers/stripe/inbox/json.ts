import { JSON_DEPTH } from '../limits.ts';

/** Why a correctly signed body is not an event we can read. */
export type JsonFault = 'not_utf8' | 'not_json' | 'too_deep' | 'duplicate_key' | 'forbidden_key' | 'lone_surrogate' | 'unsafe_integer';

export type ParsedJson = { value: unknown; fault: null } | { value: null; fault: JsonFault };

const decoder = new TextDecoder('utf-8', { fatal: true });

/** The text of a body, or null where it is not UTF-8. */
export function decodeUtf8(body: Uint8Array): string | null {
  try {
    return decoder.decode(body);
  } catch {
    return null;
  }
}

/**
 * Parses text that came from outside. JSON on which two readers could disagree (a key given twice, a number that does not fit, half a character)
 * is refused, as are depth beyond 64 and `__proto__` (reliability.md W11). Linear in the length, without recursion.
 */
export function parseStrictJson(text: string): ParsedJson {
  const fault = scan(text);
  if (fault) return { value: null, fault };
  try {
    return { value: JSON.parse(text), fault: null };
  } catch {
    return { value: null, fault: 'not_json' };
  }
}

const QUOTE = 34;
const BACKSLASH = 92;
const COLON = 58;
const OPEN_OBJECT = 123;
const CLOSE_OBJECT = 125;
const OPEN_ARRAY = 91;
const CLOSE_ARRAY = 93;
const MINUS = 45;
const ZERO = 48;
const NINE = 57;
const SAFE_DIGITS = 16;

/** Looks only for what JSON.parse lets pass; the grammar itself is left to JSON.parse. */
function scan(text: string): JsonFault | null {
  const keys: (Set<string> | null)[] = [];
  for (let at = 0; at < text.length; at++) {
    const code = text.charCodeAt(at);
    if (code === QUOTE) {
      const end = endOfString(text, at);
      if (end < 0) return 'not_json';
      const fault = stringFault(text, at, end, keys.at(-1) ?? null);
      if (fault) return fault;
      at = end;
    } else if (code === OPEN_OBJECT || code === OPEN_ARRAY) {
      keys.push(code === OPEN_OBJECT ? new Set() : null);
      if (keys.length > JSON_DEPTH) return 'too_deep';
    } else if (code === CLOSE_OBJECT || code === CLOSE_ARRAY) {
      keys.pop();
    } else if (code === MINUS || (code >= ZERO && code <= NINE)) {
      const end = endOfNumber(text, at);
      if (end - at >= SAFE_DIGITS && unsafe(text.slice(at, end))) return 'unsafe_integer';
      at = end - 1;
    }
  }
  return null;
}

function endOfString(text: string, start: number): number {
  for (let at = start + 1; ; at++) {
    at = text.indexOf('"', at);
    if (at < 0) return -1;
    let slashes = 0;
    while (text.charCodeAt(at - 1 - slashes) === BACKSLASH) slashes++;
    if (slashes % 2 === 0) return at;
  }
}

function stringFault(text: string, start: number, end: number, keys: Set<string> | null): JsonFault | null {
  const inner = text.slice(start + 1, end);
  const escaped = inner.includes('\\u');
  if (escaped && !unescaped(inner)?.isWellFormed()) return 'lone_surrogate';
  if (keys === null || !isKey(text, end + 1)) return null;
  const key = inner.includes('\\') ? (unescaped(inner) ?? inner) : inner;
  if (key === '__proto__') return 'forbidden_key';
  if (keys.has(key)) return 'duplicate_key';
  keys.add(key);
  return null;
}

function isKey(text: string, after: number): boolean {
  let at = after;
  while (text.charCodeAt(at) <= 32) at++;
  return text.charCodeAt(at) === COLON;
}

function unescaped(inner: string): string | null {
  try {
    return JSON.parse(`"${inner}"`) as string;
  } catch {
    return null;
  }
}

function endOfNumber(text: string, start: number): number {
  let at = start + 1;
  while (at < text.length && NUMBER_PART.test(text[at]!)) at++;
  return at;
}

const NUMBER_PART = /[0-9.eE+-]/;

function unsafe(number: string): boolean {
  return /^-?\d+$/.test(number) && !Number.isSafeInteger(Number(number));
}
