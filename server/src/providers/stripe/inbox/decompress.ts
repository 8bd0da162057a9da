import { createGunzip } from 'node:zlib';
import { refuse } from '../../../kit/errors.ts';
import type { Slots } from '../../../kit/slots.ts';
import { WEBHOOK_BODY_BYTES } from '../limits.ts';

const PIECE_BYTES = 64 * 1024;

/** The body as it was signed: plain, or unpacked from gzip up to 1 MiB. Refuses other encodings (415), bombs (413) and broken archives (400). */
export async function decompressed(body: Uint8Array, a: { encoding: string | undefined; slots: Slots }): Promise<Uint8Array> {
  const name = (a.encoding ?? 'identity').trim().toLowerCase();
  if (name === 'identity' || name === '') return body;
  if (name !== 'gzip') refuse({ status: 415, code: 'unsupported_encoding', message: 'A delivery is sent plain or with gzip.' });
  const giveBack = await a.slots.take();
  try {
    return await unpack(body);
  } finally {
    giveBack?.();
  }
}

/** Ends at the first byte too many: what a bomb would still bring is never made. */
async function unpack(body: Uint8Array): Promise<Uint8Array> {
  const pieces: Buffer[] = [];
  let size = 0;
  const archive = createGunzip({ chunkSize: PIECE_BYTES });
  archive.end(body);
  try {
    for await (const piece of archive as AsyncIterable<Buffer>) {
      size += piece.length;
      if (size > WEBHOOK_BODY_BYTES) break;
      pieces.push(piece);
    }
  } catch {
    refuse({ status: 400, code: 'unreadable_body', message: 'The delivery could not be unpacked.' });
  }
  if (size > WEBHOOK_BODY_BYTES) refuse({ status: 413, code: 'body_too_large', message: 'A delivery has at most 1 MiB.' });
  return Buffer.concat(pieces, size);
}
