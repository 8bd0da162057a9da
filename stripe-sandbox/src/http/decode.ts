/** Form encoding as the SDK and curl send it: `items[0][price]=…`, `expand[]=…`. Arrays stay maps with number keys; the contract decides. */
import { invalidRequest } from '../kernel/errors.ts';
import type { Params } from '../kernel/types.ts';

const MAX_DEPTH = 10;
const FORBIDDEN = new Set(['__proto__', 'constructor', 'prototype']);

export function decodeForm(text: string): Params {
  const root: Params = {};
  if (text === '') return root;
  for (const [name, value] of new URLSearchParams(text)) place(root, keysOf(name), value);
  return root;
}

/** JSON bodies (v2, control API, OAuth clients). Throws 400 on anything but an object. */
export function decodeJson(text: string): Params {
  if (text.trim() === '') return {};
  let value: unknown;
  try {
    value = JSON.parse(text);
  } catch {
    throw invalidRequest('Invalid request: the body is not valid JSON.');
  }
  if (typeof value !== 'object' || value === null || Array.isArray(value))
    throw invalidRequest('Invalid request: the body must be a JSON object.');
  return value as Params;
}

/** `a[b][0][c]` → ['a', 'b', '0', 'c']; a trailing `[]` is ''. */
function keysOf(name: string): string[] {
  const open = name.indexOf('[');
  if (open < 0) return [name];
  const keys = [name.slice(0, open)];
  for (const match of name.slice(open).matchAll(/\[([^\]]*)\]/g)) keys.push(match[1]!);
  if (keys.length > MAX_DEPTH || keys.some((key) => FORBIDDEN.has(key))) throw invalidRequest(`Invalid parameter name: ${name}`);
  return keys;
}

function place(root: Params, keys: string[], value: string): void {
  let container = root;
  keys.forEach((key, index) => {
    const name = key === '' ? String(Object.keys(container).length) : key;
    if (index === keys.length - 1) container[name] = value;
    else {
      if (typeof container[name] !== 'object') container[name] = {};
      container = container[name] as Params;
    }
  });
}
