/** The head of a template: `key: value` lines between two `---`. Values may be quoted. */
import type { Finding } from './issue.ts';

export type FrontMatterValue = { text: string; offset: number };
export type FrontMatter = { values: Record<string, FrontMatterValue>; body: string; bodyOffset: number };

const KEYS = new Set(['trigger', 'variant', 'class', 'locale', 'subject', 'preheader']);

/** Splits a source into its head and body; a missing or unreadable head is reported at its place. */
export function parseFrontMatter(source: string, findings: Finding[]): FrontMatter {
  const head = /^---[ \t]*\r?\n([\s\S]*?\n)?---[ \t]*(?:\r?\n|$)/.exec(source);
  if (!head) {
    findings.push({
      level: 'error',
      rule: 'K1',
      message: 'A template starts with a head between two lines "---"',
      offset: 0,
      found: source.slice(0, 20),
    });
    return { values: {}, body: source, bodyOffset: 0 };
  }
  const values: Record<string, FrontMatterValue> = {};
  let offset = source.indexOf('\n') + 1;
  for (const line of (head[1] ?? '').split('\n')) {
    readLine(line, offset, values, findings);
    offset += line.length + 1;
  }
  return { values, body: source.slice(head[0].length), bodyOffset: head[0].length };
}

function readLine(line: string, offset: number, values: Record<string, FrontMatterValue>, findings: Finding[]): void {
  if (line.trim() === '' || line.startsWith('#')) return;
  const match = /^([a-z_]+):[ \t]*(.*?)[ \t\r]*$/.exec(line);
  if (!match || !KEYS.has(match[1]!)) {
    findings.push({
      level: 'error',
      rule: 'K1',
      message: `The head knows ${[...KEYS].join(', ')}`,
      offset,
      found: match?.[1] ?? line.trim(),
    });
    return;
  }
  const raw = match[2]!;
  const quoted = /^"(.*)"$/.exec(raw) ?? /^'(.*)'$/.exec(raw);
  const start = offset + line.indexOf(raw, match[1]!.length + 1) + (quoted ? 1 : 0);
  values[match[1]!] = { text: quoted ? quoted[1]!.replaceAll('\\"', '"') : raw, offset: start };
}
