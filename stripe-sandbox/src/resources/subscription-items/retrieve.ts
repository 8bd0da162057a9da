import type { ApiRequest, Doc } from '../../kernel/types.ts';
import { findItem } from './find.ts';

/** One subscription item. */
export async function retrieve(rq: ApiRequest): Promise<Doc> {
  return (await findItem(rq.tx, rq.path.id!)).item;
}
