import { payInvoice } from '../../billing/invoice/index.ts';
import { StripeError } from '../../kernel/errors.ts';
import type { Doc, PageAnswer, PageRequest, Tx } from '../../kernel/types.ts';
import { cardEntry, checkCard, errorsOf, methodFrom } from '../card-form.ts';
import { isOwnForm, text } from '../form.ts';
import { redirect } from '../layout.ts';
import { isPayable, lastIntent, loadInvoice, notFound, purposeOf, type Shown } from './load.ts';
import { invoicePage } from './show.ts';

type Result = { next?: string; error?: StripeError };

/** POST /i/{token}: pays the open invoice with a saved or a new card. A decline is shown and the page stays. */
export async function submitInvoice(rq: PageRequest): Promise<PageAnswer> {
  const shown = await loadInvoice(rq);
  if (shown === null) return notFound();
  const { invoice, token } = shown;
  if (!isPayable(invoice)) return redirect(`/i/${token}`);
  if (!isOwnForm(rq, purposeOf(invoice)))
    return invoicePage(rq, shown, { message: 'This page was out of date. Please try again.', status: 400 });
  if (text(rq, 'fill') !== '') return invoicePage(rq, shown, {});
  const errors = checkCard(cardEntry(rq, shown.saved));
  if (Object.keys(errors).length > 0) return invoicePage(rq, shown, { errors, message: 'Please check the marked fields.', status: 422 });
  const result = await pay(rq, shown).catch((error: unknown): Result => {
    if (error instanceof StripeError) return { error };
    throw error;
  });
  if (result.error === undefined) return redirect(result.next ?? `/i/${token}`);
  const after = (await loadInvoice(rq)) ?? shown;
  return invoicePage(rq, after, { errors: errorsOf(result.error), message: result.error.message, status: 402 });
}

function pay(rq: PageRequest, shown: Shown): Promise<Result> {
  const entry = cardEntry(rq, shown.saved);
  const keep = text(rq, 'keep') === 'yes';
  return rq.transaction(shown.account, async (tx) => {
    const invoice = await tx.require('invoice', shown.invoice.id);
    // Paid in another window meanwhile.
    if (!isPayable(invoice)) return {};
    const customer = await tx.require('customer', invoice.customer);
    const method = await methodFrom(tx, { entry, customer, billing: { email: customer.email, name: customer.name } });
    await wishToKeep(tx, invoice, keep);
    const result = await payInvoice(tx, { invoice, paymentMethod: method.id, returnUrl: `${tx.publicUrl}/i/${shown.token}` });
    if (result.outcome !== 'requires_action') return result.error === undefined ? {} : { error: result.error };
    const next: string | undefined = (await lastIntent(tx, invoice))?.next_action?.redirect_to_url?.url;
    return next === undefined ? {} : { next };
  });
}

/** Remembered on the invoice, because the bank's page may come in between (keep-card.ts). */
async function wishToKeep(tx: Tx, invoice: Doc, keep: boolean): Promise<void> {
  invoice._keep_card = keep;
  tx.put(invoice);
  const intent = keep ? await lastIntent(tx, invoice) : null;
  if (intent === null || intent.setup_future_usage !== null) return;
  intent.setup_future_usage = 'off_session';
  tx.put(intent);
}
