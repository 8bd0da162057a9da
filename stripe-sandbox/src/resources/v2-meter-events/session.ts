import { STREAM_PERMISSION } from '../../http/authenticate.ts';
import { isoTime } from '../../kernel/thin.ts';
import type { Transaction } from '../../kernel/transaction.ts';
import type { ApiRequest, Plain } from '../../kernel/types.ts';

/** A token is good for fifteen minutes of transport time [DTS MeterEventSession]. */
const LIFETIME = 15 * 60;
const TOKEN_LENGTH = 48;

/** Opens the meter event stream for fifteen minutes: the token may do nothing else. */
export async function createSession(rq: ApiRequest): Promise<Plain> {
  const tx = rq.tx as Transaction;
  const now = Math.floor(tx.transportNow() / 1000);
  const token = `mes_test_${tx.secret(TOKEN_LENGTH)}`;
  tx.directory.addKey({
    secret: token,
    account: tx.account.id,
    kind: 'restricted',
    permissions: [STREAM_PERMISSION],
    expiresAt: now + LIFETIME,
  });
  return {
    id: tx.newId('mes_test'),
    object: 'v2.billing.meter_event_session',
    authentication_token: token,
    created: isoTime(now),
    expires_at: isoTime(now + LIFETIME),
    livemode: false,
  };
}
