/** An outcome that is part of the business: a declined card is a value, not an exception (architecture.md, Errors). */
export type Result<T, E> = { ok: true; value: T } | { ok: false; error: E };

/** A success. */
export function ok<T>(value: T): { ok: true; value: T } {
  return { ok: true, value };
}

/** A failure that the caller has to look at. */
export function err<E>(error: E): { ok: false; error: E } {
  return { ok: false, error };
}
