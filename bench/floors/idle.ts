import { mkdirSync } from 'node:fs';
import { join } from 'node:path';
import Fastify from 'fastify';
import { openEmbedded } from '../../server/src/kit/engine-pglite.ts';
import { openPostgres } from '../../server/src/kit/engine-postgres.ts';
import { migrate, readMigrations } from '../../server/src/kit/migrations.ts';
import { readTemplate } from '../../server/src/kit/template.ts';

/** The floor of "start" and "memory": the opened database with its tables and a bare HTTP server, nothing else. */
const url = process.env.DATABASE_URL;
const folder = join(process.env.FLOOR_DIR ?? '.', 'database');
mkdirSync(folder, { recursive: true });
const migrations = await readMigrations();
const template = url || process.env.FLOOR_WARM ? null : await readTemplate(migrations);
const database = url ? await openPostgres({ url }) : await openEmbedded({ folder, template });
// A new database must hold the tables on both sides: on the embedded engine they come with the template.
await migrate(database.pool, migrations);
const app = Fastify();
app.get('/readyz', async () => ({ ready: true }));
await app.listen({ host: '127.0.0.1', port: 0 });
const address = app.server.address();
if (address && typeof address === 'object') process.stdout.write(`${address.port}\n`);
process.on('SIGTERM', () => void app.close().then(() => database.close().then(() => process.exit(0))));
