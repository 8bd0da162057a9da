/** Two accounts of one scenario: ids and times made comparable, then told apart line by line. */
import type { Seen } from './story.ts';

const ID = /\b[a-z]{2,10}(?:_test)?_[A-Za-z0-9]{14,}\b/g;

/** Ids become the number of their first appearance. */
export function normal(seen: Seen[]): Seen[] {
  const names = new Map<string, string>();
  const rename = (id: string) => {
    if (!names.has(id)) names.set(id, `${id.slice(0, id.indexOf('_'))}_#${names.size + 1}`);
    return names.get(id)!;
  };
  return JSON.parse(JSON.stringify(seen).replace(ID, rename)) as Seen[];
}

/** `label: sandbox … | stripe …` for everything that is not the same. */
export function diff(sandbox: Seen[], stripe: Seen[]): string[] {
  const [ours, theirs] = [normal(sandbox), normal(stripe)];
  const lines: string[] = [];
  for (let at = 0; at < Math.max(ours.length, theirs.length); at += 1) {
    const [mine, other] = [ours[at], theirs[at]];
    if (mine?.label !== other?.label) return [...lines, `step ${at + 1}: sandbox ${mine?.label} | stripe ${other?.label}`];
    lines.push(...values(mine?.value, other?.value, mine?.label ?? ''));
  }
  return lines;
}

function values(mine: unknown, other: unknown, at: string): string[] {
  if (isPlain(mine) && isPlain(other)) {
    const names = [...new Set([...Object.keys(mine), ...Object.keys(other)])];
    return names.flatMap((name) => values(mine[name], other[name], `${at}.${name}`));
  }
  if (Array.isArray(mine) && Array.isArray(other) && mine.length === other.length)
    return mine.flatMap((item, index) => values(item, other[index], `${at}[${index}]`));
  return JSON.stringify(mine) === JSON.stringify(other) ? [] : [`${at}: sandbox ${JSON.stringify(mine)} | stripe ${JSON.stringify(other)}`];
}

function isPlain(value: unknown): value is Record<string, unknown> {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}
