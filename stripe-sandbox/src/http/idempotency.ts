/** Idempotency keys of v1: the first result, errors included, is replayed for 24 hours; validation failures are not kept [S 3.9]. */
import { createHash } from 'node:crypto';
import { StripeError } from '../kernel/errors.ts';
import type { Params } from '../kernel/types.ts';
import type { IdempotencyRow } from '../store/port.ts';
import type { Reply } from './answer.ts';

const MAX_KEY = 255;
export const IDEMPOTENCY_LIFETIME_MS = 24 * 3_600_000;

/** The same parameters in any order give the same hash: the CLI's field order varies. */
export function hashOf(params: Params): string {
  return createHash('sha256').update(canonical(params)).digest('base64url');
}

export function checkKeyLength(key: string): void {
  if (key.length <= MAX_KEY) return;
  throw new StripeError(
    400,
    { type: 'invalid_request_error', message: `Idempotency keys may not be longer than ${MAX_KEY} characters.` },
    { validation: true },
  );
}

/** Two requests with one key at the same time: the second is told to come back. */
export function keyInUse(key: string): StripeError {
  const message = `There is currently another in-progress request using this Idempotent Key (that probably means you submitted twice, and the other request is still going through): ${key}. Please try again later.`;
  return new StripeError(409, { type: 'idempotency_error', code: 'idempotency_key_in_use', message }, { validation: true });
}

/** The stored answer, or a refusal when the key was first used for something else. */
export function replay(row: IdempotencyRow, request: { route: string; hash: string }): Reply {
  if (row.route !== request.route) {
    const [now, then] = [request.route.split(' ')[1], row.route.split(' ')[1]];
    throw mismatch(
      `Keys for idempotent requests can only be used for the same endpoint they were first used for ('${now}' vs '${then}'). Try using a key other than '${row.key}' if you meant to execute a different request.`,
    );
  }
  if (row.hash !== request.hash) {
    throw mismatch(
      `Keys for idempotent requests can only be used with the same parameters they were first used with. Try using a key other than '${row.key}' if you meant to execute a different request.`,
    );
  }
  return { status: row.status, headers: { ...row.headers, 'idempotent-replayed': 'true' }, body: row.body };
}

function mismatch(message: string): StripeError {
  return new StripeError(400, { type: 'idempotency_error', message }, { validation: true });
}

function canonical(value: unknown): string {
  if (value === null || typeof value !== 'object') return JSON.stringify(value) ?? 'null';
  if (Array.isArray(value)) return `[${value.map(canonical).join(',')}]`;
  const fields = Object.entries(value)
    .filter(([, item]) => item !== undefined)
    .sort(([a], [b]) => (a < b ? -1 : 1));
  return `{${fields.map(([key, item]) => `${JSON.stringify(key)}:${canonical(item)}`).join(',')}}`;
}
