/** Events of the second kind: a notice that names an object instead of carrying it, under the v2 API [K 6]. */
import type { Doc, Params, Tx } from './types.ts';

export type Thin = { type: string; data?: Params; related?: { id: string; type: string; url: string } };

/** Records a thin event that has no snapshot twin. */
export function emitThin(tx: Tx, thin: Thin): void {
  const event: Doc = {
    id: tx.newId('evt_test'),
    object: 'v2.core.event',
    created: tx.now(),
    livemode: false,
    type: thin.type,
    ...(thin.data === undefined ? {} : { data: thin.data }),
    ...(thin.related === undefined ? {} : { related_object: thin.related }),
    ...(tx.requestId === null
      ? {}
      : { reason: { type: 'request', request: { id: tx.requestId, idempotency_key: tx.idempotencyKey ?? '' } } }),
  };
  tx.put(event);
}
