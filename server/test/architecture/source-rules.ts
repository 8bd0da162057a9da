import type { FileFacts } from './facts.ts';
import type { Rule } from './import-rules.ts';
import type { SourceText } from './tree.ts';

const MAX_FILE_LINES = 400;
const MAX_FUNCTION_LINES = 70;
const MAX_INDEX_LINES = 40;
const MAX_MAIN_LINES = 120;
const MAX_ROOM_README_LINES = 40;

/** Clocks, chance and timers enter through kit/ in the server and through ports.ts in the Sandbox: elsewhere they break replay. */
export const effectsOnlyInPorts: Rule = (files) =>
  files
    .filter(
      (file) =>
        !file.isTest &&
        /^(server|stripe-sandbox)\/src\//.test(file.path) &&
        !/^(server\/src\/kit\/|stripe-sandbox\/src\/ports\.ts$)/.test(file.path),
    )
    .flatMap((file) =>
      file.effects.map(
        ({ name, line }) => `${file.path}:${line}: ${name} belongs in ${file.path.startsWith('server/') ? 'kit/' : 'ports.ts'}`,
      ),
    );

export const fileBudget: Rule = (files) =>
  written(files)
    .filter((file) => file.lines > MAX_FILE_LINES)
    .map((file) => `${file.path}: ${file.lines} lines, at most ${MAX_FILE_LINES}`);

/** A test file's describe() is a container, so only source is measured. */
export const functionBudget: Rule = (files) =>
  written(files)
    .filter((file) => !file.isTest)
    .flatMap((file) =>
      file.functions
        .filter(({ lines }) => lines > MAX_FUNCTION_LINES)
        .map(({ name, line, lines }) => `${file.path}:${line}: ${name} has ${lines} lines, at most ${MAX_FUNCTION_LINES}`),
    );

export const indexBudget: Rule = (files) =>
  written(files)
    .filter((file) => /(^|\/)index\.ts$/.test(file.path) && file.lines > MAX_INDEX_LINES)
    .map((file) => `${file.path}: ${file.lines} lines, a front door has at most ${MAX_INDEX_LINES}`);

export const mainBudget: Rule = (files) =>
  files
    .filter((file) => file.path === 'server/src/main.ts' && file.lines > MAX_MAIN_LINES)
    .map((file) => `${file.path}: ${file.lines} lines, at most ${MAX_MAIN_LINES}`);

/** A test that is left out, or that leaves the others out, tells a lie about the suite (`skipIf` says its reason and is fine). */
export const noHeldTests: Rule = (files) =>
  files.flatMap((file) => file.heldTests.map(({ name, line }) => `${file.path}:${line}: ${name}`));

/** Work that is promised in a comment is not done. */
export function noPromises(texts: SourceText[]): string[] {
  const promise = new RegExp(`\\b(${['TO' + 'DO', 'FIX' + 'ME', 'X' + 'XX', 'HA' + 'CK'].join('|')})\\b`);
  return eachLine(texts, (line) => (promise.test(line) ? 'do it, or write an issue' : null));
}

/** A path of somebody's machine works on that machine only. */
export function noMachinePaths(texts: SourceText[]): string[] {
  const machine = new RegExp(`(^|[\\s'"\`(=:,<>])/(${['work', 'root', 'home', 'Users'].join('|')})/[\\w.-]|[A-Z]:\\\\Users\\\\`);
  return eachLine(texts, (line) => (machine.test(line) ? 'an absolute path of one machine' : null));
}

/** A room's README fits on a screen. */
export function readmeBudget(texts: SourceText[]): string[] {
  return texts
    .filter(({ path }) => /^server\/src\/[^/]+\/README\.md$/.test(path))
    .filter(({ text }) => text.trimEnd().split('\n').length > MAX_ROOM_README_LINES)
    .map(({ path }) => `${path}: more than ${MAX_ROOM_README_LINES} lines`);
}

export type SizeReport = { sourceLines: number; testLines: number; fileMedian: number; file90: number; functionMedian: number };

/** The figures behind the soft budgets of architecture.md, for one package or all. */
export function sizeReport(files: FileFacts[]): SizeReport {
  const source = written(files).filter((file) => !file.isTest);
  const lengths = source.map((file) => file.lines);
  const total = (list: FileFacts[]) => list.reduce((sum, file) => sum + file.lines, 0);
  return {
    sourceLines: total(source),
    testLines: total(written(files).filter((file) => file.isTest)),
    fileMedian: quantile(lengths, 0.5),
    file90: quantile(lengths, 0.9),
    functionMedian: quantile(
      source.flatMap((file) => file.functions.map(({ lines }) => lines)),
      0.5,
    ),
  };
}

function quantile(values: number[], share: number): number {
  const sorted = [...values].sort((a, b) => a - b);
  return sorted[Math.min(sorted.length - 1, Math.floor(sorted.length * share))] ?? 0;
}

function written(files: FileFacts[]): FileFacts[] {
  return files.filter((file) => !file.isGenerated);
}

function eachLine(texts: SourceText[], judge: (line: string) => string | null): string[] {
  return texts.flatMap(({ path, text }) =>
    text.split('\n').flatMap((line, index) => {
      const fault = judge(line);
      return fault === null ? [] : [`${path}:${index + 1}: ${fault}: ${line.trim().slice(0, 80)}`];
    }),
  );
}
