/** The customer behind a session: the given one, or one made when the purchase needs it. */
import type { Doc, Tx } from '../../kernel/types.ts';
import { createCustomer } from '../customers/create.ts';

export type Buyer = { email: string; name: string };

/** Null where a guest may pay (payment and setup mode, unless asked for). A customer made at an earlier try is used again. */
export async function buyerOf(tx: Tx, session: Doc, who: Buyer): Promise<Doc | null> {
  const id: string | undefined = session.customer ?? session._customer;
  if (id !== undefined && id !== null) return updated(tx, { session, customer: await tx.require('customer', id), who });
  if (!needsCustomer(session)) return null;
  const customer = await createCustomer({ tx, params: { email: who.email, name: who.name } });
  session._customer = customer.id;
  tx.put(session);
  return customer;
}

function needsCustomer(session: Doc): boolean {
  if (session.mode === 'subscription' || session.customer_creation === 'always') return true;
  return session.mode === 'payment' && session._data.payment_intent_data.setup_future_usage !== undefined;
}

/** A given customer keeps its e-mail, and its name unless `customer_update[name]` is `auto`. */
async function updated(tx: Tx, input: { session: Doc; customer: Doc; who: Buyer }): Promise<Doc> {
  const { session, customer, who } = input;
  const own = session.customer === null;
  if (own || customer.email === null) customer.email = who.email;
  if (own || session._data.customer_update.name === 'auto') customer.name = who.name;
  tx.put(customer);
  tx.emit('customer.updated', customer);
  return customer;
}
