import type { ApiRequest, Doc } from '../../kernel/types.ts';
import { mergeMetadata } from '../../kernel/values.ts';

/** Changes the metadata; the cart of a hosted session is fixed. No event, as at Stripe. */
export async function updateSession(rq: ApiRequest): Promise<Doc> {
  const { tx, params } = rq;
  const session = await tx.require('checkout.session', rq.path.id!);
  session.metadata = mergeMetadata(session.metadata, params.metadata);
  tx.put(session);
  return session;
}
