export type Piece = { at: number; text: string; kind: 'text' | 'liquid' | 'directive' | 'front' | 'heading'; level?: 'error' | 'warning' };
type Mark = { level: 'error' | 'warning'; column: number; length: number };

const LIQUID = /\{\{.*?\}\}|\{%.*?%\}/g;

/** One line of a template cut where its colour changes; marked parts carry their level. */
export function piecesOf(line: string, a: { isFront: boolean; marks: Mark[] }): Piece[] {
  const kinds = kindsOf(line, a.isFront);
  const pieces: Piece[] = [];
  for (let at = 0; at < line.length; at += 1) {
    const kind = kinds[at] ?? 'text';
    const level = levelAt(a.marks, at, line.length);
    const last = pieces.at(-1);
    if (last && last.kind === kind && last.level === level) last.text += line[at];
    else pieces.push({ at, text: line[at] ?? '', kind, ...(level && { level }) });
  }
  return pieces;
}

function kindsOf(line: string, isFront: boolean): Piece['kind'][] {
  const base: Piece['kind'] = isFront ? 'front' : /^\s*:::/.test(line) ? 'directive' : /^#{1,6}\s/.test(line) ? 'heading' : 'text';
  const kinds = new Array<Piece['kind']>(line.length).fill(base);
  for (const { index, 0: text } of line.matchAll(LIQUID)) kinds.fill('liquid', index, index + text.length);
  return kinds;
}

/** Columns count from 1; a mark at the end of the line, or without length, takes at least one letter. */
function levelAt(marks: Mark[], at: number, lineLength: number): Mark['level'] | undefined {
  const here = marks.filter(({ column, length }) => {
    const start = Math.min(column - 1, lineLength - 1);
    return at >= start && at < start + Math.max(1, length);
  });
  return here.some(({ level }) => level === 'error') ? 'error' : here[0]?.level;
}
