import { createHash } from 'node:crypto';
import { mkdir, readFile, rename, writeFile } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { openEmbedded } from './engine-pglite.ts';
import { installJobSchema } from './jobs.ts';
import { hashOf, type Migration, migrate } from './migrations.ts';

const FOLDER = join(import.meta.dirname, '../../../.cache');

/**
 * A dump of an empty migrated database with the job tables, kept beside the code (`.cache/`), named by the libraries' versions and the
 * migrations.
 * Starting from it saves the 2 s of creating a cluster. Null where it has not been made yet.
 */
export async function readTemplate(migrations: readonly Migration[]): Promise<Blob | null> {
  return readFile(await fileFor(migrations)).then(
    (bytes) => new Blob([bytes]),
    () => null,
  );
}

/** Makes the template where it is missing, and answers it. Two makers at once are harmless: the file appears by rename. */
export async function ensureTemplate(migrations: readonly Migration[]): Promise<Blob> {
  const existing = await readTemplate(migrations);
  if (existing) return existing;
  const database = await openEmbedded({ folder: null });
  try {
    await migrate(database.pool, migrations);
    await installJobSchema(database.pool);
    const dump = await database.pglite.dumpDataDir('gzip');
    const file = await fileFor(migrations);
    await mkdir(dirname(file), { recursive: true });
    const partial = `${file}.${process.pid}`;
    await writeFile(partial, Buffer.from(await dump.arrayBuffer()));
    await rename(partial, file);
    return dump;
  } finally {
    await database.close();
  }
}

async function fileFor(migrations: readonly Migration[]): Promise<string> {
  const versions = await Promise.all([versionOf('@electric-sql/pglite'), versionOf('pg-boss')]);
  const name = createHash('sha256')
    .update(`${versions.join(' ')} ${hashOf(migrations)}`)
    .digest('hex')
    .slice(0, 16);
  return join(FOLDER, `database-template-${name}.tar.gz`);
}

async function versionOf(library: string): Promise<string> {
  const text = await readFile(join(import.meta.dirname, `../../../node_modules/${library}/package.json`), 'utf8');
  return (JSON.parse(text) as { version: string }).version;
}
