import { invalidRequest } from '../../kernel/errors.ts';
import { SEARCH_LAG } from '../../kernel/search.ts';
import type { Doc, Tx } from '../../kernel/types.ts';

/** Search at Stripe is a moment behind [S 3.9]. What is younger than `seconds` of its clock is not found; 0 ends it. */
export type SearchLag = { kind: 'lag_search'; seconds: number };

export async function lagSearch(tx: Tx, { seconds }: SearchLag): Promise<Doc> {
  if (!Number.isFinite(seconds) || seconds < 0) throw invalidRequest('The lag is a number of seconds, 0 or more.', { param: 'seconds' });
  const known = await tx.get(SEARCH_LAG);
  const lag = { ...(known ?? { id: SEARCH_LAG, object: 'sandbox.search_lag', created: tx.now() }), seconds } as Doc;
  tx.put(lag);
  return lag;
}
