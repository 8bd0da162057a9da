export type DiffLine = { kind: 'same' | 'added' | 'removed'; text: string };

/** Templates have at most some thousand lines; beyond this the table would be too large and everything counts as changed. */
const MAX_CELLS = 4_000_000;

/** Lines of two texts, the common ones in common (longest common subsequence). */
export function diffLines(before: string, after: string): DiffLine[] {
  const old = before.split('\n');
  const fresh = after.split('\n');
  if (old.length * fresh.length > MAX_CELLS) return [...old.map(line('removed')), ...fresh.map(line('added'))];
  const common = commonLengths(old, fresh);
  const lines: DiffLine[] = [];
  let i = 0;
  let j = 0;
  while (i < old.length || j < fresh.length) {
    if (i < old.length && j < fresh.length && old[i] === fresh[j]) {
      lines.push(line('same')(old[i] ?? ''));
      i += 1;
      j += 1;
    } else if (j >= fresh.length || (i < old.length && at(common, i + 1, j) >= at(common, i, j + 1))) {
      lines.push(line('removed')(old[i] ?? ''));
      i += 1;
    } else {
      lines.push(line('added')(fresh[j] ?? ''));
      j += 1;
    }
  }
  return lines;
}

/** [i][j]: how many lines the rests of both have in common. */
function commonLengths(old: string[], fresh: string[]): number[][] {
  const table = Array.from({ length: old.length + 1 }, () => new Array<number>(fresh.length + 1).fill(0));
  for (let i = old.length - 1; i >= 0; i -= 1) {
    for (let j = fresh.length - 1; j >= 0; j -= 1) {
      const row = table[i];
      if (row) row[j] = old[i] === fresh[j] ? at(table, i + 1, j + 1) + 1 : Math.max(at(table, i + 1, j), at(table, i, j + 1));
    }
  }
  return table;
}

const at = (table: number[][], i: number, j: number) => table[i]?.[j] ?? 0;
const line = (kind: DiffLine['kind']) => (text: string) => ({ kind, text });
