/** A PDF 1.4 file from lines of text in Helvetica: catalog, pages, two built-in fonts, cross-reference table. Letter size, points. */

export type PdfText = { x: number; y: number; text: string; size: number; bold: boolean; align?: 'right' };

const WIDTH = 612;
const HEIGHT = 792;
/** Average width of a Helvetica letter against its size; digits are exactly this wide, which is what right alignment is for. */
const LETTER = 0.556;
const NARROW = 0.278;
const FIXED_OBJECTS = 4;

/** The bytes of the file. Characters outside Latin-1 become '?'. */
export function pdfDocument(pages: PdfText[][]): Uint8Array {
  const kids = pages.map((_, index) => `${FIXED_OBJECTS + 1 + index * 2} 0 R`).join(' ');
  const objects = [
    '<< /Type /Catalog /Pages 2 0 R >>',
    `<< /Type /Pages /Kids [${kids}] /Count ${pages.length} >>`,
    fontObject('Helvetica'),
    fontObject('Helvetica-Bold'),
    ...pages.flatMap((texts, index) => pageObjects(texts, FIXED_OBJECTS + 2 + index * 2)),
  ];
  return assemble(objects);
}

function fontObject(name: string): string {
  return `<< /Type /Font /Subtype /Type1 /BaseFont /${name} /Encoding /WinAnsiEncoding >>`;
}

function pageObjects(texts: PdfText[], contentId: number): [string, string] {
  const content = texts.map(drawn).join('\n');
  const page = `<< /Type /Page /Parent 2 0 R /MediaBox [0 0 ${WIDTH} ${HEIGHT}] /Resources << /Font << /F1 3 0 R /F2 4 0 R >> >> /Contents ${contentId} 0 R >>`;
  return [page, `<< /Length ${content.length} >>\nstream\n${content}\nendstream`];
}

function drawn(line: PdfText): string {
  const text = latin(line.text);
  const x = line.align === 'right' ? line.x - widthOf(text) * line.size : line.x;
  return `BT /${line.bold ? 'F2' : 'F1'} ${line.size} Tf ${x.toFixed(2)} ${line.y.toFixed(2)} Td (${text.replace(/[\\()]/g, '\\$&')}) Tj ET`;
}

function widthOf(text: string): number {
  return [...text].reduce((sum, letter) => sum + (/[.,:;'! ]/.test(letter) ? NARROW : LETTER), 0);
}

function latin(text: string): string {
  return [...text].map((letter) => (letter === '\u20ac' ? '\x80' : /[\x20-\x7e\xa0-\xff]/.test(letter) ? letter : '?')).join('');
}

/** Every character is one byte (Latin-1), so offsets are string lengths. */
function assemble(objects: string[]): Uint8Array {
  let file = '%PDF-1.4\n';
  const offsets: number[] = [];
  for (const [index, body] of objects.entries()) {
    offsets.push(file.length);
    file += `${index + 1} 0 obj\n${body}\nendobj\n`;
  }
  const start = file.length;
  const entries = offsets.map((offset) => `${String(offset).padStart(10, '0')} 00000 n \n`).join('');
  file += `xref\n0 ${objects.length + 1}\n0000000000 65535 f \n${entries}trailer\n<< /Size ${objects.length + 1} /Root 1 0 R >>\nstartxref\n${start}\n%%EOF\n`;
  return Buffer.from(file, 'latin1');
}
