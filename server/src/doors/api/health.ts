import type { FastifyInstance } from 'fastify';
import { sql } from 'kysely';
import type { App } from '../../kit/context.ts';

/** /healthz: the process answers. /readyz: the database answers too and everything has started. */
export function registerHealth(a: { app: App; fastify: FastifyInstance; isReady(): boolean }): void {
  a.fastify.get('/healthz', async () => ({ status: 'ok' }));
  a.fastify.get('/readyz', async (_request, reply) => {
    const isReady = a.isReady() && (await answers(a.app));
    return reply.status(isReady ? 200 : 503).send({ status: isReady ? 'ready' : 'starting' });
  });
}

async function answers(app: App): Promise<boolean> {
  return sql`select 1`.execute(app.db).then(
    () => true,
    () => false,
  );
}
