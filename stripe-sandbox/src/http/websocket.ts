/** A websocket by hand on node:http's `upgrade`: small, because one client speaks to it (the Stripe CLI) and only in text. */
import { createHash } from 'node:crypto';
import type { IncomingMessage } from 'node:http';
import type { Duplex } from 'node:stream';
import { CLOSE, closeFrame, createFrameReader, type Message, ProtocolError, pongFrame, textFrame } from './websocket-frames.ts';

/** RFC 6455, section 1.3. */
const GUID = '258EAFA5-E914-47DA-95CA-C5AB0DC85B11';
const VERSION = '13';
/** A client that does not read is let go. */
const MAX_WAITING_BYTES = 8 * 1024 * 1024;

export type Handlers = { text(text: string): void; closed(): void };
export type WebSocketConnection = { send(text: string): void; close(code?: number, reason?: string): void };

/** Whether the request asks for a websocket this server can speak. */
export function wantsWebSocket(request: IncomingMessage): boolean {
  const { headers } = request;
  return (
    request.method === 'GET' &&
    headers.upgrade?.toLowerCase() === 'websocket' &&
    headers['sec-websocket-version'] === VERSION &&
    typeof headers['sec-websocket-key'] === 'string'
  );
}

/** Finishes the handshake and reads until either side ends; `closed` is called once. */
export function acceptWebSocket(
  at: { request: IncomingMessage; socket: Duplex; head: Buffer },
  options: { protocol: string; handlers: Handlers },
): WebSocketConnection {
  const { request, socket } = at;
  const { handlers } = options;
  socket.write(handshake(request.headers['sec-websocket-key']!, offers(request, options.protocol) ? options.protocol : null));
  const read = createFrameReader();
  let open = true;
  const end = (code: number, reason: string): void => {
    if (!open) return;
    open = false;
    if (socket.writable) socket.end(closeFrame(code, reason));
    handlers.closed();
  };
  const answer = (message: Message): void => {
    if (message.kind === 'text') handlers.text(message.text);
    else if (message.kind === 'ping') socket.write(pongFrame(message.data));
    else if (message.kind === 'close') end(message.code, '');
  };
  const receive = (chunk: Buffer): void => {
    try {
      for (const message of read(chunk)) if (open) answer(message);
    } catch (error) {
      if (!(error instanceof ProtocolError)) throw error;
      end(error.code, error.message);
    }
  };
  socket.on('data', receive);
  socket.on('error', () => end(CLOSE.goingAway, ''));
  socket.on('close', () => end(CLOSE.goingAway, ''));
  socket.on('end', () => end(CLOSE.goingAway, ''));
  if (at.head.length > 0) receive(at.head);
  return {
    send(text) {
      if (!open) return;
      socket.write(textFrame(text));
      if (socket.writableLength > MAX_WAITING_BYTES) end(CLOSE.goingAway, 'Too slow.');
    },
    close: (code = CLOSE.goingAway, reason = '') => end(code, reason),
  };
}

/** Answers an upgrade with an error in Stripe's envelope; the CLI reads its message. */
export function refuseUpgrade(socket: Duplex, status: number, message: string): void {
  const body = JSON.stringify({ error: { type: 'invalid_request_error', message } });
  const head = [
    `HTTP/1.1 ${status} ${status === 404 ? 'Not Found' : status === 401 ? 'Unauthorized' : 'Bad Request'}`,
    'content-type: application/json',
    `content-length: ${Buffer.byteLength(body)}`,
    'connection: close',
  ];
  socket.end(`${head.join('\r\n')}\r\n\r\n${body}`);
}

function offers(request: IncomingMessage, protocol: string): boolean {
  const offered = String(request.headers['sec-websocket-protocol'] ?? '').split(',');
  return offered.some((name) => name.trim() === protocol);
}

function handshake(key: string, protocol: string | null): string {
  const accept = createHash('sha1').update(`${key}${GUID}`).digest('base64');
  const lines = ['HTTP/1.1 101 Switching Protocols', 'upgrade: websocket', 'connection: Upgrade', `sec-websocket-accept: ${accept}`];
  if (protocol !== null) lines.push(`sec-websocket-protocol: ${protocol}`);
  return `${lines.join('\r\n')}\r\n\r\n`;
}
