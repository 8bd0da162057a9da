/** Who must not be written to (email.md 14). Asked in the transaction that claims a message (U2). */
import { sql } from 'kysely';
import type { App, Ctx } from '../../kit/context.ts';
import { normalizeAddress } from '../messages/address.ts';

/** The keyed hash under which an address is remembered, also after its text was erased. */
export function addressHash(app: App, environmentId: string, address: string): string {
  return Buffer.from(app.secrets.digest('email_address', `${environmentId}\n${normalizeAddress(address)}`)).toString('hex');
}

/** The reasons of the open suppressions that block mail of a class to the addresses: `all` blocks everything, the others marketing only (U1). */
export async function suppressedAddresses(tx: Ctx, hashes: string[]): Promise<Map<string, { scope: string; reason: string }[]>> {
  const found = new Map<string, { scope: string; reason: string }[]>();
  if (hashes.length === 0) return found;
  const rows = await tx.db
    .selectFrom('email_suppressions')
    .select(['address_hash', 'scope', 'reason'])
    .where('environment_id', '=', tx.environmentId)
    .where('address_hash', 'in', [...new Set(hashes)])
    .where('lifted_at', 'is', null)
    .where((eb) => eb.or([eb('expires_at', 'is', null), eb('expires_at', '>', tx.clock.now())]))
    .execute();
  for (const row of rows) found.set(row.address_hash, [...(found.get(row.address_hash) ?? []), { scope: row.scope, reason: row.reason }]);
  return found;
}

/** The reason that blocks a message of the class, or null. */
export function blockedBy(rows: { scope: string; reason: string }[] | undefined, messageClass: string): string | null {
  const row = rows?.find((r) => r.scope === 'all' || messageClass === 'marketing');
  return row ? row.reason : null;
}

/**
 * Locks suppression and claim of these addresses against each other, so that after a suppression commits nothing to its address
 * is claimed (U2). Ends with the transaction.
 */
export async function lockAddresses(tx: Ctx, hashes: string[]): Promise<void> {
  for (const hash of [...new Set(hashes)].sort())
    await sql`select pg_advisory_xact_lock(hashtextextended(${`${tx.environmentId}:address:${hash}`}, 0))`.execute(tx.db);
}
