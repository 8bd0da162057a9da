import { keyOf, type Source, type Target } from './source.ts';

/** Which of these objects we have a copy of. */
export async function knownOf(source: Source, targets: readonly Target[]): Promise<Set<string>> {
  if (targets.length === 0) return new Set();
  const rows = await source.ctx.db
    .selectFrom('remote_objects')
    .select(['type', 'id'])
    .where('environment_id', '=', source.ctx.environmentId)
    .where('connection_id', '=', source.connection.id)
    .where('id', 'in', [...new Set(targets.map((target) => target.id))])
    .execute();
  const known = new Set(rows.map((row) => `${row.type}:${row.id}`));
  return new Set(targets.map(keyOf).filter((key) => known.has(key)));
}
