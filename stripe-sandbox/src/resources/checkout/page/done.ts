import type { PageAnswer, PageRequest } from '../../../kernel/types.ts';
import { html } from '../../../pages/html.ts';
import { page, redirect } from '../../../pages/layout.ts';
import { loadSession, notFound, overPage, type Shown } from './load.ts';
import { checkoutForm } from './show.ts';

/** Stripe waits for the endpoint's answer before it redirects; so does this page, but not for ever [S 3.6 (9)]. */
const WAIT_MS = 10_000;
/** In Stripe's success_url, with braces as they are or encoded. */
const PLACEHOLDER = /\{CHECKOUT_SESSION_ID\}|%7BCHECKOUT_SESSION_ID%7D/gi;

/** GET /c/{session}/done: waits until endpoints know of the completion, then leads on to success_url. */
export async function finishCheckout(rq: PageRequest): Promise<PageAnswer> {
  const shown = await loadSession(rq);
  if (shown === null) return notFound();
  const { session, merchant } = shown;
  if (session.status === 'open') return redirect(`/c/${session.id}`);
  if (session.status !== 'complete') return overPage(shown);
  await rq.waitForDelivery(shown.account, 'checkout.session.completed', session.id, WAIT_MS);
  if (session.success_url === null) return thanksPage(shown);
  const next = session.success_url.replace(PLACEHOLDER, session.id);
  const body = html`<p class="note" role="status">${saying(shown)}</p><p><a class="button" href="${next}">Continue to ${merchant}</a></p>`;
  return page({ title: 'Thank you', merchant, body, refresh: next });
}

/** GET /c/{session}/return: back from the bank's page. */
export async function returnFromBank(rq: PageRequest): Promise<PageAnswer> {
  const shown = await loadSession(rq);
  if (shown === null) return notFound();
  const { session } = shown;
  if (session.status === 'complete') return redirect(`/c/${session.id}/done`);
  if (session.status !== 'open') return overPage(shown);
  const intent = session._ref === undefined ? null : await rq.find(session._ref);
  const error = intent?.doc.last_payment_error ?? intent?.doc.last_setup_error ?? null;
  return checkoutForm(rq, shown, { message: error?.message ?? 'Your bank was not asked to the end. You can try again.', status: 402 });
}

/** The page's own ending, for sessions that lead nowhere (payment links). */
function thanksPage(shown: Shown): PageAnswer {
  const words: string = shown.session._thanks ?? 'A confirmation is on its way. You can close this page.';
  const body = html`<p class="note" role="status">${saying(shown)}</p><p>${words}</p>`;
  return page({ title: 'Thanks for your order', merchant: shown.merchant, body });
}

function saying({ session }: Shown): string {
  if (session.mode === 'setup') return 'Your card is saved.';
  if (session.mode === 'subscription') return 'You are subscribed.';
  return session.payment_status === 'unpaid' ? 'Your payment is on its way.' : 'Your payment was received.';
}
