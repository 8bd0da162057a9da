/** Editing a finalized invoice: a draft copy that takes its place when it is finalized (docs.stripe.com/invoicing/invoice-edits). */
import { invalidRequest } from '../../kernel/errors.ts';
import type { Doc, Params, Tx } from '../../kernel/types.ts';
import { clone } from '../../store/clone.ts';
import { createItem } from './items.ts';
import { voidInvoice } from './void.ts';

/** What a revision takes over from its original. */
const COPIED = [
  'account_tax_ids',
  'automatic_tax',
  'custom_fields',
  'default_payment_method',
  'default_tax_rates',
  'description',
  'discounts',
  'footer',
  'metadata',
  'payment_settings',
  'rendering',
  'shipping_cost',
  'shipping_details',
  'statement_descriptor',
  '_shipping',
];

/** The original of a revision; refused unless open or uncollectible, and on no subscription. */
export async function originalOf(tx: Tx, given: Params): Promise<Doc> {
  const original = await tx.require('invoice', given.invoice, { param: 'from_invoice[invoice]' });
  const param = 'from_invoice[invoice]';
  if (original.parent?.subscription_details != null)
    throw invalidRequest('Invoices of subscriptions cannot be revised after they are finalized.', { param });
  if (original.status === 'open' || original.status === 'uncollectible') return original;
  throw invalidRequest(`Only open or uncollectible invoices can be revised; this one is ${original.status}.`, { param });
}

/** The fields a revision starts with. */
export function copiedFields(original: Doc): Params {
  return {
    ...Object.fromEntries(COPIED.map((name) => [name, clone(original[name] ?? null)])),
    from_invoice: { action: 'revision', invoice: original.id },
  };
}

/** New invoice items for every line of the original, on the revision. */
export async function copiedItems(tx: Tx, input: { original: Doc; revision: Doc; customer: Doc }): Promise<Doc[]> {
  const { original, revision, customer } = input;
  const items: Doc[] = [];
  for (const line of original.lines.data) {
    const source = await tx.get(line.parent?.invoice_item_details?.invoice_item ?? '', { object: 'invoiceitem', deleted: true });
    items.push(
      createItem(tx, {
        customer,
        invoice: revision.id,
        amount: line.amount,
        currency: line.currency,
        description: line.description,
        discountable: line.discountable,
        discounts: [...line.discounts],
        metadata: { ...line.metadata },
        period: { start: line.period.start, end: line.period.end },
        price: line.pricing?.price_details ?? null,
        unitAmountDecimal: line.pricing?.unit_amount_decimal ?? null,
        quantity: line.quantity_decimal ?? line.quantity ?? 1,
        taxRates: source?.tax_rates ?? [],
        taxBehavior: line._tax_behavior ?? null,
        taxCode: line._tax_code ?? null,
      }),
    );
  }
  return items;
}

/** A revision is about to be finalized: its original is voided, which gives an applied balance back, and names the revision. */
export async function replaceOriginal(tx: Tx, revision: Doc): Promise<void> {
  if (revision.from_invoice === null) return;
  const original = await tx.require('invoice', revision.from_invoice.invoice);
  if (original.status === 'paid')
    throw invalidRequest('The invoice this one revises is paid; it cannot be replaced any more.', { code: 'invoice_not_editable' });
  original.latest_revision = revision.id;
  tx.put(original);
  if (original.status !== 'void') await voidInvoice(tx, { invoice: original });
}
