/** The same entry behind a loopback HTTP server: browsers need the pages, other processes the API. */
import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import type { Duplex } from 'node:stream';
import type { Reply } from './answer.ts';
import type { Entry } from './entry.ts';

const HOST = '127.0.0.1';
const MAX_BODY_BYTES = 4 * 1024 * 1024;
const HOST_NAMES = new Set(['127.0.0.1', 'localhost', '[::1]']);

export type Listening = { url: string; port: number; close(): Promise<void> };

/** Listens on loopback; port 0 takes any free one. Requests whose Host is neither loopback nor the public address are refused (DNS rebinding). */
export function listen(
  entry: Entry,
  port: number,
  options: { publicHosts: () => string[]; upgrade: (request: IncomingMessage, socket: Duplex, head: Buffer) => void },
): Promise<Listening> {
  const { publicHosts } = options;
  const server = createServer((request, response) => {
    serve(entry, request, response, publicHosts).catch((error: unknown) => {
      process.stderr.write(`Stripe Sandbox: ${String(error)}\n`);
      response.destroy();
    });
  });
  server.on('upgrade', (request, socket, head) => {
    const host = new URL('/', `http://${request.headers.host ?? HOST}`).hostname;
    if (HOST_NAMES.has(host) || publicHosts().includes(host)) options.upgrade(request, socket, head);
    else socket.destroy();
  });
  return new Promise((resolve, reject) => {
    server.once('error', reject);
    server.listen(port, HOST, () => {
      const bound = (server.address() as AddressInfo).port;
      resolve({ url: `http://${HOST}:${bound}`, port: bound, close: () => stop(server) });
    });
  });
}

async function serve(entry: Entry, request: IncomingMessage, response: ServerResponse, publicHosts: () => string[]): Promise<void> {
  const host = request.headers.host ?? HOST;
  const url = new URL(request.url ?? '/', `http://${host}`);
  if (!HOST_NAMES.has(url.hostname) && !publicHosts().includes(url.hostname)) {
    send(response, {
      status: 421,
      headers: { 'content-type': 'application/json' },
      body: JSON.stringify({ error: { type: 'invalid_request_error', message: `This server is not ${url.hostname}.` } }),
    });
    return;
  }
  const headers = new Headers();
  for (const [name, value] of Object.entries(request.headers))
    if (value !== undefined) headers.set(name, Array.isArray(value) ? value.join(', ') : value);
  const reply = await entry.handle({ method: request.method ?? 'GET', url, headers, body: await readBody(request) });
  send(response, reply);
}

function send(response: ServerResponse, reply: Reply): void {
  if (reply.drop === true) {
    response.socket?.destroy();
    return;
  }
  if (reply.hang === true) return;
  response.writeHead(reply.status, reply.headers);
  response.end(reply.body);
}

async function readBody(request: IncomingMessage): Promise<string> {
  const chunks: Buffer[] = [];
  let size = 0;
  for await (const chunk of request as AsyncIterable<Buffer>) {
    size += chunk.length;
    if (size <= MAX_BODY_BYTES) chunks.push(chunk);
  }
  return Buffer.concat(chunks).toString('utf8');
}

function stop(server: Server): Promise<void> {
  return new Promise((resolve) => {
    server.close(() => resolve());
    server.closeAllConnections();
  });
}
