import { posix } from 'node:path';
import ts from 'typescript-api';
import type { SourceText } from './tree.ts';

/** What the rules need to know of one TypeScript or JavaScript file. */
export type FileFacts = {
  path: string;
  lines: number;
  isTest: boolean;
  isGenerated: boolean;
  imports: ImportFact[];
  /** Reads of clocks, chance and timers, by the name they have in the source (`Date.now`, `new Date()`, …). */
  effects: NamedFact[];
  functions: (NamedFact & { lines: number })[];
  /** Tests that are left out or run alone: `test.skip`, `describe.only`, … */
  heldTests: NamedFact[];
};
export type NamedFact = { name: string; line: number };
/** `target` is a path in the repository for a relative import, else the specifier as written. */
export type ImportFact = { target: string; line: number; typeOnly: boolean };

const CLOCKS_AND_CHANCE = new Set([
  'Date.now',
  'Math.random',
  'crypto.randomUUID',
  'crypto.randomBytes',
  'crypto.getRandomValues',
  'performance.now',
  'process.hrtime',
  'Temporal.Now',
]);
const EFFECT_NAMES = new Set(['randomUUID', 'randomBytes', 'randomInt', 'setTimeout', 'setInterval', 'setImmediate']);
const TIMER_MODULES = new Set(['node:timers', 'node:timers/promises', 'timers/promises']);
const TEST_ROOTS = new Set(['test', 'it', 'describe', 'suite']);
const HELD = new Set(['skip', 'only', 'todo', 'fails']);

/** Reads one file into facts: one parse, one walk. */
export function factsOf({ path, text }: SourceText): FileFacts {
  const source = ts.createSourceFile(path, text, ts.ScriptTarget.Latest, true, path.endsWith('x') ? ts.ScriptKind.TSX : ts.ScriptKind.TS);
  const facts: FileFacts = {
    path,
    lines: text.split('\n').length - (text.endsWith('\n') ? 1 : 0),
    isTest: isTestPath(path),
    isGenerated: path.includes('.generated.') || /generated/i.test(text.slice(0, text.indexOf('\n') + 1)),
    imports: [],
    effects: [],
    functions: [],
    heldTests: [],
  };
  const visit = (node: ts.Node): void => {
    collect(facts, node, source);
    ts.forEachChild(node, visit);
  };
  visit(source);
  return facts;
}

/** A test, or what only tests use. */
function isTestPath(path: string): boolean {
  return (
    /\.test\.tsx?$/.test(path) ||
    path.startsWith('server/test/') ||
    /(^|\/)(test|testing|__tests__)\/|(^|\/)(test-world|testing)\.ts$/.test(path)
  );
}

function collect(facts: FileFacts, node: ts.Node, source: ts.SourceFile): void {
  const line = () => source.getLineAndCharacterOfPosition(node.getStart(source)).line + 1;
  const specifier = specifierOf(node);
  if (specifier !== null) {
    facts.imports.push({ target: resolved(facts.path, specifier), line: line(), typeOnly: isTypeOnly(node) });
    if (TIMER_MODULES.has(specifier)) facts.effects.push({ name: specifier, line: line() });
  }
  const effect = effectOf(node, source);
  if (effect !== null) facts.effects.push({ name: effect, line: line() });
  const length = functionLines(node, source);
  if (length !== null) facts.functions.push({ name: functionName(node, source), line: line(), lines: length });
  const held = heldTestOf(node, source);
  if (held !== null) facts.heldTests.push({ name: held, line: line() });
}

function specifierOf(node: ts.Node): string | null {
  if ((ts.isImportDeclaration(node) || ts.isExportDeclaration(node)) && node.moduleSpecifier) return textOf(node.moduleSpecifier);
  if (ts.isCallExpression(node) && node.expression.kind === ts.SyntaxKind.ImportKeyword) return textOf(node.arguments[0]);
  if (ts.isImportTypeNode(node) && ts.isLiteralTypeNode(node.argument)) return textOf(node.argument.literal);
  return null;
}

/** Types vanish when the program runs, so they open no socket. */
function isTypeOnly(node: ts.Node): boolean {
  if (ts.isImportDeclaration(node)) return node.importClause?.isTypeOnly === true;
  return ts.isImportTypeNode(node) || (ts.isExportDeclaration(node) && node.isTypeOnly);
}

function textOf(node: ts.Node | undefined): string | null {
  return node && ts.isStringLiteralLike(node) ? node.text : null;
}

function resolved(path: string, specifier: string): string {
  return specifier.startsWith('.') ? posix.normalize(posix.join(posix.dirname(path), specifier)) : specifier;
}

function effectOf(node: ts.Node, source: ts.SourceFile): string | null {
  if (ts.isNewExpression(node) && node.expression.getText(source) === 'Date') return node.arguments?.length ? null : 'new Date()';
  if (ts.isPropertyAccessExpression(node)) {
    const name = node.getText(source).replace(/^globalThis\./, '');
    return CLOCKS_AND_CHANCE.has(name) ? name : null;
  }
  if (!ts.isIdentifier(node) || !EFFECT_NAMES.has(node.text)) return null;
  return isOwnName(node) ? null : node.text;
}

/** `ports.setTimeout(…)`, `{ setTimeout: … }` and parameters of that name are how an effect is handed in, not the effect itself. */
function isOwnName(node: ts.Identifier): boolean {
  const parent = node.parent;
  if (ts.isPropertyAccessExpression(parent)) return parent.name === node && parent.expression.getText() !== 'globalThis';
  // An import under another name would escape: it counts itself, and so does each use under the same name.
  if (ts.isImportSpecifier(parent)) return parent.propertyName !== node;
  if (ts.isTypeQueryNode(parent)) return true;
  const isDeclared =
    ts.isPropertyAssignment(parent) ||
    ts.isPropertySignature(parent) ||
    ts.isMethodSignature(parent) ||
    ts.isMethodDeclaration(parent) ||
    ts.isParameter(parent);
  return isDeclared && parent.name === node;
}

function functionLines(node: ts.Node, source: ts.SourceFile): number | null {
  if (!ts.isFunctionLike(node) || !('body' in node) || !node.body) return null;
  const lineAt = (position: number) => source.getLineAndCharacterOfPosition(position).line;
  return lineAt(node.end) - lineAt(node.getStart(source)) + 1;
}

function functionName(node: ts.Node, source: ts.SourceFile): string {
  const named = node as { name?: ts.Node };
  if (named.name) return named.name.getText(source);
  const parent = node.parent as { name?: ts.Node };
  return parent.name ? parent.name.getText(source) : '(anonymous)';
}

function heldTestOf(node: ts.Node, source: ts.SourceFile): string | null {
  if (!ts.isPropertyAccessExpression(node) || !HELD.has(node.name.text)) return null;
  const first = node.getText(source).split('.')[0] ?? '';
  return TEST_ROOTS.has(first) ? node.getText(source) : null;
}
