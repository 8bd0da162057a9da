import type { Doc, Tx } from '../../kernel/types.ts';

const DIGITS = 4;
const PREFIX_LENGTH = 8;

/** The next free number, past those that were set by hand. */
export async function nextNumber(tx: Tx, customer: Doc): Promise<string> {
  for (;;) {
    const number = await takeNumber(tx, customer);
    if ((await tx.first({ object: 'invoice', where: { ref: numberRef(number) } })) === undefined) return number;
  }
}

/** The next in the sequence: `<customer prefix>-0001`, or one sequence for the account when it chose so [S 3.5]. Takes the number. */
async function takeNumber(tx: Tx, customer: Doc): Promise<string> {
  if (tx.account.settings.numbering === 'account') {
    const prefix = tx.account.id.slice(-PREFIX_LENGTH).toUpperCase();
    return format(prefix, await tx.counter('invoice_number'));
  }
  customer.invoice_prefix = customer.invoice_prefix ?? tx.secret(PREFIX_LENGTH).toUpperCase();
  const sequence = customer.next_invoice_sequence ?? 1;
  customer.next_invoice_sequence = sequence + 1;
  tx.put(customer);
  return format(customer.invoice_prefix, sequence);
}

/** The index value under which an invoice is found by its number. */
export function numberRef(number: string): string {
  return `number_${number}`;
}

function format(prefix: string, sequence: number): string {
  return `${prefix}-${String(sequence).padStart(DIGITS, '0')}`;
}
