import { describe, expect, it } from 'vitest';
import { piecesOf } from './source-pieces.ts';

describe('the letters of the template editor', () => {
  it('colours Liquid, directives and headings, and loses no letter', () => {
    const line = 'We charged {{ invoice.paid_amount | money }} today.';
    const pieces = piecesOf(line, { isFront: false, marks: [] });
    expect(pieces.map(({ kind }) => kind)).toEqual(['text', 'liquid', 'text']);
    expect(pieces.map(({ text }) => text).join('')).toBe(line);
    expect(piecesOf('::: button {url=links.pay}', { isFront: false, marks: [] })[0]?.kind).toBe('directive');
    expect(piecesOf('# Hello', { isFront: false, marks: [] })[0]?.kind).toBe('heading');
    expect(piecesOf('subject: Hello', { isFront: true, marks: [] })[0]?.kind).toBe('front');
  });

  it('underlines exactly what lint found, at its column', () => {
    const pieces = piecesOf('Hello {{ customer.nme }}', { isFront: false, marks: [{ level: 'error', column: 10, length: 12 }] });
    expect(pieces.find(({ level }) => level === 'error')?.text).toBe('customer.nme');
  });

  it('marks the last letter where the problem is the end of the line', () => {
    const pieces = piecesOf('{{ a', { isFront: false, marks: [{ level: 'error', column: 5, length: 0 }] });
    expect(pieces.at(-1)).toMatchObject({ text: 'a', level: 'error' });
  });
});
