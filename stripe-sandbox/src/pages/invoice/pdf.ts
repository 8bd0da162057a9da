import type { Doc, PageAnswer, PageRequest } from '../../kernel/types.ts';
import { addressLines } from '../address.ts';
import { day, money } from '../format.ts';
import { loadInvoice, notFound } from './load.ts';
import { type PdfText, pdfDocument } from './pdf-document.ts';
import { lineRows, statusOf, sumRows } from './rows.ts';

const LEFT = 56;
const RIGHT = 556;
const TOP = 736;
const BOTTOM = 72;
const ROW = 16;

/** GET /i/{token}/pdf: the invoice as a small PDF, made when it is asked for. */
export async function serveInvoicePdf(rq: PageRequest): Promise<PageAnswer> {
  const shown = await loadInvoice(rq);
  if (shown === null) return notFound();
  const { invoice } = shown;
  const name = `Invoice-${String(invoice.number ?? invoice.id).replace(/[^\w-]/g, '')}.pdf`;
  const headers = {
    'content-type': 'application/pdf',
    'content-disposition': `attachment; filename="${name}"`,
    'cache-control': 'no-store',
    'x-content-type-options': 'nosniff',
  };
  return { status: 200, headers, body: pdfDocument(pagesOf(invoice)) };
}

/** Lines flow onto further pages when one is full. */
function pagesOf(invoice: Doc): PdfText[][] {
  const pages: PdfText[][] = [headOf(invoice)];
  let y = TOP - 9 * ROW;
  const write = (left: string, right: string, options: { bold?: boolean; size?: number } = {}) => {
    if (y < BOTTOM) {
      pages.push([]);
      y = TOP;
    }
    const page = pages.at(-1)!;
    const { bold = false, size = 10 } = options;
    page.push({ x: LEFT, y, text: left, bold, size });
    if (right !== '') page.push({ x: RIGHT, y, text: right, bold, size, align: 'right' });
    y -= ROW;
  };
  write('Description', 'Amount', { bold: true });
  for (const row of lineRows(invoice)) {
    write(row.description, row.amount);
    write(row.detail, '', { size: 8 });
  }
  y -= ROW / 2;
  for (const row of sumRows(invoice)) write(row.label, row.amount, { bold: row.strong });
  y -= ROW;
  for (const words of [invoice.description, invoice.footer]) if (words) write(words, '', { size: 9 });
  write('Made by the Stripe Sandbox: no real money.', '', { size: 8 });
  return pages;
}

function headOf(invoice: Doc): PdfText[] {
  const due = invoice.due_date === null ? '' : ` · due ${day(invoice.due_date)}`;
  const texts = [
    { text: invoice.account_name ?? 'Stripe Sandbox', size: 11, bold: true },
    { text: `Invoice ${invoice.number ?? ''}`, size: 18, bold: true },
    { text: `${statusOf(invoice).label} · ${day(invoice.effective_at ?? invoice.created)}${due}`, size: 10, bold: false },
    {
      text: `To ${[invoice.customer_name ?? invoice.customer_email ?? invoice.customer, ...addressLines(invoice.customer_address)].join(', ')}`,
      size: 10,
      bold: false,
    },
    { text: `Total ${money(invoice.total, invoice.currency)}`, size: 14, bold: true },
  ];
  return texts.map((line, index) => ({ ...line, x: LEFT, y: TOP - index * 1.5 * ROW }));
}
