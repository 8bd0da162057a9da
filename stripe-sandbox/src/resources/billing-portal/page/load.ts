import type { Doc, PageAnswer, PageRequest, Params, Tx } from '../../../kernel/types.ts';
import { savedCards } from '../../../pages/card-form.ts';
import { messagePage } from '../../../pages/layout.ts';

/** A portal session is a link of an hour. */
const LIFE_SECONDS = 3600;
const INVOICES = 24;
const SUBSCRIPTIONS = 50;
const TAX_IDS = 20;
/** Statuses in which a subscription has ended. */
const OVER = ['canceled', 'incomplete_expired'];

export type Shown = {
  account: string;
  merchant: string;
  session: Doc;
  profile: { headline: string | null; privacy_policy_url: string | null; terms_of_service_url: string | null };
  country: string;
  features: Record<string, Params>;
  customer: Doc;
  taxIds: Doc[];
  cards: Doc[];
  subscriptions: Doc[];
  /** Product id → name, for the subscriptions' items. */
  names: Record<string, string>;
  invoices: Doc[];
};

/** The portal session with everything its page shows; null when it is unknown or over. */
export async function loadPortal(rq: PageRequest): Promise<Shown | null> {
  const found = await rq.find(rq.path.session ?? '');
  if (found === null || found.doc.object !== 'billing_portal.session') return null;
  return rq.transaction(found.account, async (tx) => {
    const session = await tx.require('billing_portal.session', found.doc.id);
    const customer = await tx.get(session.customer, { object: 'customer' });
    if (customer === undefined || session.created + LIFE_SECONDS < tx.now(session)) return null;
    const configuration = await tx.require('billing_portal.configuration', session.configuration);
    const subscriptions = await tx.query({
      object: 'subscription',
      where: { customer: customer.id },
      filter: (one) => !OVER.includes(one.status),
      limit: SUBSCRIPTIONS,
    });
    const names = await productNames(tx, subscriptions);
    const invoices = await tx.query({
      object: 'invoice',
      where: { customer: customer.id },
      filter: (one) => one.hosted_invoice_url !== null,
      limit: INVOICES,
    });
    const { name: merchant, country } = tx.account.settings;
    return {
      account: found.account,
      merchant,
      country,
      session,
      profile: configuration.business_profile,
      taxIds: await tx.query({ object: 'tax_id', where: { customer: customer.id }, order: 'oldest', limit: TAX_IDS }),
      features: configuration.features,
      customer,
      cards: await savedCards(tx, customer),
      subscriptions,
      names,
      invoices,
    };
  });
}

export function closed(): PageAnswer {
  return messagePage({ status: 404, title: 'This link has expired', text: 'Open the billing page again from where you came.' });
}

export function purposeOf(session: Doc): string {
  return `portal ${session.id}`;
}

async function productNames(tx: Tx, subscriptions: Doc[]): Promise<Record<string, string>> {
  const names: Record<string, string> = {};
  for (const subscription of subscriptions) {
    for (const item of subscription.items.data) {
      const product = await tx.get(item.price.product, { object: 'product', deleted: true });
      if (product !== undefined) names[product.id] = product.name;
    }
  }
  return names;
}

/** One of the customer's own running subscriptions; null for any other id. */
export function ownSubscription(shown: Shown, id: string): Doc | null {
  return shown.subscriptions.find((one) => one.id === id) ?? null;
}

/** The flow still to be done; once it is done the portal is an ordinary one. */
export function openFlow({ session }: Shown): Params | null {
  return session._flow_done === true ? null : session.flow;
}
