/** L2: every name a template uses exists, is allowed, and is proven present where it may be missing. */
import { type FactType, type FieldSpec, requiredPaths, type TriggerSpec } from '../facts/fact.ts';
import type { Block } from './directives.ts';
import type { Finding } from './issue.ts';
import type { FilterCall, Filtered, Operand, Path } from './liquid-expression.ts';
import { provenPaths } from './liquid-expression.ts';
import { type LiquidNode, parseLiquid } from './liquid-tree.ts';
import { nearest } from './nearest.ts';

/** Filters a template may use; each returns a fact (L2.3). */
export const ALLOWED_FILTERS = ['default', 'money', 'date', 'upcase', 'downcase', 'capitalize'] as const;

/** What a name stands for: a field, a row of a list, a text put together by the template, or something unknown already reported. */
type Meaning =
  | { kind: 'fact'; path: string; spec: FieldSpec }
  | { kind: 'row'; item: Record<string, FieldSpec> }
  | { kind: 'text' }
  | { kind: 'unknown' };
type Scope = { names: Map<string, Meaning>; proven: Set<string> };
type Walk = { spec: TriggerSpec; required: Set<string>; findings: Finding[]; used: Set<string> };

/** Checks one Liquid text (a subject, a preheader) against the fields of a trigger. */
export function lintText(a: {
  text: string;
  offset: number;
  spec: TriggerSpec;
  variant: string;
  findings: Finding[];
  used: Set<string>;
}): void {
  const walk: Walk = { spec: a.spec, required: requiredPaths(a.spec, a.variant), findings: a.findings, used: a.used };
  visitNodes(parseLiquid(a.text, a.offset, a.findings), { names: new Map(), proven: new Set() }, walk);
}

/** Checks the blocks of a Markdown body against the fields of a trigger. */
export function lintBlocks(a: { blocks: Block[]; spec: TriggerSpec; variant: string; findings: Finding[]; used: Set<string> }): void {
  const walk: Walk = { spec: a.spec, required: requiredPaths(a.spec, a.variant), findings: a.findings, used: a.used };
  visitBlocks(a.blocks, { names: new Map(), proven: new Set() }, walk);
}

function visitBlocks(blocks: Block[], scope: Scope, walk: Walk): void {
  for (const block of blocks) {
    switch (block.kind) {
      case 'markdown':
        visitNodes(parseLiquid(block.text, block.offset, walk.findings), scope, walk);
        break;
      case 'button':
        output({ path: block.path, offset: block.pathOffset }, scope, walk, ['url']);
        visitBlocks(block.label, scope, walk);
        break;
      case 'panel':
        visitBlocks(block.body, scope, walk);
        break;
      case 'if':
        known({ path: block.path, offset: block.pathOffset }, scope, walk);
        visitBlocks(block.body, inner(scope, [block.path]), walk);
        break;
      case 'lines':
        output({ path: block.path, offset: block.pathOffset }, scope, walk, ['list']);
        break;
      case 'fact':
        output({ path: block.path, offset: block.pathOffset }, scope, walk);
        break;
    }
  }
}

function visitNodes(nodes: LiquidNode[], scope: Scope, walk: Walk): void {
  for (const node of nodes) {
    switch (node.kind) {
      case 'text':
        break;
      case 'output':
        visitValue(node.value, scope, walk, true);
        break;
      case 'branches':
        for (const branch of node.branches) {
          for (const part of branch.condition?.parts ?? []) for (const side of [part.left, part.right]) operand(side, scope, walk);
          visitNodes(branch.body, branch.negated ? inner(scope, []) : inner(scope, provenPaths(branch.condition)), walk);
        }
        break;
      case 'case':
        operand(node.subject.operand, scope, walk);
        for (const branch of node.branches)
          visitNodes(branch.body, inner(scope, node.subject.operand?.kind === 'path' ? [node.subject.operand.path.path] : []), walk);
        break;
      case 'for':
        visitFor(node, scope, walk);
        break;
      case 'assign':
        scope.names.set(node.name, visitValue(node.value, scope, walk, true));
        break;
      case 'capture':
        visitNodes(node.body, inner(scope, []), walk);
        scope.names.set(node.name, { kind: 'text' });
        break;
    }
  }
}

function visitFor(node: Extract<LiquidNode, { kind: 'for' }>, scope: Scope, walk: Walk): void {
  const meaning = known(node.over, scope, walk);
  const inside = inner(scope, []);
  if (meaning.kind === 'fact' && meaning.spec.item) {
    mustBePresent(node.over, meaning.path, scope, walk);
    inside.names.set(node.name, { kind: 'row', item: meaning.spec.item });
  } else {
    if (meaning.kind !== 'unknown')
      walk.findings.push({
        level: 'error',
        rule: 'L2.1',
        message: `"${node.over.path}" is not a list`,
        offset: node.over.offset,
        found: node.over.path,
      });
    inside.names.set(node.name, { kind: 'unknown' });
  }
  visitNodes(node.body, inside, walk);
}

function visitValue(value: Filtered, scope: Scope, walk: Walk, shown: boolean): Meaning {
  let meaning: Meaning = { kind: 'text' };
  if (value.operand?.kind === 'path') {
    meaning = known(value.operand.path, scope, walk);
    const hasDefault = value.filters[0]?.name === 'default' && value.filters[0].args.length > 0;
    if (shown && meaning.kind === 'fact' && !hasDefault) mustBePresent(value.operand.path, meaning.path, scope, walk);
    if (shown && meaning.kind === 'row')
      walk.findings.push({
        level: 'error',
        rule: 'L2.1',
        message: `"${value.operand.path.path}" is a row; name one of its fields`,
        offset: value.operand.path.offset,
        found: value.operand.path.path,
      });
  }
  for (const filter of value.filters) visitFilter(filter, meaning, scope, walk);
  return meaning;
}

function visitFilter(filter: FilterCall, on: Meaning, scope: Scope, walk: Walk): void {
  const at = { offset: filter.offset, found: filter.name };
  if (!(ALLOWED_FILTERS as readonly string[]).includes(filter.name)) {
    const forbidden = FORBIDDEN_FILTERS.has(filter.name);
    const near = nearest(filter.name, ALLOWED_FILTERS);
    const message = forbidden ? `The filter "${filter.name}" may not change a fact` : `There is no filter "${filter.name}"`;
    walk.findings.push({
      level: 'error',
      rule: forbidden ? 'L2.3' : 'L2.1',
      message,
      ...at,
      ...(near && !forbidden ? { suggestion: near } : {}),
    });
    return;
  }
  const wrongType =
    on.kind === 'fact' && ((filter.name === 'money' && on.spec.type !== 'money') || (filter.name === 'date' && on.spec.type !== 'date'));
  if (wrongType) walk.findings.push({ level: 'error', rule: 'L2.3', message: `"${on.path}" is no ${filter.name}`, ...at });
  for (const arg of filter.args) {
    const meaning = operand(arg, scope, walk);
    if (arg.kind === 'path' && meaning.kind === 'fact') mustBePresent(arg.path, meaning.path, scope, walk);
  }
}

const FORBIDDEN_FILTERS = new Set([
  'raw',
  'append',
  'prepend',
  'replace',
  'split',
  'plus',
  'minus',
  'times',
  'divided_by',
  'modulo',
  'round',
  'ceil',
  'floor',
  'abs',
  'escape',
  'strip_html',
  'slice',
  'truncate',
  'remove',
  'join',
  'concat',
  'json',
  'url_encode',
]);

function operand(side: Operand | null, scope: Scope, walk: Walk): Meaning {
  return side?.kind === 'path' ? known(side.path, scope, walk) : { kind: 'text' };
}

/** A field printed by a directive: it exists, is of one of the types, and is proven present. */
function output(path: Path, scope: Scope, walk: Walk, types?: FactType[]): void {
  const meaning = known(path, scope, walk);
  if (meaning.kind !== 'fact') return;
  if (types && !types.includes(meaning.spec.type))
    walk.findings.push({
      level: 'error',
      rule: 'K2',
      message: `"${path.path}" is no ${types.join(' or ')}`,
      offset: path.offset,
      found: path.path,
    });
  mustBePresent(path, meaning.path, scope, walk);
}

/** What a name means here; an unknown one is reported with the nearest known name (L2.1). */
function known(path: Path, scope: Scope, walk: Walk): Meaning {
  const [head, ...rest] = path.path.split('.');
  const alias = scope.names.get(head!);
  if (alias?.kind === 'unknown' || (alias && rest.length === 0)) return alias;
  if (alias?.kind === 'row') {
    const field = rest.length === 1 && Object.hasOwn(alias.item, rest[0]!) ? alias.item[rest[0]!] : undefined;
    if (field) return { kind: 'fact', path: path.path, spec: field };
    return unknown(
      path,
      Object.keys(alias.item).map((name) => `${head}.${name}`),
      walk,
    );
  }
  if (head === 'forloop' && rest.length === 1 && ['first', 'last'].includes(rest[0]!)) return { kind: 'text' };
  const spec = Object.hasOwn(walk.spec.facts, path.path) ? walk.spec.facts[path.path] : undefined;
  if (!spec) return unknown(path, [...Object.keys(walk.spec.facts), ...scope.names.keys()], walk);
  walk.used.add(path.path);
  return { kind: 'fact', path: path.path, spec };
}

function unknown(path: Path, candidates: string[], walk: Walk): Meaning {
  const near = nearest(path.path, candidates);
  const message = near
    ? `There is no field "${path.path}"; did you mean "${near}"?`
    : `There is no field "${path.path}" for ${walk.spec.trigger}`;
  walk.findings.push({
    level: 'error',
    rule: 'L2.1',
    message,
    offset: path.offset,
    found: path.path,
    ...(near ? { suggestion: near } : {}),
  });
  return { kind: 'unknown' };
}

/** L2.4: an optional field is printed only where a condition on it holds, or with a default. Fields of a list's rows are always there. */
function mustBePresent(path: Path, field: string, scope: Scope, walk: Walk): void {
  const isFact = Object.hasOwn(walk.spec.facts, field);
  if (!isFact || walk.required.has(field) || scope.proven.has(field) || scope.proven.has(path.path)) return;
  const message = `"${field}" may be missing: give it a default or put it inside "if ${field}"`;
  walk.findings.push({ level: 'error', rule: 'L2.4', message, offset: path.offset, found: path.path });
}

function inner(scope: Scope, proven: string[]): Scope {
  const fields = proven.map((name) => {
    const meaning = scope.names.get(name);
    return meaning?.kind === 'fact' ? meaning.path : name;
  });
  return { names: new Map(scope.names), proven: new Set([...scope.proven, ...proven, ...fields]) };
}
