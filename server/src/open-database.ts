import { existsSync } from 'node:fs';
import { join } from 'node:path';
import type { Config } from './config.ts';
import type { DataDir } from './kit/data-dir.ts';
import type { Database } from './kit/engine.ts';
import { readMigrations } from './kit/migrations.ts';

/** Opens the database that the configuration names; a new embedded one starts from the template. Only the engine in use is loaded. */
export async function openDatabase(a: { config: Config; dataDir: DataDir }): Promise<Database> {
  if (a.config.databaseUrl !== null) {
    const { openPostgres } = await import('./kit/engine-postgres.ts');
    return openPostgres({ url: a.config.databaseUrl });
  }
  const { openEmbedded } = await import('./kit/engine-pglite.ts');
  const { readTemplate } = await import('./kit/template.ts');
  const isNew = !existsSync(join(a.dataDir.database, 'PG_VERSION'));
  return openEmbedded({ folder: a.dataDir.database, template: isNew ? await readTemplate(await readMigrations()) : null });
}
