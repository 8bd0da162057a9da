import { detachPaymentMethod } from '../../billing/payments/index.ts';
import { invalidRequest } from '../../kernel/errors.ts';
import type { Doc, Tx } from '../../kernel/types.ts';

/** What happens to a saved card: removed in the dashboard, expired, or replaced by the bank. */
export type MethodAction =
  | { kind: 'detach_card'; payment_method: string }
  | { kind: 'expire_card'; payment_method: string }
  /** The network tells Stripe of the new card: expiry, and the last four digits if the number changed. */
  | { kind: 'update_card'; payment_method: string; exp_month?: number; exp_year?: number; last4?: string };

const MONTHS = 12;
const MS = 1000;

export async function methodAction(tx: Tx, action: MethodAction): Promise<Doc> {
  const paymentMethod = await tx.require('payment_method', action.payment_method, { param: 'payment_method' });
  if (action.kind === 'detach_card') return detachPaymentMethod(tx, { paymentMethod });
  if (paymentMethod.type !== 'card') throw invalidRequest(`${paymentMethod.id} is no card.`, { param: 'payment_method' });
  return action.kind === 'expire_card' ? expireCard(tx, paymentMethod) : updateCard(tx, paymentMethod, action);
}

/** The expiry lies in the past and every charge is declined (`expired_card`). Time passed, so Stripe tells nobody. */
function expireCard(tx: Tx, paymentMethod: Doc): Doc {
  const now = new Date(tx.now(paymentMethod) * MS);
  const month = now.getUTCMonth() || MONTHS;
  const year = month === MONTHS ? now.getUTCFullYear() - 1 : now.getUTCFullYear();
  paymentMethod.card = { ...paymentMethod.card, exp_month: month, exp_year: year };
  paymentMethod._card = 'declined_expired';
  tx.put(paymentMethod);
  return paymentMethod;
}

/** A card that had expired works again. Emits payment_method.automatically_updated [docs.stripe.com/payments/cards/overview#automatic-card-updates]. */
function updateCard(tx: Tx, paymentMethod: Doc, action: Extract<MethodAction, { kind: 'update_card' }>): Doc {
  const { exp_month, exp_year, last4 } = action;
  const given = Object.entries({ exp_month, exp_year, last4 }).filter(([, value]) => value !== undefined);
  if (given.length === 0) throw invalidRequest('Say what the bank changed: exp_month, exp_year or last4.');
  paymentMethod.card = { ...paymentMethod.card, ...Object.fromEntries(given) };
  if (paymentMethod._card === 'declined_expired') paymentMethod._card = 'visa';
  tx.put(paymentMethod);
  tx.emit('payment_method.automatically_updated', paymentMethod);
  return paymentMethod;
}
