/** A route's family: the file its parameters live in. `/v1/test_helpers/test_clocks/{id}` belongs to `test_helpers/test_clocks`,
 * `/v2/core/events/{id}` to `v2/core/events`. */
const TWO_SEGMENTS = new Set(['radar', 'test_helpers']);

export function familyOf(path: string): string {
  const [version, first = '', second = ''] = path.split('/').filter((segment) => segment !== '');
  if (version === 'v2') return `v2/${first}/${second}`;
  if (version !== 'v1') return version ?? '';
  return TWO_SEGMENTS.has(first) ? `${first}/${second}` : first;
}
