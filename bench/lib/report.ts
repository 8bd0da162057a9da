import { cpus } from 'node:os';

export type Row = { name: string; ours: string; floor: string; ratio: number; target: string; reached: boolean };

/** Middle of the rounds: a single slow round on a shared machine does not decide a figure. */
export function median(values: readonly number[]): number {
  const sorted = [...values].sort((a, b) => a - b);
  return sorted[Math.floor(sorted.length / 2)] ?? Number.NaN;
}

/** Prints the figures as a table with the machine they were measured on. */
export function printReport(rows: readonly Row[]): void {
  const table = [['figure', 'ours', 'floor', 'ratio', 'target', ''], ...rows.map(cells)];
  const widths = [0, 1, 2, 3, 4, 5].map((column) => Math.max(...table.map((row) => row[column]?.length ?? 0)));
  for (const row of table) console.log(row.map((cell, column) => cell.padEnd(widths[column] ?? 0)).join('  '));
  console.log(
    `\n${cpus().length} × ${cpus()[0]?.model ?? 'unknown processor'}, Node ${process.version}, ${process.platform} ${process.arch}`,
  );
}

function cells(row: Row): string[] {
  return [row.name, row.ours, row.floor, row.ratio.toFixed(2), row.target, row.reached ? 'reached' : 'MISSED'];
}
