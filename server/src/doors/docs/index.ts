import { createRequire } from 'node:module';
import { dirname } from 'node:path';
import staticFiles from '@fastify/static';
import type { FastifyInstance, FastifyPluginAsync } from 'fastify';

/** Files of the reference that the page uses; nothing comes from another server. */
const FILES = ['swagger-ui.css', 'swagger-ui-bundle.js', 'favicon-32x32.png'];
const POLICY =
  "default-src 'self'; script-src 'self'; style-src 'self' 'unsafe-inline'; img-src 'self' data:; connect-src 'self'; base-uri 'none'; frame-ancestors 'none'";
const START = `window.onload = () => SwaggerUIBundle({ url: '/openapi.json', dom_id: '#reference', deepLinking: true, validatorUrl: null, persistAuthorization: false });`;
const PAGE = `<!doctype html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<title>Billow API</title>
<link rel="icon" href="/docs/favicon-32x32.png">
<link rel="stylesheet" href="/docs/swagger-ui.css">
</head>
<body>
<div id="reference"></div>
<script src="/docs/swagger-ui-bundle.js"></script>
<script src="/docs/start.js"></script>
</body>
</html>
`;

/** Serves the API reference under /docs, offline. */
export function docsDoor(): FastifyPluginAsync {
  return async (fastify: FastifyInstance) => {
    const root = dirname(createRequire(import.meta.url).resolve('swagger-ui-dist/package.json'));
    await fastify.register(staticFiles, { root, prefix: '/docs/', serve: false });
    fastify.get('/docs', (_request, reply) => reply.header('content-security-policy', POLICY).type('text/html; charset=utf-8').send(PAGE));
    fastify.get('/docs/', (_request, reply) => reply.redirect('/docs'));
    fastify.get('/docs/start.js', (_request, reply) => reply.type('text/javascript; charset=utf-8').send(START));
    for (const file of FILES) fastify.get(`/docs/${file}`, (_request, reply) => reply.sendFile(file));
  };
}
