/** The one place that builds bodies. An error always has an `error` member: the SDK resolves anything else, whatever the status [K 3]. */
import { OAuthError, StripeError } from '../kernel/errors.ts';
import { publicCopy } from '../kernel/event.ts';

/** What the entry answers, before it becomes a Response or goes down a socket. */
export type Reply = { status: number; headers: Record<string, string>; body: string | Uint8Array; drop?: boolean; hang?: boolean };

export function jsonReply(status: number, body: unknown, headers: Record<string, string> = {}): Reply {
  return { status, headers: { 'content-type': 'application/json', ...headers }, body: JSON.stringify(body, null, 2) };
}

/** Any thrown thing as a reply; what is not a refusal becomes a 500 api_error without its inner text. */
export function errorReply(error: unknown, requestId: string, publicUrl: string, pathname = ''): Reply {
  if (error instanceof OAuthError) return jsonReply(error.status, { error: error.code, error_description: error.message });
  const refusal = error instanceof StripeError ? error : internalError();
  if (isV2(pathname)) return jsonReply(refusal.status, { error: v2Body(refusal) }, refusal.headers);
  const { code } = refusal.body;
  const body = {
    ...(publicCopy(refusal.body) as object),
    ...(code === undefined ? {} : { doc_url: `https://stripe.com/docs/error-codes/${code.replaceAll('_', '-')}` }),
    request_log_url: `${publicUrl}/_sandbox/requests/${requestId}`,
  };
  return jsonReply(refusal.status, { error: body }, refusal.headers);
}

export function isV2(pathname: string): boolean {
  return pathname.startsWith('/v2/');
}

/** v2 errors always have a code and never a `param` (docs.stripe.com/api-v2-overview). */
function v2Body(refusal: StripeError): object {
  const { type, message, code } = refusal.body;
  return {
    type,
    code: V2_CODES[code ?? ''] ?? (code?.startsWith('parameter') ? 'invalid_fields' : (code ?? fallbackCode(refusal.status))),
    message,
  };
}

const V2_CODES: Record<string, string> = { resource_missing: 'not_found', url_invalid: 'invalid_fields' };

function fallbackCode(status: number): string {
  if (status === 401) return 'unauthenticated';
  if (status === 403) return 'forbidden';
  if (status === 404) return 'not_found';
  return status < 500 ? 'invalid_fields' : 'internal_error';
}

export function internalError(): StripeError {
  return new StripeError(500, { type: 'api_error', message: 'An unknown error occurred in the Stripe Sandbox; its log has the details.' });
}
