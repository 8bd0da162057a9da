/**
 * Reads the subset of Liquid a template may use into a tree with positions. It accepts nothing it does not understand
 * completely, so that lint and the renderer can never read the same text differently.
 */
import type { Finding } from './issue.ts';
import { type Condition, type Filtered, type Path, parseCondition, parseFiltered } from './liquid-expression.ts';

export type LiquidNode =
  | { kind: 'text'; text: string; offset: number }
  | { kind: 'output'; value: Filtered; offset: number; end: number }
  | { kind: 'branches'; branches: { condition: Condition | null; negated: boolean; body: LiquidNode[] }[]; offset: number }
  | { kind: 'case'; subject: Filtered; branches: { body: LiquidNode[] }[]; offset: number }
  | { kind: 'for'; name: string; over: Path; body: LiquidNode[]; offset: number }
  | { kind: 'assign'; name: string; value: Filtered; offset: number }
  | { kind: 'capture'; name: string; body: LiquidNode[]; offset: number };

/** The tags a template may use (L2.2 forbids all others). */
export const ALLOWED_TAGS = [
  'if',
  'elsif',
  'else',
  'endif',
  'unless',
  'endunless',
  'case',
  'when',
  'endcase',
  'for',
  'endfor',
  'assign',
  'capture',
  'endcapture',
  'comment',
  'endcomment',
] as const;

export type LiquidToken = { kind: 'text' | 'output' | 'tag'; inner: string; offset: number; innerOffset: number; end: number };

const TOKEN = /\{\{-?([\s\S]*?)-?\}\}|\{%-?([\s\S]*?)-?%\}/g;

/** Cuts a text into Liquid tokens and the text between them; `base` is the text's offset in the source. */
export function tokenizeLiquid(text: string, base: number): LiquidToken[] {
  const tokens: LiquidToken[] = [];
  let last = 0;
  for (const match of text.matchAll(TOKEN)) {
    if (match.index > last)
      tokens.push({
        kind: 'text',
        inner: text.slice(last, match.index),
        offset: base + last,
        innerOffset: base + last,
        end: base + match.index,
      });
    const inner = match[1] ?? match[2] ?? '';
    const innerOffset = base + match.index + match[0].indexOf(inner, 2);
    tokens.push({
      kind: match[1] === undefined ? 'tag' : 'output',
      inner,
      offset: base + match.index,
      innerOffset,
      end: base + match.index + match[0].length,
    });
    last = match.index + match[0].length;
  }
  if (last < text.length)
    tokens.push({ kind: 'text', inner: text.slice(last), offset: base + last, innerOffset: base + last, end: base + text.length });
  return tokens;
}

type Cursor = { tokens: LiquidToken[]; at: number; findings: Finding[] };

/** Reads a text; what cannot be read is reported in `findings` and left out of the tree. */
export function parseLiquid(text: string, base: number, findings: Finding[]): LiquidNode[] {
  const cursor: Cursor = { tokens: tokenizeLiquid(text, base), at: 0, findings };
  const nodes: LiquidNode[] = [];
  while (cursor.at < cursor.tokens.length) {
    nodes.push(...parseBody(cursor, []).nodes);
    const stray = cursor.tokens[cursor.at];
    if (stray) {
      report(cursor, stray, 'L2.1', `"${stray.inner.trim()}" closes nothing`);
      cursor.at++;
    }
  }
  for (const token of cursor.tokens) {
    const open = token.kind === 'text' ? /\{\{|\{%|%\}|\}\}/.exec(token.inner) : null;
    if (open)
      findings.push({
        level: 'error',
        rule: 'L2.1',
        message: `"${open[0]}" without its other half`,
        offset: token.offset + open.index,
        found: open[0],
      });
  }
  return nodes;
}

function parseBody(cursor: Cursor, closers: string[]): { nodes: LiquidNode[]; closedBy: LiquidToken | null } {
  const nodes: LiquidNode[] = [];
  while (cursor.at < cursor.tokens.length) {
    const token = cursor.tokens[cursor.at]!;
    const name = token.kind === 'tag' ? tagName(token) : '';
    if (closers.includes(name)) return { nodes, closedBy: token };
    if (token.kind === 'tag' && /^(end|els|when$)/.test(name)) return { nodes, closedBy: null };
    cursor.at++;
    if (token.kind === 'text') nodes.push({ kind: 'text', text: token.inner, offset: token.offset });
    else if (token.kind === 'output')
      nodes.push({
        kind: 'output',
        value: parseFiltered(token.inner, token.innerOffset, cursor.findings),
        offset: token.offset,
        end: token.end,
      });
    else nodes.push(...parseTag(cursor, token, name));
  }
  return { nodes, closedBy: null };
}

function parseTag(cursor: Cursor, token: LiquidToken, name: string): LiquidNode[] {
  const args = token.inner.slice(token.inner.indexOf(name) + name.length);
  const argsOffset = token.innerOffset + token.inner.indexOf(name) + name.length;
  switch (name) {
    case 'if':
    case 'unless':
      return [parseIf(cursor, token, name, args, argsOffset)];
    case 'case':
      return [parseCase(cursor, token, args, argsOffset)];
    case 'for':
      return parseFor(cursor, token, args, argsOffset);
    case 'assign':
      return parseAssign(cursor, token, args, argsOffset);
    case 'capture':
      return parseCapture(cursor, token, args);
    case 'comment':
      skipComment(cursor, token);
      return [];
    default:
      report(
        cursor,
        token,
        FORBIDDEN_TAGS.has(name) ? 'L2.2' : 'L2.1',
        FORBIDDEN_TAGS.has(name) ? `The tag "${name}" is not allowed in a mail` : `There is no tag "${name}"`,
      );
      return [];
  }
}

const FORBIDDEN_TAGS = new Set([
  'include',
  'render',
  'layout',
  'block',
  'liquid',
  'raw',
  'cycle',
  'increment',
  'decrement',
  'tablerow',
  'echo',
  'break',
  'continue',
]);

function parseIf(cursor: Cursor, token: LiquidToken, name: string, args: string, argsOffset: number): LiquidNode {
  const end = `end${name}`;
  const branches: { condition: Condition | null; negated: boolean; body: LiquidNode[] }[] = [];
  let condition: Condition | null = parseCondition(args, argsOffset, cursor.findings);
  let negated = name === 'unless';
  for (;;) {
    const { nodes, closedBy } = parseBody(cursor, ['elsif', 'else', end]);
    branches.push({ condition, negated, body: nodes });
    if (!closedBy) {
      report(cursor, token, 'L2.1', `"${name}" is never closed`);
      break;
    }
    cursor.at++;
    const closer = tagName(closedBy);
    if (closer === end) break;
    const rest = closedBy.inner.slice(closedBy.inner.indexOf(closer) + closer.length);
    condition =
      closer === 'elsif'
        ? parseCondition(rest, closedBy.innerOffset + closedBy.inner.indexOf(closer) + closer.length, cursor.findings)
        : null;
    negated = false;
  }
  return { kind: 'branches', branches, offset: token.offset };
}

function parseCase(cursor: Cursor, token: LiquidToken, args: string, argsOffset: number): LiquidNode {
  const subject = parseFiltered(args, argsOffset, cursor.findings);
  const branches: { body: LiquidNode[] }[] = [];
  parseBody(cursor, ['when', 'else', 'endcase']);
  for (;;) {
    const closer = cursor.tokens[cursor.at];
    if (!closer) {
      report(cursor, token, 'L2.1', '"case" is never closed');
      break;
    }
    cursor.at++;
    if (tagName(closer) === 'endcase') break;
    if (tagName(closer) === 'when' && !/^\s*when\s+("[^"]*"|'[^']*'|\d+)\s*$/.test(closer.inner))
      report(cursor, closer, 'L2.1', '"when" takes one text or number');
    branches.push({ body: parseBody(cursor, ['when', 'else', 'endcase']).nodes });
  }
  return { kind: 'case', subject, branches, offset: token.offset };
}

function parseFor(cursor: Cursor, token: LiquidToken, args: string, argsOffset: number): LiquidNode[] {
  const match = /^\s*([A-Za-z_]\w*)\s+in\s+([A-Za-z_][\w.]*)\s*$/.exec(args);
  const { nodes, closedBy } = parseBody(cursor, ['endfor']);
  if (closedBy) cursor.at++;
  else report(cursor, token, 'L2.1', '"for" is never closed');
  if (!match) {
    report(cursor, token, 'L2.1', 'Write "for name in list", without further options');
    return [];
  }
  const over: Path = { path: match[2]!, offset: argsOffset + args.indexOf(match[2]!, args.indexOf(' in ') + 1) };
  return [{ kind: 'for', name: match[1]!, over, body: nodes, offset: token.offset }];
}

function parseAssign(cursor: Cursor, token: LiquidToken, args: string, argsOffset: number): LiquidNode[] {
  const match = /^\s*([A-Za-z_]\w*)\s*=/.exec(args);
  if (!match) {
    report(cursor, token, 'L2.1', 'Write "assign name = field"');
    return [];
  }
  const value = parseFiltered(args.slice(match[0].length), argsOffset + match[0].length, cursor.findings);
  return [{ kind: 'assign', name: match[1]!, value, offset: token.offset }];
}

function parseCapture(cursor: Cursor, token: LiquidToken, args: string): LiquidNode[] {
  const { nodes, closedBy } = parseBody(cursor, ['endcapture']);
  if (closedBy) cursor.at++;
  else report(cursor, token, 'L2.1', '"capture" is never closed');
  const name = args.trim();
  if (!/^[A-Za-z_]\w*$/.test(name)) {
    report(cursor, token, 'L2.1', 'Write "capture name"');
    return [];
  }
  return [{ kind: 'capture', name, body: nodes, offset: token.offset }];
}

function skipComment(cursor: Cursor, token: LiquidToken): void {
  while (cursor.at < cursor.tokens.length) {
    const next = cursor.tokens[cursor.at++]!;
    if (next.kind === 'tag' && tagName(next) === 'endcomment') return;
  }
  report(cursor, token, 'L2.1', '"comment" is never closed');
}

const tagName = (token: LiquidToken) => /^\s*([A-Za-z_]+)/.exec(token.inner)?.[1] ?? '';

function report(cursor: Cursor, token: LiquidToken, rule: string, message: string): void {
  cursor.findings.push({ level: 'error', rule, message, offset: token.offset, found: tagName(token) || token.inner.trim() });
}
