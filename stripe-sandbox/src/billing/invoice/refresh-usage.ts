import type { Doc, Params, Tx } from '../../kernel/types.ts';
import { usageOf, usedBefore } from '../meters/usage.ts';
import { inCurrency } from '../subscription/prices.ts';
import { formatDecimal } from './decimal.ts';
import { priceLines } from './line-amounts.ts';
import { describe, type UsageSpan } from './lines.ts';

/**
 * Counts the usage of a draft's metered lines again: what arrived late but happened inside the billed span still belongs to it, until the invoice
 * is finalized [S 3.10]. Changes the copy in hand; sums follow with `recalculate`.
 */
export async function refreshUsage(tx: Tx, invoice: Doc): Promise<void> {
  const spans = (invoice._usage ?? {}) as Record<string, UsageSpan>;
  for (const group of groupsOf(spans)) {
    const { span, ids } = group;
    const quantity = formatDecimal(await usageOf(tx, span));
    if (quantity !== span.quantity) await recount(tx, invoice, { ids, span: { ...span, quantity } });
  }
}

type Group = { span: UsageSpan; ids: string[] };

/** Lines of one span: the tiers its usage reached. */
function groupsOf(spans: Record<string, UsageSpan>): Group[] {
  const groups = new Map<string, Group>();
  for (const [id, span] of Object.entries(spans)) {
    const key = `${span.item} ${span.price} ${span.from} ${span.to}`;
    const known = groups.get(key);
    if (known === undefined) groups.set(key, { span, ids: [id] });
    else known.ids.push(id);
  }
  return [...groups.values()];
}

/** Puts the lines of the new quantity where the old ones stood; the first ones keep their ids. */
async function recount(tx: Tx, invoice: Doc, group: Group): Promise<void> {
  const { span, ids } = group;
  const present: Params[] = invoice.lines.data.filter((line: Params) => ids.includes(line.id));
  const [template] = present;
  const stored = await tx.get(span.price, { object: 'price', deleted: true });
  if (template === undefined || stored === undefined) return;
  const price = inCurrency(stored, invoice.currency, 'currency');
  const product = (await tx.get(price.product, { object: 'product', deleted: true })) ?? ({ name: price.product } as unknown as Doc);
  const fresh = priceLines(price, span.quantity, await usedBefore(tx, span)).map((priced, index) => ({
    ...template,
    id: present[index]?.id ?? tx.newId('il'),
    amount: priced.amount,
    subtotal: priced.amount,
    description: describe(priced, product, price),
    pricing: { ...template.pricing, unit_amount_decimal: priced.unitAmountDecimal },
    quantity: priced.quantity,
    quantity_decimal: priced.quantityDecimal,
  }));
  const place = invoice.lines.data.indexOf(template);
  const others: Params[] = invoice.lines.data.filter((line: Params) => !ids.includes(line.id));
  invoice.lines.data = [...others.slice(0, place), ...fresh, ...others.slice(place)];
  invoice.lines.total_count = invoice.lines.data.length;
  moveNotes(invoice, { ids, fresh: fresh.map((line) => line.id), span });
}

/** What the invoice knows about its lines beside them follows the lines. */
function moveNotes(invoice: Doc, change: { ids: string[]; fresh: string[]; span: UsageSpan }): void {
  const without = (notes: Record<string, unknown>) => Object.fromEntries(Object.entries(notes).filter(([id]) => !change.ids.includes(id)));
  const taxes = change.ids.map((id) => invoice._line_taxes?.[id]).find((rates) => rates !== undefined);
  const each = (value: unknown) => Object.fromEntries(change.fresh.map((id) => [id, value]));
  invoice._usage = { ...without(invoice._usage), ...each(change.span) };
  if (taxes !== undefined) invoice._line_taxes = { ...without(invoice._line_taxes), ...each(taxes) };
}
