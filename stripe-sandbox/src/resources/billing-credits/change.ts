import { expireRest, isExpired, scheduleExpiry, writeEntry } from '../../billing/credits/index.ts';
import { invalidRequest } from '../../kernel/errors.ts';
import type { ApiRequest, Doc } from '../../kernel/types.ts';
import { mergeMetadata, orNull } from '../../kernel/values.ts';

/** Changes metadata and the end of a grant; '' = it never expires. Emits billing.credit_grant.updated. */
export async function updateGrant(rq: ApiRequest): Promise<Doc> {
  const { tx, params } = rq;
  const grant = await tx.require('billing.credit_grant', rq.path.id!);
  if (params.expires_at !== undefined) {
    refuseOver(rq, grant, 'updated');
    const expiresAt = orNull<number>(params.expires_at);
    if (expiresAt !== null && expiresAt <= Math.max(tx.now(grant), grant.effective_at))
      throw invalidRequest('`expires_at` must be in the future and after `effective_at`.', { param: 'expires_at' });
    grant.expires_at = expiresAt;
    scheduleExpiry(tx, grant);
  }
  if (params.metadata !== undefined) grant.metadata = mergeMetadata(grant.metadata, params.metadata);
  return told(rq, grant);
}

/** Ends a grant now: what is left expires. Emits billing.credit_grant.updated and the transaction's event. */
export async function expireGrant(rq: ApiRequest): Promise<Doc> {
  const { tx } = rq;
  const grant = await tx.require('billing.credit_grant', rq.path.id!);
  refuseOver(rq, grant, 'expired');
  grant.expires_at = tx.now(grant);
  tx.cancelTimers(grant.id, 'credit_expire');
  told(rq, grant);
  expireRest(tx, grant);
  return grant;
}

/** Takes a grant back that nothing was spent of. Emits billing.credit_grant.updated and the transaction's event. */
export async function voidGrant(rq: ApiRequest): Promise<Doc> {
  const { tx } = rq;
  const grant = await tx.require('billing.credit_grant', rq.path.id!);
  refuseOver(rq, grant, 'voided');
  if (grant._remaining < grant.amount.monetary.value)
    throw invalidRequest('This credit grant cannot be voided because some of its credits were applied to an invoice.');
  grant.voided_at = tx.now(grant);
  tx.cancelTimers(grant.id, 'credit_expire');
  told(rq, grant);
  writeEntry(tx, { grant, amount: grant._remaining, entry: { side: 'debit', type: 'credits_voided' } });
  return grant;
}

function refuseOver(rq: ApiRequest, grant: Doc, verb: string): void {
  if (grant.voided_at !== null) throw invalidRequest(`This credit grant was voided and cannot be ${verb}.`);
  if (isExpired(grant, rq.tx.now(grant))) throw invalidRequest(`This credit grant has expired and cannot be ${verb}.`);
}

function told(rq: ApiRequest, grant: Doc): Doc {
  grant.updated = rq.tx.now(grant);
  rq.tx.put(grant);
  rq.tx.emit('billing.credit_grant.updated', grant);
  return grant;
}
