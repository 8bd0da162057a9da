import { createHmac, timingSafeEqual } from 'node:crypto';
import Fastify from 'fastify';
import type pg from 'pg';
import { openEmbedded } from '../../server/src/kit/engine-pglite.ts';
import { openPostgres } from '../../server/src/kit/engine-postgres.ts';

/**
 * The floor of "webhook accepted": the least code that does the same durable work. Verify the signature, insert one row under the
 * same unique keys, answer 200. Run as a process of its own: `node bench/floors/webhook.ts` with DATABASE_URL or without.
 */
const SECRET = process.env.FLOOR_SECRET ?? 'whsec_floor';
const BODY_LIMIT = 1024 * 1024;

const url = process.env.DATABASE_URL;
const database = url ? await openPostgres({ url }) : await openEmbedded({ folder: process.env.FLOOR_DIR ?? null });
await prepare(database.pool);

const app = Fastify({ bodyLimit: BODY_LIMIT });
app.removeAllContentTypeParsers();
app.addContentTypeParser('*', { parseAs: 'buffer' }, (_request, body, done) => done(null, body));
app.post('/webhook', async (request, reply) => {
  const raw = request.body as Buffer;
  if (!verified(String(request.headers['stripe-signature']), raw)) return reply.code(400).send({});
  const event = JSON.parse(raw.toString('utf8')) as { id: string; type: string };
  await database.pool.query({
    name: 'insert',
    text: `insert into floor_inbox (environment_id, id, connection_id, event_id, type, raw, received_wall_at)
           values ($1, $2, $3, $4, $5, $6, clock_timestamp()) on conflict do nothing`,
    values: ['environment_1', event.id, 'connection_1', event.id, event.type, raw.toString('utf8')],
  });
  return {};
});
await app.listen({ host: '127.0.0.1', port: 0 });
const address = app.server.address();
if (address && typeof address === 'object') process.stdout.write(`${address.port}\n`);
process.on('SIGTERM', () => void app.close().then(() => database.close().then(() => process.exit(0))));

async function prepare(pool: pg.Pool): Promise<void> {
  await pool.query(`create table floor_inbox (environment_id text not null, id text not null, connection_id text not null, event_id text not null,
    type text not null, raw text not null, status text not null default 'received', sequence bigserial, next_attempt_wall_at timestamptz,
    received_wall_at timestamptz not null, primary key (environment_id, id))`);
  await pool.query('create unique index on floor_inbox (environment_id, connection_id, event_id)');
  await pool.query(`create index on floor_inbox (environment_id, next_attempt_wall_at, sequence) where status in ('received','failed')`);
  await pool.query('create index on floor_inbox (environment_id, sequence)');
}

function verified(header: string, raw: Buffer): boolean {
  const t = /t=(\d+)/.exec(header)?.[1] ?? '';
  const given = Buffer.from(/v1=([0-9a-f]{64})/.exec(header)?.[1] ?? '', 'hex');
  const expected = createHmac('sha256', SECRET).update(`${t}.`).update(raw).digest();
  return given.length === expected.length && timingSafeEqual(given, expected);
}
