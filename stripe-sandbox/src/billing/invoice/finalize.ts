import { unexpectedState } from '../../kernel/errors.ts';
import type { Doc, Tx } from '../../kernel/types.ts';
import { applyCredits } from '../credits/index.ts';
import { createPaymentIntent, minimumCharge } from '../payments/index.ts';
import { settleAutomaticTax } from './automatic-tax.ts';
import { balanceIn, moveBalance } from './balance.ts';
import { copyCustomer } from './draft.ts';
import { nextNumber, numberRef } from './number.ts';
import { markPaid } from './paid.ts';
import { recalculate } from './recalculate.ts';
import { refreshUsage } from './refresh-usage.ts';
import { scheduleReminders } from './reminders.ts';
import { frozenRendering } from './rendering.ts';
import { replaceOriginal } from './revise.ts';
import { applyBalance } from './totals.ts';

const DAY = 86_400;
const TOKEN_LENGTH = 48;
const MAXIMUM_CHARGE = 99_999_999;

export type FinalizeInput = {
  invoice: Doc;
  /** The first invoice of a subscription with nothing due tells its story without `invoice.updated` [S 3.6 (3)]. */
  brief?: boolean;
  offSession?: boolean;
  /** A payment made already (a Checkout Session's): it is tied to the invoice, and no customer balance is applied. */
  paidBy?: Doc | null;
};

/**
 * Draft → open: number, frozen customer fields and lines, balance applied, PaymentIntent, hosted page and PDF [S 3.5]. Nothing due, or less
 * than Stripe's minimum charge, → paid at once; the small amount moves to the balance as a debit for the next invoice. Emits
 * payment_intent.created, invoice.updated, invoice.finalized and, when paid at once, the events of payment.
 */
export async function finalizeInvoice(tx: Tx, input: FinalizeInput): Promise<Doc> {
  const { invoice } = input;
  if (invoice.status !== 'draft') {
    throw unexpectedState('invoice_not_editable', "This invoice is already finalized, you can't re-finalize a non-draft invoice.");
  }
  const customer = await tx.require('customer', invoice.customer);
  await refreshUsage(tx, invoice);
  await replaceOriginal(tx, invoice);
  await recalculate(tx, invoice, customer);
  await applyCredits(tx, invoice);
  const taxed = await settleAutomaticTax(tx, invoice);
  if (taxed || invoice._credits !== undefined) await recalculate(tx, invoice, customer);
  await copyCustomer(tx, invoice, customer);
  if (input.paidBy != null) invoice.starting_balance = 0;
  await open(tx, invoice, customer);
  const tooSmall = invoice.amount_due > 0 && invoice.amount_due < minimumCharge(invoice.currency);
  if (tooSmall) moveToBalance(tx, invoice, customer);
  if (invoice.amount_due > 0) await requestPayment(tx, { invoice, customer, made: input.paidBy ?? null });
  tx.put(invoice);
  if (input.brief !== true) tx.emit('invoice.updated', invoice);
  tx.emit('invoice.finalized', invoice);
  if (invoice.amount_due === 0) await markPaid(tx, { invoice, brief: input.brief ?? false, how: 'nothing_due' });
  return invoice;
}

async function open(tx: Tx, invoice: Doc, customer: Doc): Promise<void> {
  const now = tx.now(invoice);
  const balance = applyBalance(invoice.total, invoice.starting_balance);
  invoice.amount_due = balance.amountDue;
  invoice.amount_remaining = balance.amountDue;
  invoice.ending_balance = balance.endingBalance;
  moveBalance(tx, { customer, amount: balance.applied, currency: invoice.currency, type: 'applied_to_invoice', invoice });
  invoice.number = invoice.number ?? (await nextNumber(tx, customer));
  invoice._ref = numberRef(invoice.number);
  invoice.status = 'open';
  invoice.effective_at = invoice.effective_at ?? now;
  invoice.automatically_finalizes_at = null;
  invoice.next_payment_attempt = null;
  invoice.webhooks_delivered_at = invoice.webhooks_delivered_at ?? now;
  invoice.status_transitions = { ...invoice.status_transitions, finalized_at: now };
  invoice.rendering = await frozenRendering(tx, invoice.rendering);
  if (invoice.collection_method === 'send_invoice' && invoice._days_until_due !== null)
    invoice.due_date = now + invoice._days_until_due * DAY;
  tx.cancelTimers(invoice.id, 'invoice_finalize');
  scheduleReminders(tx, invoice);
  publish(tx, invoice);
}

/** The hosted page and the PDF, found by a token that cannot be guessed. */
function publish(tx: Tx, invoice: Doc): void {
  const link = tx.make('sandbox.link', 'test', { ref: invoice.id }, invoice);
  link.id = `test_${tx.secret(TOKEN_LENGTH)}`;
  tx.put(link);
  invoice.hosted_invoice_url = `${tx.publicUrl}/i/${link.id}`;
  invoice.invoice_pdf = `${tx.publicUrl}/i/${link.id}/pdf`;
}

function moveToBalance(tx: Tx, invoice: Doc, customer: Doc): void {
  moveBalance(tx, { customer, amount: invoice.amount_due, currency: invoice.currency, type: 'invoice_too_small', invoice });
  invoice.ending_balance = balanceIn(customer, invoice.currency);
  invoice.amount_due = 0;
  invoice.amount_remaining = 0;
}

/** The PaymentIntent that collects the invoice, and the invoice payment that ties the two together. */
async function requestPayment(tx: Tx, input: { invoice: Doc; customer: Doc; made: Doc | null }): Promise<void> {
  const { invoice, customer } = input;
  if (invoice.amount_due > MAXIMUM_CHARGE)
    throw unexpectedState('amount_too_large', 'The amount due of this invoice is above the maximum charge of 99,999,999.');
  const subscription = invoice.parent?.subscription_details?.subscription ?? null;
  const intent =
    input.made ??
    (await createPaymentIntent(tx, {
      amount: invoice.amount_due,
      currency: invoice.currency,
      customer,
      description: DESCRIPTIONS[invoice.billing_reason] ?? 'Payment for Invoice',
      setupFutureUsage: subscription === null ? null : 'off_session',
      ...(invoice.payment_settings.payment_method_types === null
        ? {}
        : { paymentMethodTypes: invoice.payment_settings.payment_method_types }),
      receiptEmail: null,
    }));
  const payment = tx.make(
    'invoice_payment',
    'inpay',
    {
      amount_paid: null,
      amount_requested: invoice.amount_due,
      currency: invoice.currency,
      invoice: invoice.id,
      is_default: true,
      payment: { payment_intent: intent.id, type: 'payment_intent' },
      status: 'open',
      status_transitions: { canceled_at: null, paid_at: null },
    },
    invoice,
  );
  tx.put(payment);
}

const DESCRIPTIONS: Record<string, string> = {
  subscription_create: 'Subscription creation',
  subscription_cycle: 'Subscription update',
  subscription_update: 'Subscription update',
};
