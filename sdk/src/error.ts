/** What the server answered instead of a result: `code` for programs, `message` and `fix` for people. */
export class BillowError extends Error {
  override name = 'BillowError';
  /** HTTP status; 0 where no answer came (no network, server down). */
  readonly status: number;
  /** Stable name of the refusal, such as `mode_mismatch`; `network` where no answer came, `unreadable` where it was not ours. */
  readonly code: string;
  /** The field of the request that it speaks of. */
  readonly param: string | null;
  /** What to do about it. */
  readonly fix: string | null;
  /** For the server's log. */
  readonly requestId: string | null;
  /** What else the answer says, such as `lint`. */
  readonly detail: Readonly<Record<string, unknown>>;

  constructor(a: {
    status: number;
    code: string;
    message: string;
    param?: string | null;
    fix?: string | null;
    requestId?: string | null;
    detail?: Record<string, unknown>;
  }) {
    super(a.message);
    this.status = a.status;
    this.code = a.code;
    this.param = a.param ?? null;
    this.fix = a.fix ?? null;
    this.requestId = a.requestId ?? null;
    this.detail = a.detail ?? {};
  }
}

/** The error of an answer outside 200–299; an answer that is not our envelope (a proxy's page) becomes `unreadable`. */
export async function errorOf(response: Response): Promise<BillowError> {
  const { status } = response;
  const body: unknown = await response.json().catch(() => null);
  const error = isRecord(body) && isRecord(body.error) ? body.error : null;
  if (error === null) {
    const message = isRecord(body) && typeof body.message === 'string' ? body.message : `The server answered ${status}.`;
    const code = isRecord(body) && typeof body.code === 'string' ? body.code.toLowerCase() : 'unreadable';
    return new BillowError({ status, code, message });
  }
  const { code, message, param, fix, request_id: requestId, ...more } = error;
  const { error: _error, ...beside } = body as Record<string, unknown>;
  return new BillowError({
    status,
    code: text(code) ?? 'unknown',
    message: text(message) ?? `The server answered ${status}.`,
    param: text(param),
    fix: text(fix),
    requestId: text(requestId),
    detail: { ...beside, ...more },
  });
}

function isRecord(value: unknown): value is Record<string, unknown> {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

function text(value: unknown): string | null {
  return typeof value === 'string' ? value : null;
}
