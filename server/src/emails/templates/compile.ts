/** Publishing compiles a template once (K3): Markdown → MJML → HTML with inlined styles, and text from the same tree. */
import MarkdownIt from 'markdown-it';
import mjml2html from 'mjml';
import type { FactSchema } from '../facts/fact.ts';
import type { Block } from './directives.ts';
import type { Head } from './lint.ts';
import { tokenizeLiquid } from './liquid-tree.ts';
import type { Markdown } from './markdown-text.ts';
import { markdownToText } from './markdown-text.ts';
import { wrapMjml } from './wrapper.ts';

/** Bytes of a compiled HTML that are refused, and that draw a warning because clients clip them (K8). */
export const MAX_HTML = 256 * 1024;
export const CLIPPED_HTML = 100 * 1024;

export type Compiled = { html: string; text: string };

/** Compiles the blocks of a linted template. Throws when MJML refuses what we built, which is a fault of ours. */
export async function compileTemplate(a: { head: Head; blocks: Block[]; facts: FactSchema }): Promise<Compiled> {
  const liquid: string[] = [];
  const hold: Hold = (code) => `\uE100${liquid.push(code) - 1}\uE101`;
  const release = (text: string) => text.replace(/\uE100(\d+)\uE101/g, (_, index: string) => liquid[Number(index)]!);
  const md = markdown();
  const body = a.blocks.map((block) => blockMjml(block, { md, hold, facts: a.facts })).join('\n');
  const document = wrapMjml({
    title: holdAll(a.head.subject, hold),
    preheader: holdAll(a.head.preheader, hold),
    locale: a.head.locale,
    body,
    footer: hold('{{ brand.name }}'),
  });
  const { html, errors } = await mjml2html(document, { fonts: {}, validationLevel: 'soft', keepComments: false });
  if (errors.length > 0) throw new Error(`MJML refused the compiled template: ${errors.map((e) => e.formattedMessage).join('; ')}`);
  const text = [...a.blocks.map((block) => blockText(block, { md, hold, facts: a.facts })), `--\n${hold('{{ brand.name }}')}`].join('\n\n');
  return { html: release(compact(html)), text: release(text) };
}

/** MJML indents what it writes; a mail needs no indentation, except inside preformatted text. */
function compact(html: string): string {
  return html.includes('<pre') ? html : html.replace(/[ \t]*\n\s*/g, '\n');
}

type Hold = (code: string) => string;
type Tools = { md: Markdown; hold: Hold; facts: FactSchema };

/** Markdown without raw HTML; Liquid is held out of it, so links may point to facts. */
function markdown(): Markdown {
  const md = new MarkdownIt({ html: false, linkify: false, typographer: false, breaks: false });
  md.normalizeLink = (url) => url;
  md.validateLink = (url) => /^(?:https?:\/\/|mailto:|\uE100\d+\uE101$)/.test(url);
  md.disable('image');
  return md;
}

/** Every Liquid token of a text replaced by a mark that Markdown and MJML leave alone. */
function holdAll(text: string, hold: Hold): string {
  return tokenizeLiquid(text, 0)
    .map((token) => (token.kind === 'text' ? token.inner : hold(text.slice(token.offset, token.end))))
    .join('');
}

function blockMjml(block: Block, t: Tools): string {
  switch (block.kind) {
    case 'markdown':
      return `<mj-text>${t.md.render(holdAll(block.text, t.hold))}</mj-text>`;
    case 'button':
      return `<mj-button href="${t.hold(`{{ ${block.path} }}`)}">${inlineOf(block.label, t)}</mj-button>`;
    case 'panel':
      return `<mj-raw><tr><td class="panel"><table width="100%" cellpadding="0" cellspacing="0" role="presentation"><tbody></mj-raw>${block.body.map((b) => blockMjml(b, t)).join('\n')}<mj-raw></tbody></table></td></tr></mj-raw>`;
    case 'if':
      return `<mj-raw>${t.hold(`{% if ${block.path} %}`)}</mj-raw>${block.body.map((b) => blockMjml(b, t)).join('\n')}<mj-raw>${t.hold('{% endif %}')}</mj-raw>`;
    case 'lines':
      return `<mj-table css-class="lines">${t.hold(`{% for line in ${block.path} %}`)}<tr>${columns(block.path, t.facts)
        .map((name, i) => `<td${i === 0 ? '' : ' align="right"'}>${t.hold(`{{ line.${name} }}`)}</td>`)
        .join('')}</tr>${t.hold('{% endfor %}')}</mj-table>`;
    case 'fact':
      return `<mj-table css-class="fact"><tr><td>${t.md.utils.escapeHtml(block.label)}</td><td align="right"><strong>${t.hold(`{{ ${block.path} }}`)}</strong></td></tr></mj-table>`;
    case 'divider':
      return '<mj-divider />';
  }
}

function inlineOf(blocks: Block[], t: Tools): string {
  return blocks.map((block) => (block.kind === 'markdown' ? t.md.renderInline(holdAll(block.text.trim(), t.hold)) : '')).join(' ');
}

/** The columns of a list of rows: what it is, then what it costs. */
function columns(path: string, facts: FactSchema): string[] {
  const item = (Object.hasOwn(facts, path) ? facts[path]?.item : undefined) ?? {};
  return Object.keys(item).filter((name) => name !== 'quantity');
}

function blockText(block: Block, t: Tools): string {
  switch (block.kind) {
    case 'markdown':
      return markdownToText(t.md, holdAll(block.text, t.hold));
    case 'button':
      return `${block.label.map((b) => (b.kind === 'markdown' ? markdownToText(t.md, holdAll(b.text, t.hold)) : '')).join(' ')}:\n${t.hold(`{{ ${block.path} }}`)}`;
    case 'panel':
      return block.body.map((b) => blockText(b, t)).join('\n\n');
    case 'if':
      return `${t.hold(`{% if ${block.path} %}`)}${block.body.map((b) => blockText(b, t)).join('\n\n')}${t.hold('{% endif %}')}`;
    case 'lines':
      return `${t.hold(`{% for line in ${block.path} %}`)}${columns(block.path, t.facts)
        .map((name) => t.hold(`{{ line.${name} }}`))
        .join('   ')}\n${t.hold('{% endfor %}')}`;
    case 'fact':
      return `${block.label}: ${t.hold(`{{ ${block.path} }}`)}`;
    case 'divider':
      return '----------';
  }
}
