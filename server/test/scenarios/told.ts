import type { Kit } from '../support/kit.ts';

/** What was announced since the last look, oldest first, as `type` or with the named fields of its data. */
export function listen(kit: Kit) {
  let last = -1n;
  const fresh = async () => {
    const rows = await kit.app.db
      .selectFrom('events')
      .selectAll()
      .where('environment_id', '=', kit.environmentId)
      .where('seq', '>', last)
      .orderBy('seq')
      .execute();
    last = rows.at(-1)?.seq ?? last;
    return rows.map((row) => ({
      ...row,
      data: row.data as Record<string, unknown>,
      previous: row.previous as Record<string, unknown> | null,
    }));
  };
  return { fresh, types: async () => (await fresh()).map(({ type }) => type) };
}

/** The rows of `status_transitions` of a table, in the form of a room's own table: from → list of to, sorted. */
export async function transitionsInDatabase(kit: Kit, table: string): Promise<Record<string, string[]>> {
  const rows = await kit.app.db.selectFrom('status_transitions').selectAll().where('table_name', '=', table).execute();
  const lists: Record<string, string[]> = {};
  for (const { from_status, to_status } of rows) lists[from_status] = [...(lists[from_status] ?? []), to_status].sort();
  return lists;
}

/** A room's table in the same form. */
export function transitionsInCode(table: Record<string, readonly string[]>): Record<string, string[]> {
  return Object.fromEntries(Object.entries(table).flatMap(([from, to]) => (to.length > 0 ? [[from, [...to].sort()]] : [])));
}
