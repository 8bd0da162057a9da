/** What the server and its render workers say to each other. */
import type { LintOptions } from '../templates/lint.ts';
import type { RenderInput } from './marked.ts';
import type { CompiledVersion, RenderAnswer } from './render.ts';

export type RenderItem = { version: CompiledVersion; input: RenderInput };
export type CompileAnswer = { html: string; text: string } | { error: string };

export type Work = { kind: 'render'; items: RenderItem[] } | { kind: 'compile'; source: string; options: LintOptions };
export type Done = { kind: 'render'; answers: RenderAnswer[] } | { kind: 'compile'; answer: CompileAnswer };
