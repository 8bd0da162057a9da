/** The lines and sums of an invoice as text: the page and the PDF show the same. */
import type { Doc } from '../../kernel/types.ts';
import { day, money } from '../format.ts';

export type LineRow = { description: string; detail: string; amount: string };
export type SumRow = { label: string; amount: string; strong: boolean };

export function lineRows(invoice: Doc): LineRow[] {
  return invoice.lines.data.map((line: Doc) => ({
    description: line.description ?? 'Item',
    detail: `${line.quantity === null ? '' : `Quantity ${line.quantity_decimal ?? line.quantity} · `}${periodOf(line.period)}`,
    amount: money(line.amount, invoice.currency),
  }));
}

/** Discount, billing credits, tax and balance only where there are any. */
export function sumRows(invoice: Doc): SumRow[] {
  const { currency } = invoice;
  const rows: SumRow[] = [];
  const add = (label: string, amount: number, strong = false) => rows.push({ label, amount: money(amount, currency), strong });
  add('Subtotal', invoice.subtotal);
  const discount = sum(invoice.total_discount_amounts);
  if (discount > 0) add('Discount', -discount);
  const credits = sum((invoice.total_pretax_credit_amounts ?? []).filter((part: Doc) => part.type === 'credit_balance_transaction'));
  if (credits > 0) add('Credit grant applied', -credits);
  const tax = sum(invoice.total_taxes);
  if (tax > 0) add('Tax', tax);
  add('Total', invoice.total, true);
  if (invoice.amount_due !== invoice.total) add('Customer balance', invoice.amount_due - invoice.total);
  if (invoice.amount_paid > 0) add('Paid', -invoice.amount_paid);
  add('Amount due', invoice.status === 'paid' ? 0 : invoice.amount_remaining, true);
  return rows;
}

export function statusOf(invoice: Doc): { label: string; tone: 'good' | 'bad' | 'warn' | '' } {
  switch (invoice.status) {
    case 'paid':
      return { label: 'Paid', tone: 'good' };
    case 'void':
      return { label: 'Void', tone: '' };
    case 'uncollectible':
      return { label: 'Uncollectible', tone: 'bad' };
    default:
      return { label: 'Open', tone: 'warn' };
  }
}

function periodOf(period: { start: number; end: number }): string {
  return period.start === period.end ? day(period.start) : `${day(period.start)} to ${day(period.end)}`;
}

function sum(parts: { amount: number }[] | null | undefined): number {
  return (parts ?? []).reduce((total, part) => total + part.amount, 0);
}
