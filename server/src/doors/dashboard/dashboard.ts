import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import staticFiles from '@fastify/static';
import type { FastifyInstance, FastifyPluginAsync } from 'fastify';

const DIST = join(import.meta.dirname, '../../../../dashboard/dist');
/** Addresses that are never a page of the dashboard: an unknown one there is a plain 404. */
const NOT_PAGES = /^\/(v1|api|docs|l|webhooks|oauth|healthz|readyz|openapi\.json|assets)(\/|$|\?)/;
const YEAR_SECONDS = 31_536_000;
/** Only our own files; style attributes are needed to place floating elements; mails are shown in frames without scripts. */
const POLICY =
  "default-src 'self'; script-src 'self'; style-src 'self' 'unsafe-inline'; img-src 'self' data: blob:; font-src 'self'; connect-src 'self'; " +
  "frame-src 'self' blob: data:; object-src 'none'; base-uri 'none'; form-action 'self'; frame-ancestors 'none'";

/** Serves the built dashboard; every page address answers its index.html. Without a build it says how to make one. */
export function dashboardDoor(folder: string = DIST): FastifyPluginAsync {
  const door = async (fastify: FastifyInstance) => {
    const isBuilt = existsSync(join(folder, 'index.html'));
    if (isBuilt) {
      await fastify.register(staticFiles, {
        root: folder,
        index: false,
        wildcard: false,
        decorateReply: false,
        setHeaders: (reply, path) => {
          reply.header('cache-control', /\/assets\//.test(path) ? `public, max-age=${YEAR_SECONDS}, immutable` : 'no-cache');
        },
      });
    }
    const page = isBuilt ? readFileSync(join(folder, 'index.html'), 'utf8') : NOT_BUILT;
    fastify.get('/*', (request, reply) => {
      if (NOT_PAGES.test(request.url) || !acceptsHtml(request.headers.accept)) return reply.callNotFound();
      return reply
        .header('content-security-policy', POLICY)
        .header('cache-control', 'no-cache')
        .type('text/html; charset=utf-8')
        .send(page);
    });
  };
  return door;
}

function acceptsHtml(accept: string | undefined): boolean {
  return accept === undefined || accept.includes('text/html') || accept.includes('*/*');
}

const NOT_BUILT =
  '<!doctype html><html lang="en"><meta charset="utf-8"><title>Billow</title><p>The dashboard is not built yet: <code>npm start</code> builds it.</p></html>';
