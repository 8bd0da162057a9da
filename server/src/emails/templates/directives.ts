/** The `:::` directives of a Markdown template (K2), read into a tree of blocks with their offsets. */
import type { Finding } from './issue.ts';

export type Block =
  | { kind: 'markdown'; text: string; offset: number }
  | { kind: 'button'; path: string; pathOffset: number; label: Block[]; offset: number }
  | { kind: 'panel'; body: Block[]; offset: number }
  | { kind: 'if'; path: string; pathOffset: number; body: Block[]; offset: number }
  | { kind: 'lines'; path: string; pathOffset: number; offset: number }
  | { kind: 'fact'; path: string; pathOffset: number; label: string; offset: number }
  | { kind: 'divider'; offset: number };

const PATH = '[A-Za-z_]\\w*(?:\\.[A-Za-z_]\\w*)*';
const SYNTAX: Record<string, { pattern: RegExp; help: string; container: boolean }> = {
  button: { pattern: new RegExp(`^\\{\\s*url\\s*=\\s*(${PATH})\\s*\\}$`), help: '::: button {url=links.pay}', container: true },
  panel: { pattern: /^$/, help: '::: panel', container: true },
  if: { pattern: new RegExp(`^(${PATH})$`), help: '::: if payment.decline_reason', container: true },
  lines: { pattern: new RegExp(`^(${PATH})$`), help: '::: lines invoice.lines', container: false },
  fact: { pattern: new RegExp(`^(${PATH})\\s+"([^"]*)"$`), help: '::: fact invoice.number "Invoice"', container: false },
  divider: { pattern: /^$/, help: '::: divider', container: false },
};

type Open = { block: Extract<Block, { kind: 'button' | 'panel' | 'if' }>; body: Block[] };

/** Reads the body of a template; unknown, unclosed and stray directives are reported. */
export function parseDirectives(body: string, base: number, findings: Finding[]): Block[] {
  const root: Block[] = [];
  const stack: Open[] = [];
  let markdown = '';
  let markdownOffset = base;
  let offset = base;
  const into = () => stack.at(-1)?.body ?? root;
  const flush = () => {
    if (markdown.trim() !== '') into().push({ kind: 'markdown', text: markdown, offset: markdownOffset });
    markdown = '';
  };
  for (const line of body.split(/(?<=\n)/)) {
    const directive = /^:::[ \t]*([^\n\r]*)/.exec(line);
    if (!directive) {
      if (markdown === '') markdownOffset = offset;
      markdown += line;
    } else {
      flush();
      const rest = directive[1]!.trim();
      if (rest === '') closeTop(stack, root, offset, findings);
      else openDirective(rest, offset, line, { stack, into: into(), findings });
    }
    offset += line.length;
  }
  flush();
  for (const open of stack)
    findings.push({
      level: 'error',
      rule: 'K2',
      message: `"::: ${open.block.kind}" is never closed with ":::"`,
      offset: open.block.offset,
      found: open.block.kind,
    });
  return root;
}

function closeTop(stack: Open[], root: Block[], offset: number, findings: Finding[]): void {
  const top = stack.pop();
  if (top) return;
  const last = root.at(-1);
  // A closing line after a directive without content is what people write; it does no harm.
  if (last && (last.kind === 'lines' || last.kind === 'fact' || last.kind === 'divider')) return;
  findings.push({ level: 'error', rule: 'K2', message: '":::" closes nothing', offset, found: ':::' });
}

function openDirective(rest: string, offset: number, line: string, a: { stack: Open[]; into: Block[]; findings: Finding[] }): void {
  const name = /^[a-z]+/.exec(rest)?.[0] ?? rest;
  const syntax = Object.hasOwn(SYNTAX, name) ? SYNTAX[name] : undefined;
  if (!syntax) {
    a.findings.push({
      level: 'error',
      rule: 'K2',
      message: `There is no directive "${name}"; there are ${Object.keys(SYNTAX).join(', ')}`,
      offset,
      found: name,
    });
    return;
  }
  const args = syntax.pattern.exec(rest.slice(name.length).trim());
  if (!args) a.findings.push({ level: 'error', rule: 'K2', message: `Write "${syntax.help}"`, offset, found: rest });
  const path = args?.[1] ?? '';
  const pathOffset = offset + Math.max(0, path === '' ? 0 : line.indexOf(path, line.indexOf(name) + name.length));
  const block = blockOf(name, { path, pathOffset, label: args?.[2] ?? '', offset });
  if (args || syntax.container) a.into.push(block);
  if (syntax.container && (block.kind === 'button' || block.kind === 'panel' || block.kind === 'if')) {
    a.stack.push({ block, body: block.kind === 'button' ? block.label : block.body });
  }
}

function blockOf(name: string, a: { path: string; pathOffset: number; label: string; offset: number }): Block {
  const { path, pathOffset, label, offset } = a;
  switch (name) {
    case 'button':
      return { kind: 'button', path, pathOffset, label: [], offset };
    case 'panel':
      return { kind: 'panel', body: [], offset };
    case 'if':
      return { kind: 'if', path, pathOffset, body: [], offset };
    case 'lines':
      return { kind: 'lines', path, pathOffset, offset };
    case 'fact':
      return { kind: 'fact', path, pathOffset, label, offset };
    default:
      return { kind: 'divider', offset };
  }
}
