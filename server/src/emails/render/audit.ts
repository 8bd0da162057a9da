/** L5: takes the marks out of a rendered text, keeps where each fact stands, and judges what is left. */
import { FORBIDDEN_LITERALS, findLiterals } from '../templates/literals.ts';
import { CLOSE, MIDDLE, OPEN } from './marked.ts';

/** One printed fact: which one, the text shown, and its offset in the finished part. */
export type Piece = { index: number; offset: number; text: string };
export type Audited = { text: string; pieces: Piece[]; skeleton: string };

/** Splits a rendered text into the finished text, its facts, and the skeleton (facts replaced by one mark). */
export function takeMarks(rendered: string): Audited {
  const parts = rendered.split(OPEN);
  let text = parts[0]!;
  let skeleton = text;
  const pieces: Piece[] = [];
  for (let i = 1; i < parts.length; i++) {
    const part = parts[i]!;
    const middle = part.indexOf(MIDDLE);
    const close = part.indexOf(CLOSE, middle);
    const shown = part.slice(middle + 1, close);
    const rest = part.slice(close + 1);
    pieces.push({ index: Number(part.slice(0, middle)), offset: text.length, text: shown });
    text += shown + rest;
    skeleton += OPEN + rest;
  }
  return { text, pieces, skeleton };
}

/** Skeletons already judged: a template has few, a day has many mails. */
const SKELETONS_KEPT = 500;

/** Judges skeletons, remembering verdicts. `found` is the first literal that no fact accounts for, null when there is none. */
export function skeletonJudge(ownDomains: readonly string[]): (kind: 'html' | 'text', skeleton: string) => string | null {
  const verdicts = new Map<string, string | null>();
  return (kind, skeleton) => {
    const known = verdicts.get(skeleton);
    if (known !== undefined) return known;
    const verdict = straySaid(kind === 'html' ? visibleText(skeleton) : skeleton, ownDomains);
    if (verdicts.size >= SKELETONS_KEPT) verdicts.clear();
    verdicts.set(skeleton, verdict);
    return verdict;
  };
}

function straySaid(text: string, ownDomains: readonly string[]): string | null {
  const stray = findLiterals(text, { ownDomains }).find((hit) => FORBIDDEN_LITERALS.has(hit.kind));
  return stray ? `${stray.kind}: ${stray.text.replaceAll(OPEN, '…')}` : null;
}

/** What a reader of the HTML can see or follow: text, link targets, titles and alternative texts. */
export function visibleText(html: string): string {
  const targets: string[] = [];
  const withoutHead = html.replace(/<!--[\s\S]*?-->/g, ' ').replace(/<(head|style|title)\b[\s\S]*?<\/\1>/gi, ' ');
  for (const match of withoutHead.matchAll(/\s(?:href|src|alt|title)\s*=\s*(?:"([^"]*)"|'([^']*)')/gi))
    targets.push(match[1] ?? match[2] ?? '');
  // Inline tags join what they separate ("$5<b>0</b>" reads as one amount); block tags part it.
  const text = withoutHead.replace(/<\/?(?:b|strong|i|em|u|span|a|code|s|sub|sup|small)\b[^>]*>/gi, '').replace(/<[^>]*>/g, '\n');
  return `${decodeEntities(text)}\n${decodeEntities(targets.join('\n'))}`;
}

const NAMED: Record<string, string> = {
  amp: '&',
  lt: '<',
  gt: '>',
  quot: '"',
  apos: "'",
  nbsp: '\u00a0',
  euro: '€',
  pound: '£',
  yen: '¥',
  dollar: '$',
};

export function decodeEntities(text: string): string {
  return text.replace(/&(?:#(\d+)|#x([0-9a-f]+)|([a-z]+));/gi, (all, dec, hex, name) => {
    if (name) return NAMED[name.toLowerCase()] ?? all;
    const code = dec ? Number(dec) : Number.parseInt(hex, 16);
    return code > 0 && code <= 0x10ffff ? String.fromCodePoint(code) : all;
  });
}
