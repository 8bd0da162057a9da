import { StripeError } from '../../../kernel/errors.ts';
import type { PageAnswer, PageRequest } from '../../../kernel/types.ts';
import { cardEntry, errorsOf, methodFrom } from '../../../pages/card-form.ts';
import { isOwnForm, text } from '../../../pages/form.ts';
import { redirect } from '../../../pages/layout.ts';
import { type PayResult, paySession, wantsCard } from '../pay.ts';
import { buyerFrom, checkEntry } from './entry.ts';
import { loadSession, notFound, overPage, purposeOf, type Shown } from './load.ts';
import { checkoutForm } from './show.ts';
import { applyTax } from './tax.ts';

/** POST /c/{session}: fills a test card in, or pays. A decline is shown and the page stays; success goes on to the waiting page. */
export async function submitCheckout(rq: PageRequest): Promise<PageAnswer> {
  const shown = await loadSession(rq);
  if (shown === null) return notFound();
  if (shown.session.status !== 'open') return overPage(shown);
  if (!isOwnForm(rq, purposeOf(shown.session)))
    return checkoutForm(rq, shown, { message: 'This page was out of date. Please try again.', status: 400 });
  const { shown: taxed, errors: placeErrors, message, note } = await applyTax(rq, shown);
  if (text(rq, 'fill') !== '') return checkoutForm(rq, taxed, {});
  const errors = { ...placeErrors, ...checkEntry(rq, taxed) };
  if (Object.keys(errors).length > 0) return checkoutForm(rq, taxed, { errors, message: 'Please check the marked fields.', status: 422 });
  if (message !== null) return checkoutForm(rq, taxed, { message, status: 503 });
  if (note !== null) return checkoutForm(rq, taxed, { note });
  try {
    const result = await pay(rq, taxed);
    if (result.next !== undefined) return redirect(result.next);
    if (result.error === undefined) return redirect(`/c/${shown.session.id}/done`);
    return refused(rq, shown, result.error);
  } catch (error) {
    if (error instanceof StripeError) return refused(rq, shown, error);
    throw error;
  }
}

function pay(rq: PageRequest, shown: Shown): Promise<PayResult> {
  const who = buyerFrom(rq, shown);
  const billing = {
    email: who.email,
    name: who.name,
    phone: who.phone ?? null,
    ...(who.address === undefined ? {} : { address: who.address }),
  };
  const entry = cardEntry(rq, shown.saved);
  return rq.transaction(shown.account, async (tx) => {
    const session = await tx.require('checkout.session', shown.session.id);
    // Somebody else was faster, in another window.
    if (session.status !== 'open') return {};
    const method = wantsCard(session)
      ? (customer: Parameters<typeof methodFrom>[1]['customer']) => methodFrom(tx, { entry, customer, billing })
      : null;
    return paySession(tx, { session, who, method });
  });
}

function refused(rq: PageRequest, shown: Shown, error: StripeError): PageAnswer {
  if (error.body.code === 'tax_id_invalid')
    return checkoutForm(rq, shown, { errors: { tax_id: 'This tax ID is not valid.' }, status: 422 });
  return checkoutForm(rq, shown, { errors: errorsOf(error), message: error.message, status: 402 });
}
