/** G3: for each rendered piece, where it stands and where it comes from. */
import { stringify } from '../../kit/database.ts';
import type { Fact } from '../facts/fact.ts';
import type { RenderAnswer } from '../render/render.ts';

export type ProvenanceRow = {
  part: string;
  offset: number;
  text: string;
  path: string;
  object: string;
  id: string;
  field: string;
  value: unknown;
  event_id: string | null;
  read_at: string;
};

/** The pieces of a rendered mail with the sources of their facts. */
export function provenanceOf(answer: Extract<RenderAnswer, { kind: 'rendered' }>, facts: Fact[]): ProvenanceRow[] {
  const single = new Map(facts.filter((fact) => fact.type !== 'list').map((fact) => [fact.path, fact]));
  const cells = facts.filter((fact) => fact.type === 'list').flatMap((fact) => (fact.value as Fact[][]).flat());
  const cellOf = cellFinder(cells, answer);
  return answer.pieces.map((piece) => {
    const path = answer.facts[piece.index]!.path;
    const fact = single.get(path) ?? cellOf(piece.index);
    const { object = '', id = '', field = '', event_id: eventId = null, read_at: readAt = '' } = fact?.source ?? {};
    return {
      part: piece.part,
      offset: piece.offset,
      text: piece.text,
      path,
      object,
      id,
      field,
      value: plain(fact?.value),
      event_id: eventId,
      read_at: readAt,
    };
  });
}

/** Rows of lists are marked in the order they are stored, so the n-th mark of a list is its n-th cell. */
function cellFinder(cells: Fact[], answer: Extract<RenderAnswer, { kind: 'rendered' }>): (index: number) => Fact | undefined {
  const paths = new Set(cells.map((cell) => cell.path));
  const first = answer.facts.findIndex((fact) => paths.has(fact.path));
  return (index) => (first < 0 ? undefined : cells[index - first]);
}

/** The raw value as plain JSON. */
function plain(value: unknown): unknown {
  return value === undefined ? null : JSON.parse(stringify(value));
}
