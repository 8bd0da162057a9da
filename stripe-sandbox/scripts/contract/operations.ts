/** Finds every operation of the SDK: verb and path in the .js files, parameter and response types in the sibling .d.ts. */
import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import ts from 'typescript-api';

export type Operation = { method: string; path: string; sdk: string; file: string; className: string; methodName: string };

export function resourceFiles(root: string): string[] {
  return readdirSync(root, { recursive: true, encoding: 'utf8' })
    .filter((name) => name.endsWith('.js') && !name.endsWith('index.js'))
    .map((name) => join(root, name))
    .sort();
}

/** `this._makeRequest('POST', `/v1/customers/${…}`, …)` in each method of each resource class. */
export function operationsIn(file: string): Operation[] {
  const source = ts.createSourceFile(file, readFileSync(file, 'utf8'), ts.ScriptTarget.ESNext, true);
  const found: Operation[] = [];
  const visitMethod = (className: string, methodName: string, node: ts.Node): void => {
    if (ts.isCallExpression(node) && ts.isPropertyAccessExpression(node.expression) && node.expression.name.text === '_makeRequest') {
      const [verb, path] = node.arguments;
      // A call whose path is a variable follows a link of its answer; it names no route.
      if (verb !== undefined && path !== undefined && ts.isStringLiteral(verb) && isPath(path)) {
        const sdk = `${className.replace(/Resource$/, '')}.${methodName}`;
        found.push({ method: verb.text, path: template(path), sdk, file, className, methodName });
      }
    }
    ts.forEachChild(node, (child) => visitMethod(className, methodName, child));
  };
  for (const statement of source.statements) {
    if (!ts.isClassDeclaration(statement)) continue;
    for (const member of statement.members) {
      if (ts.isMethodDeclaration(member) && ts.isIdentifier(member.name)) visitMethod(statement.name?.text ?? '', member.name.text, member);
    }
  }
  return found;
}

function isPath(node: ts.Expression): boolean {
  return ts.isStringLiteral(node) || ts.isNoSubstitutionTemplateLiteral(node) || ts.isTemplateExpression(node);
}

/** `${encodeURIComponent(id)}` becomes `{id}`. */
function template(node: ts.Expression): string {
  if (ts.isStringLiteral(node) || ts.isNoSubstitutionTemplateLiteral(node)) return node.text;
  if (!ts.isTemplateExpression(node)) throw new Error(`Unreadable path: ${node.getText()}`);
  return node.templateSpans.reduce((path, span) => {
    const call = span.expression;
    const name = ts.isCallExpression(call) ? call.arguments[0]!.getText() : call.getText();
    return `${path}{${name}}${span.literal.text}`;
  }, node.head.text);
}
