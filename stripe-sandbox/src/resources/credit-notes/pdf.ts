import type { Doc, PageAnswer, PageRequest } from '../../kernel/types.ts';
import { day, money } from '../../pages/format.ts';
import { type PdfText, pdfDocument } from '../../pages/invoice/pdf-document.ts';
import { messagePage } from '../../pages/layout.ts';

const LEFT = 56;
const RIGHT = 556;
const TOP = 736;
const BOTTOM = 72;
const ROW = 16;

/** GET /credit_notes/{token}/pdf: the credit note as a small PDF, made when it is asked for. */
export async function serveCreditNotePdf(rq: PageRequest): Promise<PageAnswer> {
  const link = await rq.find(rq.path.token ?? '');
  if (link === null || link.doc.object !== 'sandbox.link') return missing();
  const note = await rq.transaction(link.account, (tx) => tx.get(link.doc.ref, { object: 'credit_note' }));
  if (note === undefined) return missing();
  const headers = {
    'content-type': 'application/pdf',
    'content-disposition': `attachment; filename="CreditNote-${String(note.number).replace(/[^\w-]/g, '')}.pdf"`,
    'cache-control': 'no-store',
    'x-content-type-options': 'nosniff',
  };
  return { status: 200, headers, body: pdfDocument(pagesOf(note)) };
}

function pagesOf(note: Doc): PdfText[][] {
  const shown = (amount: number) => money(amount, note.currency);
  const rows: { label: string; amount: string; bold: boolean }[] = [
    ...note.lines.data.map((line: Doc) => ({ label: line.description ?? 'Credit', amount: shown(line.amount), bold: false })),
    ...(note.discount_amount === 0 ? [] : [{ label: 'Discount', amount: shown(-note.discount_amount), bold: false }]),
    ...(note.total_taxes as Doc[]).map((tax) => ({
      label: tax.tax_behavior === 'inclusive' ? 'Tax (included)' : 'Tax',
      amount: shown(tax.amount),
      bold: false,
    })),
    { label: 'Total', amount: shown(note.total), bold: true },
    { label: 'Made by the Stripe Sandbox: no real money.', amount: '', bold: false },
  ];
  const pages: PdfText[][] = [headOf(note)];
  let y = TOP - 4 * ROW;
  for (const row of rows) {
    if (y < BOTTOM) {
      pages.push([]);
      y = TOP;
    }
    pages.at(-1)!.push({ x: LEFT, y, text: row.label, bold: row.bold, size: 10 });
    if (row.amount !== '') pages.at(-1)!.push({ x: RIGHT, y, text: row.amount, bold: row.bold, size: 10, align: 'right' });
    y -= ROW;
  }
  return pages;
}

function headOf(note: Doc): PdfText[] {
  const state = note.status === 'void' ? 'Void' : 'Issued';
  return [
    { text: `Credit note ${note.number}`, size: 18, bold: true, x: LEFT, y: TOP },
    { text: `${state} · ${day(note.effective_at ?? note.created)}`, size: 10, bold: false, x: LEFT, y: TOP - 1.5 * ROW },
  ];
}

function missing(): PageAnswer {
  return messagePage({
    status: 404,
    title: 'This credit note does not exist',
    text: 'Check the address, or ask the sender for a new link.',
  });
}
