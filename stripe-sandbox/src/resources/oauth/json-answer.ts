import type { PageAnswer, Plain } from '../../kernel/types.ts';

/** Tokens are never cached. */
export function jsonAnswer(body: Plain): PageAnswer {
  return { status: 200, headers: { 'content-type': 'application/json', 'cache-control': 'no-store' }, body: JSON.stringify(body, null, 2) };
}
