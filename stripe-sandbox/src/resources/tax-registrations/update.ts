import { invalidRequest } from '../../kernel/errors.ts';
import type { ApiRequest, Doc } from '../../kernel/types.ts';
import { asOfNow } from './read.ts';

/** Moves beginning and end; '' takes the end away. */
export async function update(rq: ApiRequest): Promise<Doc> {
  const { tx, params } = rq;
  const registration = await tx.require('tax.registration', rq.path.id!);
  const now = tx.now(registration);
  if (params.active_from !== undefined) registration.active_from = params.active_from === 'now' ? now : params.active_from;
  if (params.expires_at !== undefined) {
    registration.expires_at = params.expires_at === 'now' ? now : params.expires_at === '' ? null : params.expires_at;
  }
  if (registration.expires_at !== null && registration.expires_at < registration.active_from)
    throw invalidRequest('`expires_at` must be after `active_from`.', { param: 'expires_at' });
  registration.status = asOfNow(tx, registration).status;
  tx.put(registration);
  return asOfNow(tx, registration);
}
