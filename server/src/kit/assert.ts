/** A promise between our own functions. Its failure is a bug of ours, never a refusal to a caller. */
export class AssertionFailed extends Error {
  override name = 'AssertionFailed';
}

/** Throws AssertionFailed unless `condition` holds; narrows types. */
export function assert(condition: unknown, message: string): asserts condition {
  if (!condition) throw new AssertionFailed(message);
}

/** The value, or AssertionFailed where it is null or undefined. */
export function present<T>(value: T | null | undefined, what: string): T {
  assert(value !== null && value !== undefined, `${what} is missing`);
  return value;
}

/** Marks a branch the compiler has proved unreachable. */
export function unreachable(value: never): never {
  throw new AssertionFailed(`Unexpected value: ${String(value)}`);
}
