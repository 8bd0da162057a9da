/** The buyer changes what is bought, within what the session allows: quantities, optional items, shipping. */
import { invalidRequest } from '../../kernel/errors.ts';
import type { Doc, Tx } from '../../kernel/types.ts';
import { dropUnreached } from './discounts.ts';
import type { Line } from './line-items.ts';
import { chooseShipping } from './shipping.ts';
import type { Place } from './tax.ts';
import { priceSession } from './totals.ts';

export type CartChange =
  | { kind: 'quantity'; item: string; quantity: number }
  | { kind: 'add'; price: string }
  | { kind: 'remove'; price: string }
  | { kind: 'shipping'; rate: string };

/** Applies one change and prices the session again. Refuses what the session does not offer; afterwards nothing of an attempt may be left over. */
export async function changeCart(tx: Tx, input: { session: Doc; change: CartChange }): Promise<void> {
  const { session, change } = input;
  if (!isChangeable(session)) throw invalidRequest('This purchase can no longer be changed.');
  switch (change.kind) {
    case 'quantity':
      setQuantity(session, change.item, change.quantity);
      break;
    case 'add':
      addOptional(session, change.price);
      break;
    case 'remove':
      removeOptional(session, change.price);
      break;
    case 'shipping':
      if (!chooseShipping(session, change.rate)) throw invalidRequest('This way of shipping is not offered.');
      break;
  }
  const recurs = (session._lines as Line[]).some((line) => line.item.price.type === 'recurring');
  if (session.mode === 'subscription' && !recurs) throw invalidRequest('The subscription itself cannot be taken out.');
  await reprice(tx, session);
  if (await dropUnreached(tx, session)) await reprice(tx, session);
}

/** Automatic tax for where the buyer is. True when the total is another one than the page showed. What was begun already keeps its tax. */
export async function setPlace(tx: Tx, input: { session: Doc; place: Place }): Promise<boolean> {
  const { session, place } = input;
  if (!isChangeable(session)) return false;
  const before = session.amount_total;
  session._place = place;
  await reprice(tx, session);
  return session.amount_total !== before;
}

/** New amounts after any change. Whoever still has the bank's page of the old amount open cannot pay it any more. */
export async function reprice(tx: Tx, session: Doc): Promise<void> {
  await priceSession(tx, session);
  tx.put(session);
  const intent = session._intent === undefined ? undefined : await tx.get(session._intent, { object: 'payment_intent' });
  if (intent?.status !== 'requires_action') return;
  Object.assign(intent, { status: 'requires_payment_method', next_action: null, payment_method: null });
  tx.put(intent);
}

/** A subscription that was begun has its own invoice: its lines stay as they are. */
export function isChangeable(session: Doc): boolean {
  return session.status === 'open' && session._subscription === undefined;
}

/** Optional items that are not in the cart. */
export function offered(session: Doc): Line[] {
  const lines: Line[] = session._lines;
  return ((session._optional ?? []) as Line[]).filter((one) => !lines.some((line) => line.item.id === one.item.id));
}

/** Whether a line of the cart was optional, so that it may be taken out again. */
export function isOptional(session: Doc, item: Doc): boolean {
  return ((session._optional ?? []) as Line[]).some((one) => one.item.id === item.id);
}

function setQuantity(session: Doc, id: string, quantity: number): void {
  const line = (session._lines as Line[]).find((one) => one.item.id === id);
  const range = line?.item.adjustable_quantity;
  if (line === undefined || range == null) throw invalidRequest('The quantity of this item is fixed.');
  // At least one thing is bought: a minimum of 0 is for carts with several lines.
  const least = Math.max(range.minimum, (session._lines as Line[]).length === 1 ? 1 : 0);
  if (!Number.isInteger(quantity) || quantity < least || quantity > range.maximum)
    throw invalidRequest(`Choose a quantity from ${least} to ${range.maximum}.`);
  if (quantity === 0) session._lines = (session._lines as Line[]).filter((one) => one !== line);
  else line.item.quantity = quantity;
}

function addOptional(session: Doc, price: string): void {
  const line = offered(session).find((one) => one.item.price.id === price);
  if (line === undefined) throw invalidRequest('This item is not offered.');
  session._lines = [...(session._lines as Line[]), structuredClone(line)];
}

function removeOptional(session: Doc, price: string): void {
  const line = (session._lines as Line[]).find((one) => one.item.price.id === price && isOptional(session, one.item));
  if (line === undefined) throw invalidRequest('This item cannot be taken out.');
  session._lines = (session._lines as Line[]).filter((one) => one !== line);
}
