/** API keys: stored as hashes, shown as hints. */
import { createHash } from 'node:crypto';

export function hashKey(secret: string): string {
  return createHash('sha256').update(secret).digest('hex');
}

/** `sk_test_***abcd`: what error messages show. */
export function hintOf(secret: string): string {
  const prefix = /^[a-z]+_(test|live)_/.exec(secret)?.[0] ?? '';
  return `${prefix}***${secret.slice(-4)}`;
}
