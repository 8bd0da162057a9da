import { OAuthError } from '../../kernel/errors.ts';
import type { PageAnswer, PageRequest } from '../../kernel/types.ts';
import { text } from '../../pages/form.ts';
import { callingPlatform } from './exchange.ts';
import { revokeAccess } from './grant.ts';
import { jsonAnswer } from './json-answer.ts';

/** The platform gives its access to an account back: tokens and grant end, account.application.deauthorized follows. */
export async function deauthorize(rq: PageRequest): Promise<PageAnswer> {
  const caller = await callingPlatform(rq);
  const account = text(rq, 'stripe_user_id');
  const notConnected = new OAuthError(
    'invalid_client',
    `This application is not connected to stripe account ${account}, or that account does not exist.`,
    401,
  );
  const accounts = await rq.accounts();
  const platform = accounts.find((other) => other.id === caller);
  if (platform?.settings.client_id !== text(rq, 'client_id')) {
    throw new OAuthError('invalid_client', `No such application: '${text(rq, 'client_id')}'`, 401);
  }
  if (!accounts.some((other) => other.id === account)) throw notConnected;
  const revoked = await rq.transaction(caller, async (tx) => revokeAccess({ platform: tx, account: await tx.forAccount(account) }));
  if (!revoked) throw notConnected;
  return jsonAnswer({ stripe_user_id: account });
}
