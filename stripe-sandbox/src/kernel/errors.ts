/** Stripe's errors, in Stripe's words. The HTTP entry turns a thrown StripeError into `{ error: … }`; anything else becomes a 500 `api_error`. */
import type { Doc } from './types.ts';

export type ErrorType =
  | 'api_error'
  | 'card_error'
  | 'idempotency_error'
  | 'invalid_request_error'
  | 'rate_limit_error'
  | 'temporary_session_expired';

export type ErrorBody = {
  type: ErrorType;
  message: string;
  code?: string;
  param?: string;
  decline_code?: string;
  advice_code?: string;
  charge?: string;
  payment_intent?: Doc;
  payment_method?: Doc;
  setup_intent?: Doc;
};

export type ErrorOptions = {
  /** Commits what the transaction changed although the answer is an error: a declined card leaves its PaymentIntent and charge behind. */
  commit?: boolean;
  /** Refused before anything ran: the answer is not stored under the idempotency key. */
  validation?: boolean;
  headers?: Record<string, string>;
};

/** A refusal with Stripe's status and body. Thrown by handlers; `commit` decides whether the changes stay. */
export class StripeError extends Error {
  readonly status: number;
  readonly body: ErrorBody;
  readonly commit: boolean;
  readonly validation: boolean;
  readonly headers: Record<string, string>;
  constructor(status: number, body: ErrorBody, options: ErrorOptions = {}) {
    super(body.message);
    this.status = status;
    this.body = body;
    this.commit = options.commit ?? false;
    this.validation = options.validation ?? false;
    this.headers = options.headers ?? {};
  }
}

/** OAuth endpoints answer `{ error, error_description }` instead. */
export class OAuthError extends Error {
  readonly status: number;
  readonly code: string;
  constructor(code: string, description: string, status = 400) {
    super(description);
    this.code = code;
    this.status = status;
  }
}

/** What Stripe calls an object in "No such …". */
const OBJECT_LABELS: Record<string, string> = {
  payment_method: 'PaymentMethod',
  setup_intent: 'setupintent',
  promotion_code: 'promotion code',
};

/** 404 for the object in the path (no `param` given), 400 for an id in a parameter. */
export function resourceMissing(object: string, id: string, options: { param?: string; status?: number } = {}): StripeError {
  const message = `No such ${OBJECT_LABELS[object] ?? object}: '${id}'`;
  const status = options.status ?? (options.param === undefined ? 404 : 400);
  return new StripeError(status, { type: 'invalid_request_error', code: 'resource_missing', message, param: options.param ?? 'id' });
}

/** 400 refusal with or without a code and a param. Executed handlers use it for business rules. */
export function invalidRequest(message: string, options: { code?: string; param?: string; status?: number } = {}): StripeError {
  const { status = 400, ...rest } = options;
  return new StripeError(status, { type: 'invalid_request_error', message, ...rest });
}

export function parameterMissing(param: string): StripeError {
  return validation('parameter_missing', param, `Missing required param: ${param}.`);
}

/** '' unsets a parameter, and this one cannot be unset. */
export function parameterEmpty(param: string): StripeError {
  const message = `You passed an empty string for '${param}'. We assume empty values are an attempt to unset a parameter; however '${param}' cannot be unset. You should remove '${param}' from your request or supply a non-empty value.`;
  return validation('parameter_invalid_empty', param, message);
}

export function parameterUnknown(params: string[], suggestion?: string): StripeError {
  const [first = ''] = params;
  const hint = suggestion === undefined ? '' : `. Did you mean ${suggestion}?`;
  const message = params.length > 1 ? `Received unknown parameters: ${params.join(', ')}` : `Received unknown parameter: ${first}${hint}`;
  return validation('parameter_unknown', first, message);
}

export function parameterInvalid(param: string, message: string, code?: string): StripeError {
  return validation(code, param, message);
}

/** Both of an exclusive pair were sent. */
export function parametersExclusive(a: string, b: string): StripeError {
  const message = `You may only specify one of these parameters: ${a}, ${b}.`;
  return new StripeError(400, { type: 'invalid_request_error', code: 'parameters_exclusive', message, param: a }, { validation: true });
}

/** A known route or parameter that has no behaviour here (the Sandbox never pretends). */
export function notEmulated(what: string, param?: string): StripeError {
  const status = param === undefined ? 404 : 400;
  const message = `${what} is not emulated by the Stripe Sandbox.`;
  const body: ErrorBody = {
    type: 'invalid_request_error',
    code: 'sandbox_not_emulated',
    message,
    ...(param === undefined ? {} : { param }),
  };
  return new StripeError(status, body, { validation: true });
}

/** 402: the card was refused. Commits by default, so the failed charge and the PaymentIntent's new state stay. */
export function cardError(
  body: Omit<ErrorBody, 'type' | 'message'> & { code: string; message: string },
  options: { commit?: boolean } = {},
): StripeError {
  return new StripeError(402, { type: 'card_error', ...body }, { commit: options.commit ?? true });
}

/** 400 for an operation the object's status forbids: `payment_intent_unexpected_state`, `invoice_not_editable`, … */
export function unexpectedState(code: string, message: string, extra: Partial<ErrorBody> = {}): StripeError {
  return new StripeError(400, { type: 'invalid_request_error', code, message, ...extra });
}

function validation(code: string | undefined, param: string, message: string): StripeError {
  const body: ErrorBody = { type: 'invalid_request_error', message, param, ...(code === undefined ? {} : { code }) };
  return new StripeError(400, body, { validation: true });
}
