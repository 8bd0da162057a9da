import { canonicalDecimal, differences } from '../customers/index.ts';
import type { InvoiceLine, InvoiceLineInput } from './invoice.ts';

/** A reported line in the form of its row; our item is found by Stripe's id when it is written. */
export type LineFacts = Omit<InvoiceLine, 'id' | 'subscriptionItemId'> & { stripeItemId: string | null };

export type LineDecision = { remove: InvoiceLine[]; change: { id: string; facts: LineFacts }[]; add: LineFacts[] };

/** Compares the reported lines with the rows, by Stripe's line id. */
export function decideLines(rows: readonly InvoiceLine[], reported: readonly InvoiceLineInput[]): LineDecision {
  const rowOf = new Map(rows.map((row) => [row.stripeLineId, row]));
  const decision: LineDecision = { remove: [], change: [], add: [] };
  reported.forEach((line, position) => {
    const facts = factsOf(line, position);
    const row = rowOf.get(line.stripeLineId);
    rowOf.delete(line.stripeLineId);
    if (!row) decision.add.push(facts);
    else if (hasChanged(row, facts)) decision.change.push({ id: row.id, facts });
  });
  decision.remove.push(...rowOf.values());
  return decision;
}

/** True when the comparison found any difference. */
export function linesChanged(decision: LineDecision): boolean {
  return decision.remove.length > 0 || decision.change.length > 0 || decision.add.length > 0;
}

function hasChanged(row: InvoiceLine, { stripeItemId: _, ...facts }: LineFacts): boolean {
  return Object.keys(differences<InvoiceLine>(row, facts)).length > 0;
}

function factsOf(line: InvoiceLineInput, position: number): LineFacts {
  return {
    kind: line.kind,
    description: line.description,
    stripeProductId: line.stripeProductId,
    stripePriceId: line.stripePriceId,
    stripeItemId: line.stripeItemId,
    serviceStart: line.serviceStart,
    serviceEnd: line.serviceEnd,
    quantity: canonicalDecimal(line.quantity),
    unitAmountDecimal: canonicalDecimal(line.unitAmountDecimal),
    amount: line.amount,
    discountAmount: line.discountAmount,
    taxAmount: line.taxAmount,
    stripeLineId: line.stripeLineId,
    position,
  };
}
