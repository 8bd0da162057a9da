import type { IncomingMessage } from 'node:http';
import type { MachineClock } from '../../kit/machine-clock.ts';

/** Why a body was not read to its end; Fastify answers with the status. */
export class BodyRefused extends Error {
  override name = 'BodyRefused';
  readonly statusCode: 400 | 408 | 413;
  constructor(statusCode: 400 | 408 | 413, message: string) {
    super(message);
    this.statusCode = statusCode;
  }
}

/**
 * The bytes of a body as they came. Throws 413 as soon as it grows beyond `limit` bytes, 408 when it is not there after `timeoutMs`
 * milliseconds, 400 when the caller goes away (reliability.md W10).
 */
export function readBody(body: IncomingMessage, a: { limit: number; timeoutMs: number; clock: MachineClock }): Promise<Buffer> {
  return new Promise((resolve, reject) => {
    const chunks: Buffer[] = [];
    let size = 0;
    const end = (fault: BodyRefused | null): void => {
      callOff();
      body.off('data', take).off('end', arrived).off('error', gone).off('close', gone);
      if (fault === null) {
        resolve(chunks.length === 1 ? chunks[0]! : Buffer.concat(chunks, size));
        return;
      }
      // What may still come is thrown away; the connection is closed with the answer.
      body.on('error', () => {}).resume();
      reject(fault);
    };
    const take = (chunk: Buffer): void => {
      size += chunk.length;
      chunks.push(chunk);
      if (size > a.limit) end(new BodyRefused(413, `The body has more than ${a.limit} bytes.`));
    };
    const arrived = (): void => end(null);
    const gone = (): void => end(new BodyRefused(400, 'The body ended before its time.'));
    const callOff = a.clock.after(a.timeoutMs, () => end(new BodyRefused(408, `The body did not arrive in ${a.timeoutMs} ms.`)));
    body.on('data', take).on('end', arrived).on('error', gone).on('close', gone);
    if (Number(body.headers['content-length'] ?? 0) > a.limit) end(new BodyRefused(413, `The body has more than ${a.limit} bytes.`));
  });
}
