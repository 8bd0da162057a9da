import type { Ctx } from '../kit/context.ts';
import { newId } from '../kit/ids.ts';
import { itemIdsByStripeId } from '../subscriptions/index.ts';
import { type LineDecision, type LineFacts, linesChanged } from './decide-lines.ts';
import type { Invoice } from './invoice.ts';

/** Makes the rows say what was reported. Stripe changes lines while the invoice is a draft; a mirror follows whenever it does. */
export async function writeLines(tx: Ctx, a: { invoice: Invoice; lines: LineDecision }): Promise<void> {
  if (!linesChanged(a.lines)) return;
  const { id: invoiceId, subscriptionId } = a.invoice;
  const items = subscriptionId ? await itemIdsByStripeId(tx, subscriptionId) : new Map<string, string>();
  if (a.lines.remove.length > 0) {
    const ids = a.lines.remove.map(({ id }) => id);
    await tx.db.deleteFrom('invoice_lines').where('environment_id', '=', tx.environmentId).where('id', 'in', ids).execute();
  }
  for (const { id, facts } of a.lines.change) {
    await tx.db
      .updateTable('invoice_lines')
      .set(toRow(facts, items))
      .where('environment_id', '=', tx.environmentId)
      .where('id', '=', id)
      .execute();
  }
  if (a.lines.add.length > 0) {
    const rows = a.lines.add.map((facts) => ({
      environment_id: tx.environmentId,
      id: newId(tx, 'line'),
      invoice_id: invoiceId,
      ...toRow(facts, items),
    }));
    await tx.db.insertInto('invoice_lines').values(rows).execute();
  }
}

function toRow(line: LineFacts, items: Map<string, string>) {
  return {
    kind: line.kind,
    description: line.description,
    stripe_product_id: line.stripeProductId,
    stripe_price_id: line.stripePriceId,
    subscription_item_id: line.stripeItemId ? (items.get(line.stripeItemId) ?? null) : null,
    service_start: line.serviceStart,
    service_end: line.serviceEnd,
    quantity: line.quantity,
    unit_amount_decimal: line.unitAmountDecimal,
    amount: line.amount,
    discount_amount: line.discountAmount,
    tax_amount: line.taxAmount,
    stripe_line_id: line.stripeLineId,
    position: line.position,
  };
}
