import type { Sdk } from '../providers/stripe/index.ts';
import { GOOD_CARD, PEOPLE, type PersonKey, PLANS, type PlanKey, PRODUCTS, type ProductKey } from './company.ts';

/** The company in Stripe, as it grows. */
export type Cast = {
  stripe: Sdk;
  prices: Record<PlanKey, string>;
  customers: Partial<Record<PersonKey, string>>;
  subscriptions: Partial<Record<PersonKey, string>>;
};

/** Something that happens in Stripe, done by the official SDK as any integration would. */
export type Act = (cast: Cast) => Promise<void>;

/** Makes the products and prices; nobody has bought anything yet. */
export async function openCompany(stripe: Sdk): Promise<Cast> {
  const products = {} as Record<ProductKey, string>;
  for (const key of Object.keys(PRODUCTS) as ProductKey[]) products[key] = (await stripe.products.create(PRODUCTS[key])).id;
  const prices = {} as Record<PlanKey, string>;
  for (const key of Object.keys(PLANS) as PlanKey[]) {
    const { product, name, amount, interval } = PLANS[key];
    const params = { product: products[product], nickname: name, currency: 'usd', unit_amount: amount, recurring: { interval } };
    prices[key] = (await stripe.prices.create(params)).id;
  }
  return { stripe, prices, customers: {}, subscriptions: {} };
}

/** A new customer with a good card subscribes. */
export function subscribe(person: PersonKey, plans: PlanKey[], a: { trialDays?: number } = {}): Act {
  return async (cast) => {
    const { name, email, country, city } = PEOPLE[person];
    const customer = await cast.stripe.customers.create({
      name,
      email,
      address: { city, country },
      payment_method: GOOD_CARD,
      invoice_settings: { default_payment_method: GOOD_CARD },
    });
    cast.customers[person] = customer.id;
    const items = plans.map((plan) => ({ price: cast.prices[plan] }));
    const trial = a.trialDays ? { trial_period_days: a.trialDays } : {};
    cast.subscriptions[person] = (await cast.stripe.subscriptions.create({ customer: customer.id, items, ...trial })).id;
  };
}

/** Asks to end with the period that is paid (or tried) already. */
export function cancelAtPeriodEnd(person: PersonKey): Act {
  return async (cast) => {
    await cast.stripe.subscriptions.update(known(cast.subscriptions[person], person), { cancel_at_period_end: true });
  };
}

/** Moves to another plan at once and pays the difference for the rest of the period. */
export function changePlan(person: PersonKey, plan: PlanKey): Act {
  return async (cast) => {
    const id = known(cast.subscriptions[person], person);
    const item = (await cast.stripe.subscriptions.retrieve(id)).items.data[0];
    const items = [{ id: known(item?.id, person), price: cast.prices[plan] }];
    await cast.stripe.subscriptions.update(id, { items, proration_behavior: 'always_invoice' });
  };
}

/** Saves another card and makes it the one that is charged. */
export function replaceCard(person: PersonKey, card: string): Act {
  return async (cast) => {
    const customer = known(cast.customers[person], person);
    const method = await cast.stripe.paymentMethods.attach(card, { customer });
    await cast.stripe.customers.update(customer, { invoice_settings: { default_payment_method: method.id } });
  };
}

/** Gives back a part of the newest paid invoice, in cents. */
export function refund(person: PersonKey, amount: number): Act {
  return async (cast) => {
    const invoices = await cast.stripe.invoices.list({ customer: known(cast.customers[person], person), status: 'paid', limit: 1 });
    const payments = await cast.stripe.invoicePayments.list({ invoice: known(invoices.data[0]?.id, person), status: 'paid' });
    const intent = payments.data[0]?.payment.payment_intent;
    const id = typeof intent === 'string' ? intent : intent?.id;
    await cast.stripe.refunds.create({ payment_intent: known(id, person), amount, reason: 'requested_by_customer' });
  };
}

function known(id: string | undefined, person: PersonKey): string {
  if (id === undefined) throw new Error(`the story is told in the wrong order: ${person} has not come that far`);
  return id;
}
