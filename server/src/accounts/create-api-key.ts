import type { Ctx, Mode } from '../kit/context.ts';
import { newId } from '../kit/ids.ts';
import { digestOf, makeKeyText } from './api-key.ts';
import { writeAudit } from './audit.ts';

export type NewKey = { environmentId: string; mode: Mode; name: string; scopes: readonly string[]; expiresAt?: Temporal.Instant | null };

/** Makes a secret key of the environment in the caller's transaction; the answer holds its text, which is never shown again. */
export async function createApiKey(tx: Ctx, a: NewKey): Promise<{ id: string; secret: string }> {
  const id = newId(tx, 'key');
  const key = makeKeyText(tx.app, a.mode);
  const row = {
    id,
    environment_id: a.environmentId,
    kind: key.kind,
    name: a.name,
    prefix: `bk_${a.mode}_${key.keyId}`,
    last4: key.text.slice(-4),
    hash: digestOf(tx.app, key.text),
    scopes: [...a.scopes],
    // A key that makes another environment is unknown there.
    created_by: a.environmentId === tx.environmentId || !tx.actor.startsWith('api_key:') ? tx.actor : 'system',
    expires_at: a.expiresAt ?? null,
    created_at: tx.machineClock.now(),
  };
  await tx.db.insertInto('api_keys').values(row).execute();
  const after = { name: a.name, prefix: row.prefix, scopes: row.scopes };
  await writeAudit(tx, { environmentId: a.environmentId, action: 'api_key.created', objectType: 'api_key', objectId: id, after });
  return { id, secret: key.text };
}
