import type { IncomingMessage } from 'node:http';
import type { MachineClock } from '../../kit/machine-clock.ts';
import type { Slots } from '../../kit/slots.ts';

/** Why a body was not read to its end; Fastify answers with the status. */
export class BodyRefused extends Error {
  override name = 'BodyRefused';
  readonly statusCode: 400 | 408 | 413;
  constructor(statusCode: 400 | 408 | 413, message: string) {
    super(message);
    this.statusCode = statusCode;
  }
}

/** Up to here anybody's body is read at once; nearly all deliveries are smaller. */
export const SMALL_BYTES = 64 * 1024;

/** `large`: bodies beyond SMALL_BYTES are held by so many callers at once, so that many callers do not add up to much memory. */
export type ReadInput = { limit: number; timeoutMs: number; clock: MachineClock; large: Slots };

/**
 * The bytes of a body as they came. Throws 413 as soon as it grows beyond `limit` bytes, 408 when it is not there after `timeoutMs`
 * milliseconds, 400 when the caller goes away (reliability.md W10).
 */
export function readBody(body: IncomingMessage, a: ReadInput): Promise<Buffer> {
  return new Promise((resolve, reject) => {
    const chunks: Buffer[] = [];
    const over = new AbortController();
    let size = 0;
    let isLarge = false;
    let giveBack: (() => void) | null = null;
    const end = (fault: BodyRefused | null): void => {
      callOff();
      over.abort();
      body.off('data', take).off('end', arrived).off('error', gone).off('close', gone);
      if (fault === null) resolve(chunks.length === 1 ? chunks[0]! : Buffer.concat(chunks, size));
      else {
        chunks.length = 0;
        // Nothing more is taken from the network; the connection is closed with the answer.
        body.on('error', () => {}).pause();
        reject(fault);
      }
      giveBack?.();
    };
    const take = (chunk: Buffer): void => {
      size += chunk.length;
      chunks.push(chunk);
      if (size > a.limit) end(new BodyRefused(413, `The body has more than ${a.limit} bytes.`));
      else if (size > SMALL_BYTES && !isLarge) void becomeLarge();
    };
    /** Until it has a slot, nothing more of it is taken from the network. */
    const becomeLarge = async (): Promise<void> => {
      isLarge = true;
      body.pause();
      giveBack = await a.large.take(over.signal);
      if (over.signal.aborted) giveBack?.();
      else body.resume();
    };
    const arrived = (): void => end(null);
    const gone = (): void => end(new BodyRefused(400, 'The body ended before its time.'));
    const callOff = a.clock.after(a.timeoutMs, () => end(new BodyRefused(408, `The body did not arrive in ${a.timeoutMs} ms.`)));
    body.on('data', take).on('end', arrived).on('error', gone).on('close', gone);
    if (Number(body.headers['content-length'] ?? 0) > a.limit) end(new BodyRefused(413, `The body has more than ${a.limit} bytes.`));
  });
}
