/** Filters live in the address: what is not a text is left out, and an empty text is no filter. */
export function texts<const K extends string>(search: Record<string, unknown>, keys: readonly K[]): { [P in K]?: string | undefined } {
  const found: { [P in K]?: string | undefined } = {};
  for (const key of keys) {
    const value = search[key];
    if (typeof value === 'string' && value !== '') found[key] = value;
    if (typeof value === 'number') found[key] = String(value);
  }
  return found;
}
