/**
 * Lifts an object recorded from an older API version to the shape of today, by the table of what changed (basil, clover, dahlia, endive).
 * For tests only: the product itself never reads an old shape as state, it asks Stripe again.
 */
// biome-ignore lint/suspicious/noExplicitAny: recordings are open JSON of many versions
type Doc = Record<string, any>;

/** The lifted object and what it implies since basil (invoice payments, refunds); null for what has no id or a kind nobody lifts. */
export function liftStripeObject(recorded: Doc): Doc[] {
  if (typeof recorded.id !== 'string') return [];
  const lift = LIFTS[String(recorded.object ?? guessedObject(recorded))];
  return lift ? lift(structuredClone(recorded)) : [];
}

/** Bare customers for ids that lifted objects name and nobody recorded, so that what hangs on them can be mirrored. */
export function missingCustomers(docs: readonly Doc[]): Doc[] {
  const known = new Set(docs.filter((doc) => doc.object === 'customer').map((doc) => doc.id));
  const named = new Map<string, Doc>();
  for (const doc of docs) {
    const id = typeof doc.customer === 'string' ? doc.customer : null;
    if (id === null || known.has(id) || named.has(id)) continue;
    named.set(id, {
      id,
      object: 'customer',
      created: doc.created,
      livemode: false,
      email: doc.customer_email ?? null,
      name: doc.customer_name ?? null,
      metadata: {},
      invoice_settings: { default_payment_method: null },
      balance: 0,
    });
  }
  return [...named.values()];
}

const LIFTS: Record<string, (doc: Doc) => Doc[]> = {
  customer: (doc) => [
    {
      metadata: {},
      ...doc,
      deleted: undefined,
      default_source: null,
      invoice_settings: { ...doc.invoice_settings, default_payment_method: null },
    },
  ],
  product: (doc) => [doc],
  price: (doc) => [liftPrice(doc)],
  subscription: (doc) => [liftSubscription(doc)],
  invoice: liftInvoice,
  invoice_payment: (doc) => [doc],
  payment_intent: liftIntent,
  charge: liftCharge,
  refund: (doc) => [doc],
  dispute: (doc) => [doc],
  'checkout.session': (doc) => [doc],
};

/** pay's recordings leave `object` out of a few charges. */
function guessedObject(doc: Doc): string {
  return String(doc.id).startsWith('ch_') ? 'charge' : '';
}

function liftPrice(doc: Doc): Doc {
  const amount = doc.unit_amount_decimal ?? doc.amount_decimal ?? doc.unit_amount ?? doc.amount;
  const recurring =
    doc.recurring ??
    (doc.interval ? { interval: doc.interval, interval_count: doc.interval_count ?? 1, usage_type: doc.usage_type ?? 'licensed' } : null);
  return {
    ...doc,
    object: 'price',
    type: recurring ? 'recurring' : 'one_time',
    recurring,
    unit_amount_decimal: amount === null || amount === undefined ? null : String(amount),
  };
}

/** basil: the period moved to the items; before 2019 the item held a plan and the subscription `billing` and `start`. */
function liftSubscription(doc: Doc): Doc {
  const items = (doc.items?.data ?? []).map((item: Doc) => ({
    ...item,
    price: liftPrice({ ...item.plan, ...item.price }),
    current_period_start: item.current_period_start ?? doc.current_period_start,
    current_period_end: item.current_period_end ?? doc.current_period_end,
  }));
  return {
    ...doc,
    object: 'subscription',
    collection_method: doc.collection_method ?? doc.billing ?? 'charge_automatically',
    currency: doc.currency ?? items[0]?.price.currency,
    start_date: doc.start_date ?? doc.start ?? doc.created,
    latest_invoice: null,
    default_payment_method: null,
    items: { object: 'list', has_more: false, url: `/v1/subscription_items?subscription=${doc.id}`, data: items },
  };
}

/** basil: parent instead of subscription, payments instead of charge and payment_intent, taxes and line pricing renamed. */
function liftInvoice(doc: Doc): Doc[] {
  if (doc.status === undefined || doc.status === null) return [];
  const intent = typeof doc.payment_intent === 'string' ? doc.payment_intent : null;
  const lifted: Doc = {
    ...doc,
    effective_at: doc.effective_at ?? doc.status_transitions?.finalized_at ?? null,
    status_transitions: doc.status_transitions ?? { finalized_at: null, paid_at: null, marked_uncollectible_at: null, voided_at: null },
    amount_remaining: doc.amount_remaining ?? doc.amount_due - doc.amount_paid,
    total_taxes: doc.total_taxes ?? doc.total_tax_amounts ?? [],
    parent:
      doc.parent ??
      (doc.subscription
        ? { type: 'subscription_details', quote_details: null, subscription_details: { subscription: doc.subscription, metadata: {} } }
        : null),
    lines: { ...doc.lines, object: 'list', has_more: false, data: (doc.lines?.data ?? []).map(liftLine) },
    payments: undefined,
  };
  if (intent === null) return [lifted];
  const paid = doc.status === 'paid';
  const payment = {
    id: `inpay_${String(doc.id).replace(/^in_/, '')}`,
    object: 'invoice_payment',
    created: doc.created,
    invoice: doc.id,
    is_default: true,
    livemode: false,
    currency: doc.currency,
    amount_requested: doc.amount_due,
    amount_paid: paid ? doc.amount_paid : null,
    payment: { type: 'payment_intent', payment_intent: intent },
    status: paid ? 'paid' : doc.status === 'void' ? 'canceled' : 'open',
    status_transitions: { paid_at: lifted.status_transitions.paid_at, canceled_at: null },
  };
  return [lifted, payment];
}

function liftLine(line: Doc): Doc {
  const price = line.price ?? line.plan;
  const ofItem = line.type === 'subscription' || line.subscription_item;
  return {
    ...line,
    pricing:
      line.pricing ??
      (price
        ? {
            type: 'price_details',
            price_details: { price: price.id, product: price.product },
            unit_amount_decimal: liftPrice(price).unit_amount_decimal,
          }
        : null),
    parent:
      line.parent ??
      (ofItem
        ? {
            type: 'subscription_item_details',
            invoice_item_details: null,
            subscription_item_details: { subscription_item: line.subscription_item ?? null, proration: line.proration === true },
          }
        : { type: 'invoice_item_details', subscription_item_details: null, invoice_item_details: { proration: line.proration === true } }),
    taxes: line.taxes ?? line.tax_amounts ?? [],
  };
}

/** 2022-11-15: the list of charges became `latest_charge`. */
function liftIntent(doc: Doc): Doc[] {
  const charge = doc.charges?.data?.at(-1) ?? null;
  const latest = typeof doc.latest_charge === 'string' ? doc.latest_charge : (charge?.id ?? null);
  const lifted = { ...doc, charges: undefined, latest_charge: charge ? latest : null, payment_method: null };
  return charge ? [lifted, ...liftCharge(charge)] : [lifted];
}

/** 2022-11-15: refunds are no longer part of their charge. */
function liftCharge(doc: Doc): Doc[] {
  const refunds = (doc.refunds?.data ?? []).map((refund: Doc) => ({ ...refund, charge: doc.id, payment_intent: null }));
  return [{ ...doc, object: 'charge', refunds: undefined, payment_method: null }, ...refunds];
}
