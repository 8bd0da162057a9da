/**
 * Errors are of three kinds: refusals (this file; they reach the caller as status, code, message, param, fix),
 * outcomes (result.ts) and trouble (anything else that is thrown: the job retries, the caller sees a 5xx).
 */
export class Refusal extends Error {
  override name = 'Refusal';
  readonly status: number;
  readonly code: string;
  readonly param: string | undefined;
  readonly fix: string | undefined;
  readonly headers: Readonly<Record<string, string>>;

  constructor(a: RefusalInput) {
    super(a.message);
    this.status = a.status ?? 400;
    this.code = a.code;
    this.param = a.param;
    this.fix = a.fix;
    this.headers = a.headers ?? {};
  }
}

export type RefusalInput = {
  status?: number;
  code: string;
  message: string;
  param?: string | undefined;
  fix?: string | undefined;
  headers?: Record<string, string>;
};

/** Ends the request with a refusal that names the fact and the fix. Default status 400. */
export function refuse(a: RefusalInput): never {
  throw new Refusal(a);
}

/** 404 for an object the caller may not know: the same words whether it is missing or belongs to another environment. */
export function notFound(what: string, id: string): never {
  refuse({ status: 404, code: 'not_found', message: `No ${what} ${id}.` });
}

/** The code of a PostgreSQL error (`23505`), or null. */
export function sqlState(error: unknown): string | null {
  const code = (error as { code?: unknown } | null)?.code;
  return typeof code === 'string' && /^[0-9A-Z]{5}$/.test(code) ? code : null;
}

/** True where the insert met an existing row of that unique index. */
export function isUniqueViolation(error: unknown, constraint?: string): boolean {
  return sqlState(error) === '23505' && (constraint === undefined || (error as { constraint?: string }).constraint === constraint);
}

/** The message of anything thrown, for logs and stored errors. */
export function messageOf(error: unknown): string {
  return error instanceof Error ? error.message : String(error);
}
