/** Renders one message from a version and its facts, and audits it. Pure and synchronous; runs inside a worker thread. */
import type { Template } from 'liquidjs';
import { type Piece, skeletonJudge, takeMarks } from './audit.ts';
import { type Engine, htmlEngine, textEngine } from './engine.ts';
import { markFacts, type RenderFact, type RenderInput } from './marked.ts';

/** Characters of a finished body (K13). */
const MAX_OUTPUT = 256 * 1024;

export type CompiledVersion = { id: string; subject: string; preheader: string; html: string; text: string };
export type PartName = 'subject' | 'preheader' | 'html' | 'text';
/** Where one fact is shown. `index` points into `facts` of the answer. */
export type ProvenancePiece = Piece & { part: PartName };

export type RenderAnswer =
  | { kind: 'rendered'; subject: string; html: string; text: string; pieces: ProvenancePiece[]; facts: RenderFact[] }
  | { kind: 'refused'; field: string; reason: string };

export type Renderer = (version: CompiledVersion, input: RenderInput) => RenderAnswer;

const VERSIONS_KEPT = 300;

/** A renderer with its own engines and cache of parsed versions. */
export function makeRenderer(ownDomains: readonly string[]): Renderer {
  const html = htmlEngine();
  const text = textEngine();
  const judge = skeletonJudge(ownDomains);
  const parsed = new Map<string, Record<PartName, Template[]>>();
  return (version, input) => {
    let templates = parsed.get(version.id);
    if (!templates) {
      if (parsed.size >= VERSIONS_KEPT) parsed.clear();
      templates = {
        subject: text.parse(version.subject),
        preheader: text.parse(version.preheader),
        html: html.parse(version.html),
        text: text.parse(version.text),
      };
      parsed.set(version.id, templates);
    }
    return renderParts({ templates, input, html, text, judge });
  };
}

function renderParts(a: {
  templates: Record<PartName, Template[]>;
  input: RenderInput;
  html: Engine;
  text: Engine;
  judge: ReturnType<typeof skeletonJudge>;
}): RenderAnswer {
  const { scope, facts } = markFacts(a.input);
  const pieces: ProvenancePiece[] = [];
  const parts: Record<PartName, string> = { subject: '', preheader: '', html: '', text: '' };
  for (const part of ['subject', 'preheader', 'html', 'text'] as const) {
    const engine = part === 'html' ? a.html : a.text;
    const rendered = engine.render(a.templates[part], scope);
    const audited = takeMarks(part === 'html' ? rendered : tidy(rendered, part));
    const stray = a.judge(part === 'html' ? 'html' : 'text', audited.skeleton);
    if (stray) return { kind: 'refused', field: part, reason: `ungrounded ${stray}` };
    if (audited.text.length > MAX_OUTPUT) return { kind: 'refused', field: part, reason: 'too_long' };
    if (/[\uE000-\uE002]/.test(audited.text)) return { kind: 'refused', field: part, reason: 'mark_left' };
    for (const piece of audited.pieces) pieces.push({ part, ...piece });
    parts[part] = audited.text;
  }
  const differs = differentFacts(pieces, a.templates);
  if (differs !== null) return { kind: 'refused', field: facts[differs]?.path ?? 'text', reason: 'html_and_text_differ' };
  if (parts.subject.trim() === '') return { kind: 'refused', field: 'subject', reason: 'empty' };
  return { kind: 'rendered', subject: parts.subject, html: parts.html, text: parts.text, pieces, facts };
}

/** One line for heads, no runs of empty lines in the text: done while the marks are still there, so offsets stay true. */
function tidy(text: string, part: PartName): string {
  if (part === 'text')
    return `${text
      .replace(/[ \t]+$/gm, '')
      .replace(/\n{3,}/g, '\n\n')
      .trim()}\n`;
  return text.replace(/[\r\n\t]+/g, ' ').trim();
}

/** L5.3: the first fact that only one of html and text shows, or that they show differently. */
function differentFacts(pieces: ProvenancePiece[], templates: Record<PartName, Template[]>): number | null {
  if (templates.html.length === 0) return null;
  const shown = (part: PartName, isHtml: boolean) =>
    new Set(
      pieces.filter((piece) => piece.part === part).map((piece) => `${piece.index} ${isHtml ? unescapeHtml(piece.text) : piece.text}`),
    );
  // The title and the hidden preheader repeat the head in the html only.
  const html = shown('html', true);
  const text = shown('text', false);
  const head = new Set([...shown('subject', false), ...shown('preheader', false)]);
  for (const key of text) if (!html.has(key)) return Number.parseInt(key, 10);
  for (const key of html) if (!text.has(key) && !head.has(key)) return Number.parseInt(key, 10);
  return null;
}

function unescapeHtml(text: string): string {
  return text.includes('&')
    ? text.replace(/&(amp|lt|gt|quot|#39);/g, (_, name: string) => ({ amp: '&', lt: '<', gt: '>', quot: '"', '#39': "'" })[name]!)
    : text;
}
