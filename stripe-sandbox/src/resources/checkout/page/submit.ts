import { StripeError } from '../../../kernel/errors.ts';
import type { PageAnswer, PageRequest } from '../../../kernel/types.ts';
import { cardEntry, checkCard, type Errors, errorsOf, methodFrom } from '../../../pages/card-form.ts';
import { isOwnForm, text } from '../../../pages/form.ts';
import { redirect } from '../../../pages/layout.ts';
import { type PayResult, paySession, wantsCard } from '../pay.ts';
import { loadSession, notFound, overPage, purposeOf, type Shown } from './load.ts';
import { checkoutForm } from './show.ts';

const EMAIL = /^[^\s@]+@[^\s@]+\.[^\s@]+$/;

/** POST /c/{session}: fills a test card in, or pays. A decline is shown and the page stays; success goes on to the waiting page. */
export async function submitCheckout(rq: PageRequest): Promise<PageAnswer> {
  const shown = await loadSession(rq);
  if (shown === null) return notFound();
  if (shown.session.status !== 'open') return overPage(shown);
  if (!isOwnForm(rq, purposeOf(shown.session)))
    return checkoutForm(rq, shown, { message: 'This page was out of date. Please try again.', status: 400 });
  if (text(rq, 'fill') !== '') return checkoutForm(rq, shown, {});
  const errors = check(rq, shown);
  if (Object.keys(errors).length > 0) return checkoutForm(rq, shown, { errors, message: 'Please check the marked fields.', status: 422 });
  try {
    const result = await pay(rq, shown);
    if (result.next !== undefined) return redirect(result.next);
    if (result.error === undefined) return redirect(`/c/${shown.session.id}/done`);
    return refused(rq, shown, result.error);
  } catch (error) {
    if (error instanceof StripeError) return refused(rq, shown, error);
    throw error;
  }
}

function check(rq: PageRequest, shown: Shown): Errors {
  const errors: Errors = wantsCard(shown.session) ? checkCard(cardEntry(rq, shown.saved)) : {};
  if (!EMAIL.test(text(rq, 'email'))) errors.email = 'Enter an e-mail address, like jane@example.com.';
  if (text(rq, 'name') === '') errors.name = 'Enter the name on the card.';
  return errors;
}

function pay(rq: PageRequest, shown: Shown): Promise<PayResult> {
  const who = { email: text(rq, 'email'), name: text(rq, 'name') };
  const entry = cardEntry(rq, shown.saved);
  return rq.transaction(shown.account, async (tx) => {
    const session = await tx.require('checkout.session', shown.session.id);
    // Somebody else was faster, in another window.
    if (session.status !== 'open') return {};
    const method = wantsCard(session)
      ? (customer: Parameters<typeof methodFrom>[1]['customer']) => methodFrom(tx, { entry, customer, billing: who })
      : null;
    return paySession(tx, { session, who, method });
  });
}

function refused(rq: PageRequest, shown: Shown, error: StripeError): PageAnswer {
  return checkoutForm(rq, shown, { errors: errorsOf(error), message: error.message, status: 402 });
}
