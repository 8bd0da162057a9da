import { describe, expect, it } from 'vitest';
import { diffLines } from './diff-lines.ts';

describe('the difference of two template versions', () => {
  it('keeps what is common and names what went and came', () => {
    const lines = diffLines('Hello\nold line\nBye', 'Hello\nnew line\nanother\nBye');
    expect(lines.map(({ kind, text }) => `${kind[0]} ${text}`)).toEqual(['s Hello', 'r old line', 'a new line', 'a another', 's Bye']);
  });

  it('finds nothing between equal texts, and everything between strangers', () => {
    expect(diffLines('a\nb', 'a\nb').every(({ kind }) => kind === 'same')).toBe(true);
    expect(diffLines('a', 'b').map(({ kind }) => kind)).toEqual(['removed', 'added']);
  });

  it('rebuilds both texts from its lines', () => {
    const before = 'a\nb\nc\nd\ne';
    const after = 'b\nx\nd\ne\nf';
    const lines = diffLines(before, after);
    const side = (gone: string) =>
      lines
        .filter(({ kind }) => kind !== gone)
        .map(({ text }) => text)
        .join('\n');
    expect([side('added'), side('removed')]).toEqual([before, after]);
  });
});
