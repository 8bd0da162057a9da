import type { ProvenancePiece } from '../../../api/types.ts';

/** The pieces of a mail's HTML that a reader sees as text, in order: not those in the head, in hidden attributes or in addresses. */
export function shownPieces<T extends Pick<ProvenancePiece, 'part' | 'offset' | 'text'>>(html: string, pieces: T[]): T[] {
  const body = html.search(/<body[\s>]/i);
  return pieces
    .filter(({ part, offset }) => part === 'html' && offset > body && !isInsideTag(html, offset))
    .sort((a, b) => a.offset - b.offset);
}

function isInsideTag(html: string, offset: number): boolean {
  return html.lastIndexOf('<', offset) > html.lastIndexOf('>', offset - 1);
}
