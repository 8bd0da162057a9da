/** Authorization codes: good once, for five minutes. Kept in the platform's account. */
import { OAuthError } from '../../kernel/errors.ts';
import type { Doc, Tx } from '../../kernel/types.ts';
import type { ConsentKind, ConsentRequest } from './request.ts';

const CODE_LENGTH = 32;
const CODE_SECONDS = 300;

/** Stores a code for the account and answers it. */
export async function issueCode(tx: Tx, input: { asked: ConsentRequest; account: string }): Promise<string> {
  const { asked, account } = input;
  const code: Doc = {
    id: `ac_${tx.secret(CODE_LENGTH)}`,
    object: 'sandbox.oauth_code',
    created: tx.now(),
    kind: asked.kind,
    scope: asked.scope,
    account,
    expires_at: tx.now() + CODE_SECONDS,
    used: false,
  };
  tx.put(code);
  return code.id;
}

/** The code as stored, usable or used. Throws invalid_grant for one that is unknown here or too old. */
export async function findCode(tx: Tx, input: { code: string; kind: ConsentKind }): Promise<Doc> {
  const code = await tx.get(input.code, { object: 'sandbox.oauth_code' });
  if (code === undefined || code.kind !== input.kind)
    throw new OAuthError('invalid_grant', `Authorization code does not exist: ${input.code}`);
  if (!code.used && code.expires_at <= tx.now()) throw new OAuthError('invalid_grant', `Authorization code expired: ${input.code}`);
  return code;
}
