/** `after_expiration.recovery`: for 30 days a link opens an expired purchase again, as a new session [docs.stripe.com/payments/checkout/abandoned-carts]. */
import type { Doc, PageAnswer, PageRequest, Tx } from '../../kernel/types.ts';
import { messagePage, redirect } from '../../pages/layout.ts';
import { openSession } from './create.ts';

const DAY = 86_400;
const LIFE = 30 * DAY;
const TOKEN_LENGTH = 48;

/** Makes the link of a session that has just expired. */
export function offerRecovery(tx: Tx, session: Doc): void {
  const recovery = session.after_expiration?.recovery;
  if (recovery?.enabled !== true) return;
  const link = tx.make('sandbox.link', 'test', { ref: session.id }, session);
  link.id = `test_${tx.secret(TOKEN_LENGTH)}`;
  tx.put(link);
  session.after_expiration = {
    recovery: { ...recovery, expires_at: tx.now(session) + LIFE, url: `${tx.publicUrl}/recover/${link.id}` },
  };
}

/** GET /recover/{token}: a copy of the expired session, with promotion codes if the recovery allows them; leads on to its page. */
export async function recoverSession(rq: PageRequest): Promise<PageAnswer> {
  const link = await rq.find(rq.path.token ?? '');
  if (link === null || link.doc.object !== 'sandbox.link') return gone();
  const id = await rq.transaction(link.account, async (tx) => {
    const expired = await tx.get(link.doc.ref, { object: 'checkout.session' });
    const recovery = expired?.after_expiration?.recovery;
    if (expired === undefined || recovery?.url == null || recovery.expires_at < tx.now(expired)) return null;
    const { expires_at: _over, ...params } = expired._data.params;
    const codes = recovery.allow_promotion_codes && params.discounts === undefined ? { allow_promotion_codes: true } : {};
    return (await openSession(tx, { ...params, ...codes }, { recovered_from: expired.id })).id;
  });
  return id === null ? gone() : redirect(`/c/${id}`);
}

function gone(): PageAnswer {
  return messagePage({ status: 404, title: 'This link has expired', text: 'Nothing was charged. Ask the shop for a new link.' });
}
