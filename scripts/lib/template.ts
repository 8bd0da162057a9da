import { readMigrations } from '../../server/src/kit/migrations.ts';
import { ensureTemplate } from '../../server/src/kit/template.ts';

/** Makes the dump that new embedded databases start from, once per set of migrations (2–3 s); later calls only look. */
export async function prepareDatabase(): Promise<void> {
  if (process.env.DATABASE_URL) return;
  await ensureTemplate(await readMigrations());
}
