import { type Billow, BillowError, createBillow } from '@billow/sdk';

/** The API on the page's own origin; the session cookie signs in, the environment is named per call. */
export function apiFor(environmentId: string | null): Billow {
  return createBillow({ url: '', environment: () => environmentId, timeoutSeconds: CALL_SECONDS });
}

/** An advance of the clock answers when it has arrived: months may take minutes. */
const CALL_SECONDS = 600;

export function isSignedOut(error: unknown): boolean {
  return error instanceof BillowError && error.status === 401;
}

export function codeOf(error: unknown): string | null {
  return error instanceof BillowError ? error.code : null;
}
