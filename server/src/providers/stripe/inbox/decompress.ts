import { promisify } from 'node:util';
import { gunzip } from 'node:zlib';
import { refuse } from '../../../kit/errors.ts';
import { WEBHOOK_BODY_BYTES } from '../limits.ts';

const inflate = promisify(gunzip);

/** The body as it was signed: plain, or unpacked from gzip up to 1 MiB. Refuses other encodings (415), bombs (413) and broken archives (400). */
export async function decompressed(body: Uint8Array, encoding: string | undefined): Promise<Uint8Array> {
  const name = (encoding ?? 'identity').trim().toLowerCase();
  if (name === 'identity' || name === '') return body;
  if (name !== 'gzip') refuse({ status: 415, code: 'unsupported_encoding', message: 'A delivery is sent plain or with gzip.' });
  try {
    return await inflate(body, { maxOutputLength: WEBHOOK_BODY_BYTES });
  } catch (error) {
    if ((error as { code?: string }).code === 'ERR_BUFFER_TOO_LARGE')
      refuse({ status: 413, code: 'body_too_large', message: 'A delivery has at most 1 MiB.' });
    refuse({ status: 400, code: 'unreadable_body', message: 'The delivery could not be unpacked.' });
  }
}
