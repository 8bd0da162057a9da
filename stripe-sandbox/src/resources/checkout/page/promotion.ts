import { StripeError } from '../../../kernel/errors.ts';
import type { PageAnswer, PageRequest, Tx } from '../../../kernel/types.ts';
import { isOwnForm, text } from '../../../pages/form.ts';
import { redirect } from '../../../pages/layout.ts';
import { findRedeemableCode } from '../../promotion-codes/index.ts';
import { isChangeable, reprice } from '../cart.ts';
import { loadSession, notFound, overPage, purposeOf } from './load.ts';
import { checkoutForm } from './show.ts';

/** POST /c/{session}/promotion: applies the code that was typed, or takes it off again. */
export async function applyPromotion(rq: PageRequest): Promise<PageAnswer> {
  const shown = await loadSession(rq);
  if (shown === null) return notFound();
  const { session } = shown;
  if (session.status !== 'open') return overPage(shown);
  const allowed = session.allow_promotion_codes === true && isChangeable(session);
  if (!allowed || !isOwnForm(rq, purposeOf(session))) return redirect(`/c/${session.id}`);
  const error = await rq.transaction(shown.account, (tx) =>
    change(tx, { id: session.id, code: text(rq, 'promotion') === 'remove' ? null : text(rq, 'code') }),
  );
  return error === null ? redirect(`/c/${session.id}`) : checkoutForm(rq, shown, { promoError: error, status: 422 });
}

/** What is wrong with the code, or null. */
async function change(tx: Tx, input: { id: string; code: string | null }): Promise<string | null> {
  const session = await tx.require('checkout.session', input.id);
  const { customer, amount_subtotal: amount, currency } = session;
  const found = input.code === null ? null : await findRedeemableCode(tx, { code: input.code, customer, amount, currency });
  if (found === undefined) return 'This code is not valid.';
  session.discounts = found === null ? [] : [{ coupon: found.promotion.coupon, promotion_code: found.id }];
  try {
    await reprice(tx, session);
  } catch (error) {
    if (error instanceof StripeError) return error.message;
    throw error;
  }
  return null;
}
