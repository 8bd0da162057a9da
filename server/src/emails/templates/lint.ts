/** Save-time lint of a template: everything that can be known without a customer (email.md L2, L3, K1, K8). */
import type { TriggerSpec } from '../facts/fact.ts';
import { TRIGGERS, triggerSpec } from '../facts/triggers.ts';
import { type Block, parseDirectives } from './directives.ts';
import { type FrontMatter, type FrontMatterValue, parseFrontMatter } from './front-matter.ts';
import { type Finding, type LintIssue, toIssues } from './issue.ts';
import { lintBlocks, lintText } from './lint-fields.ts';
import { tokenizeLiquid } from './liquid-tree.ts';
import { FORBIDDEN_LITERALS, findLiterals, type Literal, type LiteralKind } from './literals.ts';
import { nearest } from './nearest.ts';

/** Characters of a source (K1) and of a subject before a warning (K8). */
const MAX_SOURCE = 200_000;
const LONG_SUBJECT = 70;

export type AuthorKind = 'person' | 'composer' | 'model' | 'agent';
export type Head = {
  trigger: string;
  variant: string;
  class: 'transactional' | 'marketing' | 'operator';
  locale: string;
  subject: string;
  preheader: string;
};
export type LintResult = {
  issues: LintIssue[];
  ok: boolean;
  head: Head;
  spec: TriggerSpec | undefined;
  blocks: Block[];
  fieldsUsed: string[];
  literals: Literal[];
};
export type LintOptions = {
  authorKind?: AuthorKind;
  planNames?: readonly string[];
  ownDomains?: readonly string[];
  acknowledged?: readonly string[];
};

/** Reads and judges a Markdown template. `ok` means that it may be approved; nothing is stored here. */
export function lintTemplate(source: string, options: LintOptions = {}): LintResult {
  const findings: Finding[] = [];
  if (source.length > MAX_SOURCE)
    findings.push({
      level: 'error',
      rule: 'K1',
      message: `A template has at most ${MAX_SOURCE} characters`,
      offset: 0,
      found: `${source.length}`,
    });
  checkCharacters(source, findings);
  const front = parseFrontMatter(source, findings);
  const spec = specOf(front, findings);
  const head = headOf(front, spec, findings);
  const blocks = parseDirectives(front.body, front.bodyOffset, findings);
  const used = new Set<string>();
  if (spec) {
    for (const part of [front.values.subject, front.values.preheader]) {
      if (part) lintText({ text: part.text, offset: part.offset, spec, variant: head.variant, findings, used });
    }
    lintBlocks({ blocks, spec, variant: head.variant, findings, used });
  }
  const literals = lintLiterals(front, blocks, options, findings);
  lintClass(head, used, front, findings);
  const issues = toIssues(source, findings);
  return { issues, ok: !issues.some((issue) => issue.level === 'error'), head, spec, blocks, fieldsUsed: [...used].sort(), literals };
}

/** Private-use characters carry our own marks through rendering, so no source may hold them. */
function checkCharacters(source: string, findings: Finding[]): void {
  const bad = /(?![\n\r\t\u00AD]|\u200C|\u200D)\p{C}/u.exec(source);
  if (bad)
    findings.push({
      level: 'error',
      rule: 'L5.4',
      message: 'Control and private-use characters are not allowed',
      offset: bad.index,
      found: `U+${bad[0].codePointAt(0)!.toString(16).toUpperCase().padStart(4, '0')}`,
    });
}

function specOf(front: FrontMatter, findings: Finding[]): TriggerSpec | undefined {
  const name = front.values.trigger;
  const spec = name ? triggerSpec(name.text) : undefined;
  if (spec) return spec;
  const near = name
    ? nearest(
        name.text,
        TRIGGERS.map((t) => t.trigger),
      )
    : undefined;
  findings.push({
    level: 'error',
    rule: 'F1',
    message: name ? `There is no trigger "${name.text}"` : 'The head names no trigger',
    offset: name?.offset ?? 0,
    found: name?.text ?? '',
    ...(near ? { suggestion: near } : {}),
  });
  return undefined;
}

function headOf(front: FrontMatter, spec: TriggerSpec | undefined, findings: Finding[]): Head {
  const { values } = front;
  const bad = (value: FrontMatterValue, rule: string, message: string) =>
    findings.push({ level: 'error', rule, message, offset: value.offset, found: value.text });
  const variant = values.variant?.text ?? 'default';
  if (spec && values.variant && !spec.variants.includes(variant))
    bad(values.variant, 'R5', `${spec.trigger} has the variants ${spec.variants.join(', ')}`);
  const cls = values.class?.text ?? spec?.class ?? 'transactional';
  if (values.class && spec && cls !== spec.class) bad(values.class, 'U6', `A template of ${spec.trigger} is ${spec.class}`);
  const locale = values.locale?.text ?? 'en';
  if (values.locale && !/^[a-z]{2}(-[A-Z]{2})?$/.test(locale)) bad(values.locale, 'K9', 'A locale is written like "en" or "pt-BR"');
  if (!values.subject || values.subject.text.trim() === '')
    findings.push({ level: 'error', rule: 'K1', message: 'A template needs a subject', offset: values.subject?.offset ?? 0, found: '' });
  else if (tokenizeLiquid(values.subject.text, 0).reduce((n, t) => n + (t.kind === 'text' ? t.inner.length : 10), 0) > LONG_SUBJECT) {
    findings.push({
      level: 'warning',
      rule: 'K8',
      message: `A subject over ${LONG_SUBJECT} characters is cut by most mail programs`,
      offset: values.subject.offset,
      found: values.subject.text,
    });
  }
  if (!values.preheader)
    findings.push({
      level: 'warning',
      rule: 'K8',
      message: 'Without a preheader, mail programs show the first words of the text',
      offset: 0,
      found: 'preheader',
    });
  return {
    trigger: values.trigger?.text ?? '',
    variant,
    class: cls as Head['class'],
    locale,
    subject: values.subject?.text ?? '',
    preheader: values.preheader?.text ?? '',
  };
}

/** L3: what only facts may say, said by the author. Positions are those of the source. */
function lintLiterals(front: FrontMatter, blocks: Block[], options: LintOptions, findings: Finding[]): Literal[] {
  const all: Literal[] = [];
  const parts = [front.values.subject, front.values.preheader].filter((part) => part !== undefined);
  for (const { text, offset } of [...parts, ...textsOf(blocks)]) {
    for (const hit of findLiterals(maskLiquid(text), options)) {
      const literal = { ...hit, start: hit.start + offset, end: hit.end + offset, text: text.slice(hit.start, hit.end) };
      all.push(literal);
      const rule = FORBIDDEN_LITERALS.has(hit.kind) ? 'L3.2' : 'L3.3';
      const level = FORBIDDEN_LITERALS.has(hit.kind) || isMachine(options.authorKind) ? 'error' : 'warning';
      if (level === 'warning' && options.acknowledged?.includes(literal.text)) continue;
      findings.push({
        level,
        rule,
        message: `${WHAT[hit.kind]} "${literal.text}" must be a fact`,
        offset: literal.start,
        found: literal.text,
      });
    }
  }
  return all;
}

const WHAT: Record<LiteralKind, string> = {
  money: 'The amount',
  percent: 'The percentage',
  date: 'The date',
  duration: 'The duration',
  card: 'The card number',
  number: 'The number',
  url: 'The address',
  email: 'The e-mail address',
  plan: 'The plan name',
};

const isMachine = (kind: AuthorKind | undefined) => kind === 'model' || kind === 'agent';

/** Liquid replaced by as many fact marks, so that offsets stay and glued signs are seen. */
function maskLiquid(text: string): string {
  const strings = (inner: string) => [...inner.matchAll(/"[^"]*"|'[^']*'/g)].map((m) => m[0].slice(1, -1)).join(' ');
  return tokenizeLiquid(text, 0)
    .map((token) => {
      if (token.kind === 'text') return token.inner;
      const length = token.end - token.offset;
      // A default's text is shown, so it is looked at like the rest; the mark keeps its neighbours honest.
      const shown = token.kind === 'output' ? strings(token.inner).slice(0, length - 2) : '';
      return shown === '' ? '\uE000'.repeat(length) : `\uE000${shown}${'\uE000'.repeat(length - 1 - shown.length)}`;
    })
    .join('');
}

function textsOf(blocks: Block[]): { text: string; offset: number }[] {
  return blocks.flatMap((block): { text: string; offset: number }[] => {
    if (block.kind === 'markdown') return [{ text: block.text, offset: block.offset }];
    if (block.kind === 'button') return textsOf(block.label);
    if (block.kind === 'panel' || block.kind === 'if') return textsOf(block.body);
    if (block.kind === 'fact') return [{ text: block.label, offset: block.pathOffset + block.path.length + 2 }];
    return [];
  });
}

/** L2.5: what a class of mail must, or must not, say. */
function lintClass(head: Head, used: Set<string>, front: FrontMatter, findings: Finding[]): void {
  if (head.class === 'marketing') {
    for (const path of ['links.unsubscribe', 'brand.postal_address']) {
      if (!used.has(path))
        findings.push({
          level: 'error',
          rule: 'L2.5',
          message: `A marketing mail must show ${path}`,
          offset: front.bodyOffset,
          found: path,
        });
    }
    return;
  }
  const promotion = /\b(coupon|discount|upgrade|special offer|rabatt|gutschein|remise|descuento)\b/i.exec(head.subject);
  if (promotion && front.values.subject)
    findings.push({
      level: 'error',
      rule: 'L2.5',
      message: 'The subject of a transactional mail does not advertise',
      offset: front.values.subject.offset + promotion.index,
      found: promotion[0],
    });
}
