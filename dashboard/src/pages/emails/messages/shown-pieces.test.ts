import { expect, it } from 'vitest';
import { shownPieces } from './shown-pieces.ts';

it('email G3 points only at what a reader sees: not at the title, not at attributes', () => {
  const html =
    '<html><head><title>Receipt INV-1</title></head><body aria-label="Receipt INV-1"><p>Hello Ada</p><a href="https://x/INV-1">INV-1</a></body></html>';
  const at = (text: string, nth: number) => {
    let offset = -1;
    for (let count = 0; count < nth; count += 1) offset = html.indexOf(text, offset + 1);
    return { part: 'html', offset, text };
  };
  const all = [at('INV-1', 1), at('INV-1', 2), at('Ada', 1), at('INV-1', 3), at('INV-1', 4), { ...at('Ada', 1), part: 'text' }];
  expect(shownPieces(html, all)).toEqual([at('Ada', 1), at('INV-1', 4)]);
});
