/** Values, filters and conditions of the Liquid subset, with the offsets that lint needs. */
import type { Finding } from './issue.ts';

export type Path = { path: string; offset: number };
export type Operand = { kind: 'path'; path: Path } | { kind: 'literal'; text: string; offset: number };
export type FilterCall = { name: string; offset: number; args: Operand[] };
export type Filtered = { operand: Operand | null; filters: FilterCall[]; offset: number };
/** One comparison, or a bare value when `operator` is null. */
export type Comparison = { left: Operand; operator: string | null; right: Operand | null };
/** Comparisons joined by `and` and `or`; Liquid reads them from right to left, lint only asks whether all are `and`. */
export type Condition = { parts: Comparison[]; joiners: ('and' | 'or')[] };

type Word = { text: string; offset: number };
const WORD = /"[^"]*"|'[^']*'|==|!=|<=|>=|<>|<|>|\||:|,|[A-Za-z_][\w.-]*|-?\d+(?:\.\d+)?|\S/g;
const KEYWORDS = new Set(['true', 'false', 'nil', 'null', 'empty', 'blank']);
const OPERATORS = new Set(['==', '!=', '<', '>', '<=', '>=']);

/** Reads `value | filter: argument, argument | …`. */
export function parseFiltered(text: string, offset: number, findings: Finding[]): Filtered {
  const words = wordsOf(text, offset);
  const operand = words.length > 0 ? operandOf(words[0]!, findings) : null;
  if (!operand) unreadable(text, offset, findings);
  const filters: FilterCall[] = [];
  let at = 1;
  while (operand && at < words.length) {
    const name = words[at + 1];
    if (words[at]!.text !== '|' || !name || !/^[A-Za-z_]\w*$/.test(name.text)) {
      unreadable(words[at]!.text, words[at]!.offset, findings);
      break;
    }
    const call: FilterCall = { name: name.text, offset: name.offset, args: [] };
    at += 2;
    if (words[at]?.text === ':') {
      do {
        const arg = words[at + 1] ? operandOf(words[at + 1]!, findings) : null;
        if (arg) call.args.push(arg);
        at += 2;
      } while (words[at]?.text === ',');
    }
    filters.push(call);
  }
  return { operand, filters, offset };
}

/** Reads `a`, `a == b`, joined by `and` or `or`. */
export function parseCondition(text: string, offset: number, findings: Finding[]): Condition {
  const words = wordsOf(text, offset);
  const condition: Condition = { parts: [], joiners: [] };
  let at = 0;
  if (words.length === 0) unreadable(text, offset, findings);
  while (at < words.length) {
    const left = operandOf(words[at]!, findings);
    if (!left) return condition;
    const operator = words[at + 1]?.text ?? '';
    if (OPERATORS.has(operator)) {
      const right = words[at + 2] ? operandOf(words[at + 2]!, findings) : null;
      if (!right) {
        unreadable(operator, words[at + 1]!.offset, findings);
        return condition;
      }
      condition.parts.push({ left, operator, right });
      at += 3;
    } else {
      condition.parts.push({ left, operator: null, right: null });
      at += 1;
    }
    const joiner = words[at];
    if (!joiner) break;
    if ((joiner.text !== 'and' && joiner.text !== 'or') || !words[at + 1]) {
      unreadable(joiner.text, joiner.offset, findings);
      break;
    }
    condition.joiners.push(joiner.text);
    at += 1;
  }
  return condition;
}

/** The paths a condition proves to be present where it holds (L2.4): all parts joined by `and`, each bare or compared with nothing. */
export function provenPaths(condition: Condition | null): string[] {
  if (!condition || condition.joiners.includes('or')) return [];
  return condition.parts.flatMap(({ left, operator, right }) => {
    if (left.kind !== 'path') return [];
    const againstNothing = right?.kind === 'literal' && ['nil', 'null', 'blank', 'empty'].includes(right.text);
    const proves =
      operator === null || (operator === '!=' && againstNothing) || (operator === '==' && right?.kind === 'literal' && !againstNothing);
    return proves ? [left.path.path] : [];
  });
}

function wordsOf(text: string, offset: number): Word[] {
  return [...text.matchAll(WORD)].map((match) => ({ text: match[0], offset: offset + match.index }));
}

function operandOf(word: Word, findings: Finding[]): Operand | null {
  if (/^["'].*["']$/s.test(word.text) || /^-?\d/.test(word.text) || KEYWORDS.has(word.text))
    return { kind: 'literal', text: word.text, offset: word.offset };
  if (/^[A-Za-z_]\w*(\.[A-Za-z_]\w*)*$/.test(word.text)) return { kind: 'path', path: { path: word.text, offset: word.offset } };
  unreadable(word.text, word.offset, findings);
  return null;
}

function unreadable(text: string, offset: number, findings: Finding[]): void {
  findings.push({ level: 'error', rule: 'L2.1', message: `Cannot read "${text.trim()}" here`, offset, found: text.trim() });
}
