/** Compiles the shipped templates once, at development time: `node server/src/emails/defaults/generate.ts`. A test fails when the result is stale. */
import { createHash } from 'node:crypto';
import { writeFile } from 'node:fs/promises';
import { compileSource } from '../templates/compile-source.ts';
import { type LintResult, lintTemplate } from '../templates/lint.ts';
import { DEFAULT_SOURCES } from './sources.ts';

export type CompiledDefaults = Record<string, Pick<LintResult, 'head' | 'issues' | 'fieldsUsed'> & { html: string; text: string }>;

/** Compiled texts and what the lint says of them, by the hash of their source. Throws where a shipped template is unsound. */
export async function compileDefaults(): Promise<CompiledDefaults> {
  const compiled: CompiledDefaults = {};
  for (const source of DEFAULT_SOURCES) {
    const result = await compileSource(source, { authorKind: 'composer' });
    if ('error' in result) throw new Error(`${source.slice(0, 60)}: ${result.error}`);
    const { head, issues, fieldsUsed } = lintTemplate(source, { authorKind: 'composer' });
    compiled[createHash('sha256').update(source).digest('hex')] = { head, issues, fieldsUsed, ...result };
  }
  return compiled;
}

/** The generated file's text. */
export function fileText(compiled: CompiledDefaults): string {
  return `${JSON.stringify({ generated_by: 'server/src/emails/defaults/generate.ts', compiled }, null, 1)}\n`;
}

/** For `npm run generate`. */
export async function generate(): Promise<{ path: string; text: string }[]> {
  return [{ path: 'server/src/emails/defaults/compiled.generated.json', text: fileText(await compileDefaults()) }];
}

if (import.meta.main) await writeFile(new URL('./compiled.generated.json', import.meta.url), fileText(await compileDefaults()));
