import type { Doc, Timer, Tx } from '../../kernel/types.ts';
import { isExpired, writeEntry } from './ledger.ts';

/** Sets the instant at which what is left of a grant expires; a grant without end has none. */
export function scheduleExpiry(tx: Tx, grant: Doc): void {
  tx.cancelTimers(grant.id, 'credit_expire');
  if (grant.expires_at === null || grant.voided_at !== null) return;
  tx.schedule({ kind: 'credit_expire', ref: grant.id, dueAt: grant.expires_at, clock: grant._clock });
}

/** A grant's time is over: what is left goes. */
export async function creditsExpired(tx: Tx, timer: Timer): Promise<void> {
  const grant = await tx.get(timer.ref, { object: 'billing.credit_grant' });
  if (grant !== undefined && isExpired(grant, tx.now(grant))) expireRest(tx, grant);
}

/** Writes off what is left of a grant; nothing when nothing is. */
export function expireRest(tx: Tx, grant: Doc): void {
  if (grant.voided_at !== null || grant._remaining === 0) return;
  writeEntry(tx, { grant, amount: grant._remaining, entry: { side: 'debit', type: 'credits_expired' } });
}
