/** `invoice_creation`: a paid invoice for a one-time purchase, made when its payment has succeeded [docs.stripe.com/payments/checkout/receipts]. */
import { createDiscounts } from '../../billing/discounts/load.ts';
import { buildDraft, saveDraft } from '../../billing/invoice/draft.ts';
import { finalizeInvoice } from '../../billing/invoice/finalize.ts';
import { attachItems, createItem } from '../../billing/invoice/items.ts';
import { openPayment } from '../../billing/invoice/paid.ts';
import { recalculate } from '../../billing/invoice/recalculate.ts';
import { settlePaid } from '../../billing/invoice/settle.ts';
import { automaticTaxShape } from '../../billing/tax/index.ts';
import type { Doc, Params, Tx } from '../../kernel/types.ts';
import { discountParams } from './discounts.ts';
import type { Line } from './line-items.ts';

export function wantsInvoice(session: Doc): boolean {
  return session.invoice_creation?.enabled === true;
}

/**
 * The invoice of a completed session: its lines, its discount (counted here), paid by the session's own PaymentIntent, or for nothing when nothing
 * was due. The customer's balance is left alone, because the whole amount was charged, and automatic tax is the session's own, because a slow
 * payment may end after the customer has moved. Emits invoice.created … invoice.paid.
 */
export async function invoicePurchase(tx: Tx, input: { session: Doc; customer: Doc; intent: Doc | null }): Promise<Doc> {
  const { session, customer, intent } = input;
  const data: Params = session.invoice_creation.invoice_data;
  const now = tx.now(session);
  const invoice = await buildDraft(tx, {
    customer,
    subscription: null,
    currency: session.currency,
    billingReason: 'manual',
    lines: [],
    period: { start: now, end: now },
    autoAdvance: false,
    collectionMethod: 'charge_automatically',
    daysUntilDue: null,
    discounts: await createDiscounts(tx, { given: discountParams(session), target: { customer } }),
    fields: {
      ...(session.automatic_tax.enabled ? { automatic_tax: automaticTaxShape(true, 'complete'), _paid_rates: {} } : {}),
      custom_fields: data.custom_fields,
      description: data.description,
      footer: data.footer,
      metadata: { ...data.metadata },
    },
  });
  const items = [];
  for (const line of session._lines as Line[]) items.push(await itemOf(tx, { line, customer, invoice }));
  attachItems(tx, invoice, items);
  if (session.automatic_tax.enabled)
    invoice._paid_rates = Object.fromEntries(items.map((item, index) => [item._line, session._rates[index]]));
  await recalculate(tx, invoice, customer);
  await saveDraft(tx, invoice, { immediate: true });
  await finalizeInvoice(tx, { invoice, paidBy: intent });
  const payment = await openPayment(tx, invoice);
  if (intent !== null && payment !== undefined) await settlePaid(tx, { invoice, payment, intent });
  return invoice;
}

async function itemOf(tx: Tx, input: { line: Line; customer: Doc; invoice: Doc }): Promise<Doc> {
  const { line, customer, invoice } = input;
  const { item, rates } = line;
  const taxRates: Doc[] = [];
  for (const id of rates) taxRates.push(await tx.require('tax_rate', id));
  return createItem(tx, {
    customer,
    invoice: invoice.id,
    amount: item.amount_subtotal,
    currency: item.currency,
    description: item.description,
    price: { price: item.price.id, product: item.price.product },
    unitAmountDecimal: item.price.unit_amount_decimal,
    quantity: item.quantity,
    taxRates,
  });
}
