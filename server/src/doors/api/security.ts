import type { FastifyInstance } from 'fastify';
import { refuse } from '../../kit/errors.ts';
import { isIpAddress } from '../../kit/http-out.ts';

const LOOPBACK_NAMES = new Set(['localhost', '127.0.0.1', '[::1]']);

/** DNS rebinding works through names only: an IP literal, a loopback name or the public URL's host may be asked for, nothing else (reliability.md 12.5). */
export function refuseForeignHosts(fastify: FastifyInstance, publicUrl: () => string): void {
  // Callers ask for the same host again and again; the public URL becomes known while the server starts.
  let accepted: string | null = null;
  fastify.addHook('onRequest', async (request) => {
    const host = request.headers.host;
    if (host !== undefined && `${host} ${publicUrl()}` === accepted) return;
    if (host === undefined || !isKnownHost(host, new URL(publicUrl()).hostname)) {
      refuse({
        status: 421,
        code: 'unknown_host',
        message: 'This server is not known under that Host.',
        fix: 'Set BILLOW_PUBLIC_URL to the address you use.',
      });
    }
    accepted = `${host} ${publicUrl()}`;
  });
}

/** True where the Host header names this server. */
export function isKnownHost(header: string, publicHost: string): boolean {
  if (!URL.canParse(`http://${header}`)) return false;
  const name = new URL(`http://${header}`).hostname;
  return LOOPBACK_NAMES.has(name) || name === publicHost || name.endsWith('.localhost') || isIpAddress(name.replace(/^\[|\]$/g, ''));
}

/** Headers every answer carries. Pages set their own Content-Security-Policy. */
export function secureHeaders(fastify: FastifyInstance, publicUrl: () => string): void {
  fastify.addHook('onSend', async (request, reply) => {
    reply.header('x-request-id', request.id);
    reply.header('x-content-type-options', 'nosniff');
    reply.header('referrer-policy', 'same-origin');
    if (!reply.hasHeader('content-security-policy')) reply.header('content-security-policy', "default-src 'none'; frame-ancestors 'none'");
    if (publicUrl().startsWith('https:')) reply.header('strict-transport-security', 'max-age=31536000');
  });
}
