/**
 * The one shape every refusal of Stripe takes inside Billow (reliability.md 10.1). `unknown` means: it may have happened, read before acting;
 * no code may turn it into "failed".
 */
export type FailureKind =
  | 'declined'
  | 'invalid'
  | 'missing'
  | 'forbidden'
  | 'revoked'
  | 'rate_limited'
  | 'key_in_flight'
  | 'key_mismatch'
  | 'oauth'
  | 'not_allowed_here'
  | 'unknown';

export type FailureDetail = {
  kind: FailureKind;
  message: string;
  status?: number | null;
  code?: string | null;
  declineCode?: string | null;
  adviceCode?: string | null;
  param?: string | null;
  /** Stripe's name of the right that is missing, `rak_customer_read`. */
  permission?: string | null;
  /** The account a refused restricted key belongs to, as named by the refusal. */
  accountId?: string | null;
  requestId?: string | null;
  retryAfterSeconds?: number | null;
  /** Stripe's own word on whether the same request may be sent again (`Stripe-Should-Retry`); null where it says nothing. */
  shouldRetry?: boolean | null;
};

/** Thrown by every call of the Stripe client that did not answer what was asked for. The message never holds a secret. */
export class StripeFailure extends Error {
  readonly detail: FailureDetail;
  constructor(detail: FailureDetail) {
    super(detail.message);
    this.name = 'StripeFailure';
    this.detail = detail;
  }
  get kind(): FailureKind {
    return this.detail.kind;
  }
}

/** True for a StripeFailure of one of the kinds. */
export function isFailure(error: unknown, ...kinds: FailureKind[]): error is StripeFailure {
  return error instanceof StripeFailure && (kinds.length === 0 || kinds.includes(error.kind));
}

/** What the SDK throws, as far as we read it. */
type SdkError = {
  statusCode?: unknown;
  rawType?: unknown;
  code?: unknown;
  decline_code?: unknown;
  advice_code?: unknown;
  param?: unknown;
  message?: unknown;
  requestId?: unknown;
  headers?: Record<string, unknown>;
};

/** Translates whatever the SDK threw; the class is chosen by status and code, never by the SDK's error class (stripe-sdk-23.md 3). */
export function toFailure(thrown: unknown): StripeFailure {
  if (thrown instanceof StripeFailure) return thrown;
  const error = (typeof thrown === 'object' && thrown !== null ? thrown : {}) as SdkError;
  const status = typeof error.statusCode === 'number' ? error.statusCode : null;
  const code = text(error.code);
  const message = redact(text(error.message) ?? 'Stripe could not be reached.');
  return new StripeFailure({
    kind: kindOf(status, code, text(error.rawType)),
    message,
    status,
    code,
    declineCode: text(error.decline_code),
    adviceCode: text(error.advice_code),
    param: text(error.param),
    permission: /\brak_[a-z_]+/.exec(message)?.[0] ?? null,
    accountId: /\bacct_[A-Za-z0-9]+/.exec(message)?.[0] ?? null,
    requestId: text(error.requestId),
    retryAfterSeconds: retryAfter(error.headers),
    shouldRetry: shouldRetry(error.headers),
  });
}

function kindOf(status: number | null, code: string | null, rawType: string | null): FailureKind {
  if (rawType !== null && OAUTH_ERRORS.has(rawType)) return 'oauth';
  if (status === null) return 'unknown';
  if (code === 'idempotency_key_in_use') return 'key_in_flight';
  if (rawType === 'idempotency_error') return 'key_mismatch';
  if (code === 'resource_missing') return 'missing';
  // A platform key whose grant was taken away is told 403 with this code.
  if (status === 401 || code === 'account_invalid') return 'revoked';
  if (status === 402) return 'declined';
  if (status === 403) return 'forbidden';
  if (status === 429 || code === 'rate_limit' || code === 'lock_timeout') return 'rate_limited';
  if (status === 409) return 'key_in_flight';
  if (status >= 400 && status < 500) return 'invalid';
  return 'unknown';
}

const OAUTH_ERRORS = new Set([
  'invalid_grant',
  'invalid_client',
  'invalid_request',
  'invalid_scope',
  'unsupported_grant_type',
  'unsupported_response_type',
]);

function shouldRetry(headers: Record<string, unknown> | undefined): boolean | null {
  const value = headers?.['stripe-should-retry'];
  return value === 'true' ? true : value === 'false' ? false : null;
}

function retryAfter(headers: Record<string, unknown> | undefined): number | null {
  const value = Number(headers?.['retry-after']);
  return Number.isFinite(value) && value >= 0 ? value : null;
}

function text(value: unknown): string | null {
  return typeof value === 'string' && value !== '' ? value : null;
}

/** Stripe repeats a part of the key in its 401 message. */
function redact(message: string): string {
  return message.replaceAll(/\b(sk|rk|pk|whsec|ac|rt)_[A-Za-z0-9_*]+/g, '$1_[secret]').slice(0, 500);
}
