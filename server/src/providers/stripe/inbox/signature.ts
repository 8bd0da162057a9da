import { createHmac, timingSafeEqual } from 'node:crypto';
import { SIGNATURE_HEADER_CHARS, SIGNATURE_TOLERANCE_SECONDS, SIGNATURES_PER_HEADER } from '../limits.ts';

/** Why a delivery was refused; one counter each, the answer to the sender never tells. */
export type SignatureFault =
  | 'header_missing'
  | 'header_unreadable'
  | 'timestamp_unreadable'
  | 'timestamp_outside'
  | 'scheme_missing'
  | 'mismatch';

/**
 * Checks a `Stripe-Signature` header over the raw body. Null means genuine.
 * Our own check instead of the SDK's, which accepts future and half-numeric timestamps (reliability.md W6, W7, 10.1).
 * `nowSeconds` is machine time: a simulated environment may stand years away from it.
 */
export function checkSignature(
  header: string | undefined,
  body: Uint8Array,
  secrets: readonly string[],
  nowSeconds: number,
): SignatureFault | null {
  const parsed = parseHeader(header);
  if (typeof parsed === 'string') return parsed;
  if (Math.abs(nowSeconds - Number(parsed.timestamp)) > SIGNATURE_TOLERANCE_SECONDS) return 'timestamp_outside';
  const genuine = secrets.map((secret) => createHmac('sha256', secret).update(`${parsed.timestamp}.`).update(body).digest());
  // Every pair is compared, so that the time taken tells nothing about which secret or signature was right.
  let matches = 0;
  for (const expected of genuine) for (const given of parsed.signatures) if (timingSafeEqual(expected, given)) matches++;
  return matches > 0 ? null : 'mismatch';
}

/** Signs a body as Stripe does; used by the inbox tests and by `stripe listen` rehearsals. */
export function signBody(body: Uint8Array | string, secret: string, timestamp: number | string): string {
  return `t=${timestamp},v1=${createHmac('sha256', secret).update(`${timestamp}.`).update(body).digest('hex')}`;
}

type Parsed = { timestamp: string; signatures: Buffer[] };

function parseHeader(header: string | undefined): Parsed | SignatureFault {
  if (!header) return 'header_missing';
  if (header.length > SIGNATURE_HEADER_CHARS) return 'header_unreadable';
  const timestamps: string[] = [];
  const signatures: Buffer[] = [];
  let schemes = 0;
  for (const part of header.split(',')) {
    const at = part.indexOf('=');
    if (at < 0) return 'header_unreadable';
    const name = part.slice(0, at).trim();
    const value = part.slice(at + 1).trim();
    if (name === 't') timestamps.push(value);
    if (name !== 'v1') continue;
    schemes++;
    if (/^[0-9a-f]{64}$/i.test(value)) signatures.push(Buffer.from(value, 'hex'));
  }
  const [timestamp] = timestamps;
  if (timestamps.length !== 1 || timestamp === undefined || !/^[0-9]{1,12}$/.test(timestamp)) return 'timestamp_unreadable';
  if (schemes > SIGNATURES_PER_HEADER) return 'header_unreadable';
  if (signatures.length === 0) return 'scheme_missing';
  return { timestamp, signatures };
}
