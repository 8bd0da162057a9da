/** The customer behind a session: the given one, or one made when the purchase needs it. */
import type { Doc, Params, Tx } from '../../kernel/types.ts';
import { createCustomer } from '../customers/create.ts';
import { addTaxId } from '../tax-ids/add.ts';

/** What the buyer told the page; parts that were not asked for are absent. */
export type Buyer = {
  email: string;
  name: string;
  phone?: string;
  /** All six fields. */
  address?: Params;
  shipping?: { name: string; address: Params };
  business_name?: string;
  individual_name?: string;
  tax_id?: { type: string; value: string };
  /** Answers to custom fields, by key. */
  custom?: Record<string, string>;
  promotions?: 'opt_in' | 'opt_out';
  /** Keep the card for later purchases. */
  save?: boolean;
};

/** Null where a guest may pay (payment and setup mode, unless asked for). A customer made at an earlier try is used again. */
export async function buyerOf(tx: Tx, session: Doc, who: Buyer): Promise<Doc | null> {
  const id: string | undefined = session.customer ?? session._customer;
  if (id !== undefined && id !== null) return updated(tx, { session, customer: await tx.require('customer', id), who });
  if (!needsCustomer(session, who)) return null;
  const customer = await createCustomer({
    tx,
    params: { ...knownOf(who), ...(who.tax_id === undefined ? {} : { tax_id_data: [who.tax_id] }) },
  });
  session._customer = customer.id;
  tx.put(session);
  return customer;
}

function needsCustomer(session: Doc, who: Buyer): boolean {
  if (session.mode === 'subscription' || session.customer_creation === 'always' || who.save === true) return true;
  return session.mode === 'payment' && session._data.payment_intent_data.setup_future_usage !== undefined;
}

/** A business is the customer's name [docs.stripe.com/tax/checkout/tax-ids]. */
function knownOf(who: Buyer): Params {
  const known: Params = { email: who.email, name: who.business_name ?? who.individual_name ?? who.name };
  for (const name of ['phone', 'address', 'shipping', 'business_name', 'individual_name'] as const)
    if (who[name] !== undefined) known[name] = who[name];
  return known;
}

/** A given customer keeps its e-mail, and name, address and shipping unless `customer_update` says `auto`. Emits customer.updated when something changed. */
async function updated(tx: Tx, input: { session: Doc; customer: Doc; who: Buyer }): Promise<Doc> {
  const { session, customer, who } = input;
  const own = session.customer === null;
  const update: Params = session._data.customer_update;
  const known = knownOf(who);
  const wanted: Params = {};
  if (own || customer.email === null) wanted.email = known.email;
  if (own || update.name === 'auto')
    for (const name of ['name', 'business_name', 'individual_name']) if (known[name] !== undefined) wanted[name] = known[name];
  if (known.phone !== undefined) wanted.phone = known.phone;
  if ((own || update.address === 'auto') && known.address !== undefined) wanted.address = known.address;
  if ((own || update.shipping === 'auto') && known.shipping !== undefined)
    wanted.shipping = { ...known.shipping, phone: known.phone ?? null };
  if (Object.entries(wanted).some(([name, value]) => JSON.stringify(customer[name] ?? null) !== JSON.stringify(value))) {
    Object.assign(customer, wanted);
    tx.put(customer);
    tx.emit('customer.updated', customer);
  }
  await addOnce(tx, customer, who.tax_id);
  return customer;
}

/** A second try, or a tax id the customer has already, adds nothing. */
async function addOnce(tx: Tx, customer: Doc, given: Buyer['tax_id']): Promise<void> {
  if (given === undefined) return;
  const known = await tx.query({ object: 'tax_id', where: { customer: customer.id } });
  if (known.some((one) => one.type === given.type && one.value === given.value)) return;
  addTaxId(tx, { customer, ...given });
}
