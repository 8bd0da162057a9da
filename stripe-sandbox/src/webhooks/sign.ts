/** `Stripe-Signature`: HMAC-SHA256 over `<t>.<body>`, scheme v1, one v1 per active secret [S 3.8]. */
import { createHmac } from 'node:crypto';

export function signatureHeader(body: string, secrets: string[], timestamp: number): string {
  const signatures = secrets.map((secret) => `v1=${createHmac('sha256', secret).update(`${timestamp}.${body}`).digest('hex')}`);
  return [`t=${timestamp}`, ...signatures].join(',');
}
