import { detachPaymentMethod } from '../../../billing/payments/index.ts';
import { StripeError } from '../../../kernel/errors.ts';
import type { PageAnswer, PageRequest } from '../../../kernel/types.ts';
import { isOwnForm, text } from '../../../pages/form.ts';
import { redirect } from '../../../pages/layout.ts';
import { type CartChange, changeCart } from '../cart.ts';
import { loadSession, notFound, overPage, purposeOf } from './load.ts';
import { checkoutForm } from './show.ts';

/** POST /c/{session}/cart: another quantity, an optional item in or out, another way of shipping. */
export async function submitCart(rq: PageRequest): Promise<PageAnswer> {
  const shown = await loadSession(rq);
  if (shown === null) return notFound();
  const { session } = shown;
  if (session.status !== 'open') return overPage(shown);
  const change = changeOf(rq);
  if (change === null || !isOwnForm(rq, purposeOf(session))) return redirect(`/c/${session.id}`);
  try {
    await rq.transaction(shown.account, async (tx) => {
      await changeCart(tx, { session: await tx.require('checkout.session', session.id), change });
    });
  } catch (error) {
    if (!(error instanceof StripeError)) throw error;
    return checkoutForm(rq, shown, { cartError: error.message, status: 422 });
  }
  return redirect(`/c/${session.id}`);
}

/** POST /c/{session}/cards: takes a saved card off the customer, where the session allows it. */
export async function removeSavedCard(rq: PageRequest): Promise<PageAnswer> {
  const shown = await loadSession(rq);
  if (shown === null) return notFound();
  const { session, saved } = shown;
  if (session.status !== 'open') return overPage(shown);
  const card = saved.find((one) => one.id === text(rq, 'remove'));
  const allowed = session.saved_payment_method_options?.payment_method_remove === 'enabled';
  if (card === undefined || !allowed || !isOwnForm(rq, purposeOf(session))) return redirect(`/c/${session.id}`);
  await rq.transaction(shown.account, async (tx) => {
    await detachPaymentMethod(tx, { paymentMethod: await tx.require('payment_method', card.id) });
  });
  return redirect(`/c/${session.id}`);
}

function changeOf(rq: PageRequest): CartChange | null {
  const [add, remove, rate, item] = ['add', 'remove', 'shipping_rate', 'item'].map((name) => text(rq, name));
  if (add) return { kind: 'add', price: add };
  if (remove) return { kind: 'remove', price: remove };
  if (rate) return { kind: 'shipping', rate };
  return item ? { kind: 'quantity', item, quantity: Number(text(rq, 'quantity') || 'NaN') } : null;
}
