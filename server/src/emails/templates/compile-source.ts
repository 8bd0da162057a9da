/** Source text → compiled HTML and text, with the checks that only the compiled form allows. */

import { visibleText } from '../render/audit.ts';
import { CLIPPED_HTML, compileTemplate, MAX_HTML } from './compile.ts';
import { type LintOptions, lintTemplate } from './lint.ts';
import { tokenizeLiquid } from './liquid-tree.ts';
import { FORBIDDEN_LITERALS, findLiterals } from './literals.ts';

export type CompileResult = { html: string; text: string } | { error: string };

/** Compiles a source that passed lint; `error` names the rule it breaks in compiled form. */
export async function compileSource(source: string, options: LintOptions): Promise<CompileResult> {
  const lint = lintTemplate(source, options);
  if (!lint.ok || !lint.spec) return { error: 'The template has errors' };
  const compiled = await compileTemplate({ head: lint.head, blocks: lint.blocks, facts: lint.spec.facts });
  if (compiled.html.length > MAX_HTML)
    return { error: `K8: the HTML has ${compiled.html.length} characters, at most ${MAX_HTML} are allowed` };
  // Marks of Markdown can hide a literal from the source check ("$5**0**"); the compiled text shows it.
  const masked = tokenizeLiquid(compiled.html, 0)
    .map((token) => (token.kind === 'text' ? token.inner : token.kind === 'output' ? '\uE000' : ''))
    .join('');
  const stray = findLiterals(visibleText(masked), options).find((hit) => FORBIDDEN_LITERALS.has(hit.kind));
  if (stray) return { error: `L3.2: "${stray.text}" must be a fact` };
  return compiled;
}

export const isClipped = (html: string) => html.length > CLIPPED_HTML;
