import { createHash } from 'node:crypto';
import type { Selectable } from 'kysely';
import { type App, type Ctx, contextFor } from '../kit/context.ts';
import { lockName, stringify, transaction } from '../kit/database.ts';
import type { WorkQueue } from '../kit/queues.ts';
import type { AuditEntries } from '../kit/schema.generated.ts';

/** Entries of one seal run. */
const BATCH = 500;
const GENESIS = Buffer.alloc(32);

/** Chains each environment's audit entries, about a second behind them, so that no writer waits for the head of the chain (13.3). */
export const auditQueue: WorkQueue = {
  name: 'audit',
  order: 90,
  room: 'accounts',
  drain: async (app, { environmentId }) => {
    let sealed = 0;
    for (const id of await unsealedEnvironments(app, environmentId)) {
      const ctx = await contextFor(app, { environmentId: id, actor: 'system' });
      sealed += await transaction(ctx, sealBatch);
    }
    return sealed;
  },
  blocked: async () => null,
};

/** The id of the first entry that was changed after sealing, or whose seal is broken; null where the chain holds. */
export async function verifyAudit(ctx: Ctx): Promise<string | null> {
  const rows = await ctx.db
    .selectFrom('audit_seals as s')
    .leftJoin('audit_entries as e', (join) => join.onRef('e.id', '=', 's.entry_id').onRef('e.environment_id', '=', 's.environment_id'))
    .selectAll('e')
    .select(['s.seq', 's.entry_id', 's.prev_hash', 's.hash'])
    .where('s.environment_id', '=', ctx.environmentId)
    .orderBy('s.seq')
    .execute();
  let head: Uint8Array = GENESIS;
  for (const row of rows) {
    const isWhole = row.id !== null && Buffer.from(head).equals(row.prev_hash) && hashOf(head, row as Entry).equals(row.hash);
    if (!isWhole) return row.entry_id;
    head = row.hash;
  }
  return null;
}

type Entry = Selectable<AuditEntries>;

async function sealBatch(tx: Ctx): Promise<number> {
  await lockName(tx, 'audit', 'chain');
  const last = await tx.db
    .selectFrom('audit_seals')
    .select(['seq', 'hash'])
    .where('environment_id', '=', tx.environmentId)
    .orderBy('seq', 'desc')
    .limit(1)
    .executeTakeFirst();
  const entries = await unsealed(tx);
  let head: Uint8Array = last?.hash ?? GENESIS;
  let seq = last?.seq ?? 0n;
  const rows = entries.map((entry) => {
    const previous = head;
    head = hashOf(previous, entry);
    seq += 1n;
    return { environment_id: tx.environmentId, seq, entry_id: entry.id, prev_hash: previous, hash: head };
  });
  if (rows.length === 0) return 0;
  await tx.db.insertInto('audit_seals').values(rows).execute();
  const sealed = rows.map((row) => row.entry_id);
  await tx.db.deleteFrom('audit_unsealed').where('environment_id', '=', tx.environmentId).where('entry_id', 'in', sealed).execute();
  return rows.length;
}

function unsealed(tx: Ctx): Promise<Entry[]> {
  return tx.db
    .selectFrom('audit_unsealed as u')
    .innerJoin('audit_entries as e', (join) => join.onRef('e.environment_id', '=', 'u.environment_id').onRef('e.id', '=', 'u.entry_id'))
    .selectAll('e')
    .where('u.environment_id', '=', tx.environmentId)
    .orderBy('e.id')
    .limit(BATCH)
    .execute();
}

async function unsealedEnvironments(app: App, environmentId: string | null): Promise<string[]> {
  let query = app.db.selectFrom('audit_unsealed').select('environment_id').distinct();
  if (environmentId !== null) query = query.where('environment_id', '=', environmentId);
  return (await query.execute()).map((row) => row.environment_id);
}

/** SHA-256 over the hash before and the entry as canonical JSON (keys sorted; jsonb keeps no order of its own). */
function hashOf(previous: Uint8Array, entry: Entry): Buffer {
  const fields = [
    entry.id,
    entry.actor,
    entry.action,
    entry.object_type,
    entry.object_id,
    entry.before,
    entry.after,
    entry.request_id,
    entry.cause,
    entry.reason,
  ];
  const times = [entry.at.toString(), entry.at_wall_at.toString()];
  return createHash('sha256')
    .update(previous)
    .update(stringify([...fields.map(canonical), ...times]))
    .digest();
}

function canonical(value: unknown): unknown {
  if (Array.isArray(value)) return value.map(canonical);
  if (typeof value !== 'object' || value === null) return value;
  return Object.fromEntries(
    Object.entries(value)
      .toSorted(([a], [b]) => (a < b ? -1 : 1))
      .map(([name, item]) => [name, canonical(item)]),
  );
}
